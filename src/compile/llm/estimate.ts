// The cost of model calls, without making them.
import type { Prepared } from '../../core/document/prepared.ts'
import type { Model, ObjectRequest } from '../../io/model/model.ts'
import { LONG_PART_CHARACTERS, LONG_PARTS_MAX, SHORT_PART_CHARACTERS } from './document-text.ts'
import type { Asker } from './questions.ts'

/** Calls that would be made, and their tokens; cached answers do not count. */
export type TokenEstimate = { calls: number; cachedAnswers: number; promptTokens: number; completionTokens: number }

/** UTF-8 bytes per token: between English (about 4.5) and Chinese (about 3), erring towards too many tokens. */
const BYTES_PER_TOKEN = 3.6
/** Tokens of the instructions, the schema and the message around a document. */
const FRAME_TOKENS = 900
/** Tokens of a typical answer. */
const ANSWER_TOKENS = 1_300

/** From sizes alone, in bytes: for a document that is not prepared yet. */
export function estimateTokens({ textSize, kind }: Pick<Prepared, 'textSize' | 'kind'>): TokenEstimate {
  const part = kind === 'long' ? LONG_PART_CHARACTERS : SHORT_PART_CHARACTERS
  const parts = Math.min(Math.max(1, Math.ceil(textSize / part)), kind === 'long' ? LONG_PARTS_MAX : 2)
  const calls = kind === 'long' ? parts + 1 : parts
  const read = Math.min(textSize, parts * part)
  const promptTokens = Math.ceil(read / BYTES_PER_TOKEN) + calls * FRAME_TOKENS
  return { calls, cachedAnswers: 0, promptTokens, completionTokens: calls * ANSWER_TOKENS }
}

/** Characters per page of text, as far as sizes can tell. */
const PAGE_CHARACTERS = 3_000
/** Share of a file's bytes that is text, for formats in which it is not most of them. */
const TEXT_SHARES: [extensions: RegExp, share: number][] = [
  [/^\.(?:md|markdown|txt|csv|tsv|json|rtf)$/, 1],
  [/^\.(?:html?|xml|rss|ipynb|eml|docx|odt|epub)$/, 0.4],
  [/^\.(?:pdf|pptx?|odp|xlsx?|ods|msg)$/, 0.06],
]

/**
 * For an unopened file: its size in bytes, its extension with the dot, and the number of pages from which it is long.
 */
export function estimateFileTokens(file: { size: number; extension: string }, longPages: number): TokenEstimate {
  const share = TEXT_SHARES.find(([extensions]) => extensions.test(file.extension))?.[1] ?? 0.4
  const textSize = Math.ceil(file.size * share)
  return estimateTokens({ textSize, kind: textSize < longPages * PAGE_CHARACTERS ? 'short' : 'long' })
}

/** Runs through the questions with cached answers. A question that depends on a missing answer counts as a call. */
export async function estimateCost(model: Model, work: (ask: Asker) => Promise<unknown>): Promise<TokenEstimate> {
  const estimate: TokenEstimate = { calls: 0, cachedAnswers: 0, promptTokens: 0, completionTokens: 0 }
  const signal = new AbortController().signal
  const ask = async <T>(request: Omit<ObjectRequest<T>, 'signal' | 'usage' | 'label'>): Promise<T> => {
    const answer = await model.cached({ ...request, label: '', signal })
    if (answer !== undefined) {
      estimate.cachedAnswers++
      return answer
    }
    estimate.calls++
    estimate.promptTokens += Math.ceil(
      Buffer.byteLength(`${request.system}${request.prompt}${request.hints ?? ''}`) / BYTES_PER_TOKEN,
    )
    estimate.completionTokens += ANSWER_TOKENS
    // Placeholder answer: empty lists and strings, which every reader of answers accepts.
    return { title: '', description: '', summary: '', keyPoints: [], topics: [], sections: [] } as T
  }
  await work(ask)
  return estimate
}
