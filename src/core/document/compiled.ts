// What a compiler makes of one document: values that do not depend on the rest of the base.
import type { Place, TopicKind } from './document.ts'
import type { Failure } from '../errors.ts'

export type OutlineEntry = {
  title: string
  /** 1 is the top level. */
  level: number
  /** Physical pages from 1, ends inclusive; absent if the document has no pages. */
  startPage?: number | undefined
  endPage?: number
}

export type Quote = { text: string; place?: Place | undefined }

/** One document's contribution to a concept or entity page: one section. */
export type Contribution = {
  kind: TopicKind
  /** As displayed. */
  name: string
  /** Topics with equal keys share one page: see `topicKey` in core/page/topic.ts. */
  key: string
  aliases: string[]
  /** Further keys under which a page of the topic may be found, such as those of its inflections. */
  variants?: string[] | undefined
  /** One of `entity_types`, for entities. */
  type?: string | undefined
  /** Salience within the document, 0 to 1; a topic of weight 0 is only mentioned. */
  weight: number
  /** One line: what the topic is, if the document says so. */
  description?: string | undefined
  /** Sanitized Markdown without headings: what this document says about it. */
  says: string
  quotes: Quote[]
}

export type Compiled = {
  /** `builtin@<version>` or `llm@<version>`. */
  compiler: string
  /** `provider/model`, if a model wrote it. */
  model?: string | undefined
  title: string
  /** What the document is about, one line. */
  description: string
  /** BCP 47, lower case; absent if it cannot be detected. */
  language?: string | undefined
  /** A few sentences of sanitized Markdown without headings, if a model wrote them. */
  summary?: string | undefined
  keyPoints: Quote[]
  /** A model's summaries of the nodes of a long document's tree, for `summary` in its tree file. */
  nodeSummaries?: NodeSummary[]
  outline: OutlineEntry[]
  /** Heaviest first. */
  contributions: Contribution[]
  usage?: ModelUsage | undefined
}

export type CompileReply = { ok: true; compiled: Compiled } | { ok: false; failure: Failure }

export type NodeSummary = { nodeId: string; summary: string }

/** Answered calls, retried calls, answers found in the cache, and tokens as the provider counts them. */
export type ModelUsage = {
  calls: number
  retries: number
  cachedAnswers: number
  promptTokens: number
  cachedTokens: number
  completionTokens: number
}

export function emptyUsage(): ModelUsage {
  return { calls: 0, retries: 0, cachedAnswers: 0, promptTokens: 0, cachedTokens: 0, completionTokens: 0 }
}

/** Adds `from` to `into`. */
export function addUsage(into: ModelUsage, from: Partial<ModelUsage>): void {
  into.calls += from.calls ?? 0
  into.retries += from.retries ?? 0
  into.cachedAnswers += from.cachedAnswers ?? 0
  into.promptTokens += from.promptTokens ?? 0
  into.cachedTokens += from.cachedTokens ?? 0
  into.completionTokens += from.completionTokens ?? 0
}

/** The line in a commit message about token usage; empty if no model was called. */
export function tokensTrailer({
  calls,
  promptTokens,
  completionTokens,
}: Pick<ModelUsage, 'calls' | 'promptTokens' | 'completionTokens'>): [string, string][] {
  return calls === 0 ? [] : [['Kbgit-Tokens', `${promptTokens} prompt, ${completionTokens} completion`]]
}
