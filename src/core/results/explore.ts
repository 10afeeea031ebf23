// The graph of a base: its documents, topics and themes, and what joins them.
import type { LogCommit } from './read.ts'

export type GraphNodeKind = 'document' | 'concept' | 'entity' | 'theme'

export type GraphNode = {
  /** Where its page is: the path from `wiki/`, without `.md`, as wikilinks have it. */
  id: string
  kind: GraphNodeKind
  title: string
  /** Of a document: its topics. Of a topic: documents with a section on it. Of a theme: documents that belong to it. */
  size: number
  /** The id of the theme that it belongs to. */
  theme?: string | undefined
}

/**
 * `topic`: a document has a section on a topic. `together`: two topics share documents. `theme`: a theme's page lists a
 * document or topic. `link`: the text of a document links another one. `attachment`: a message has a document attached.
 */
export type GraphEdgeKind = 'topic' | 'together' | 'theme' | 'link' | 'attachment'

export type GraphEdge = {
  from: string
  to: string
  kind: GraphEdgeKind
  /**
   * Of `topic`: 1 for the main topic of the document, less further down its list. Of `together`: the number of documents.
   * Of `link`: the number of links. Otherwise 1.
   */
  weight: number
}

export type Graph = {
  /** The commit that was read. */
  at: string
  /** By kind, then id. */
  nodes: GraphNode[]
  /** By kind, then ids. */
  edges: GraphEdge[]
}

export type TimelineCommit = {
  commit: string
  date: string
  author: string
  operation: string
  documents: string[]
  /** Its subject, without kbgit's trailers. */
  message: string
}

/** What one run of kbgit did, or what one person did in a day by other means. */
export type TimelineEntry = {
  /** Absent: the commits were not made by kbgit. */
  run?: string | undefined
  /** Dates of its first and last commit, ISO 8601. */
  from: string
  to: string
  authors: string[]
  /** In words. */
  text: string
  /** Names of documents. */
  added: string[]
  updated: string[]
  recompiled: string[]
  removed: string[]
  /** Pages whose overview was written. */
  overviews: number
  /** Commits with a person's edits. */
  edits: number
  /** Newest first. */
  commits: TimelineCommit[]
  /** The commit before its first one; null if that was the first of all. */
  before: string | null
}

export type Timeline = {
  at: string
  /** Newest first. */
  entries: TimelineEntry[]
}

export type ChangedDocument = {
  name: string
  title: string
  /** Of the summary. Of a removed document, in the earlier commit. */
  page: string
  /** The newest commit that names it. */
  commit?: string | undefined
  date?: string | undefined
}

export type ChangedTopic = {
  kind: 'concept' | 'entity' | 'theme'
  title: string
  page: string
  /** Documents with a section on it, before and after; of a theme, documents that its page lists. */
  before: number
  after: number
}

export type PersonEdit = { commit: string; date: string; author: string; message: string; pages: string[] }

export type ChangesResult = {
  /** The commit that was compared with `at`; null if there was no base yet. */
  since: { commit: string; date: string } | null
  at: string
  /** Between the two. */
  commits: number
  authors: string[]
  documents: { added: ChangedDocument[]; updated: ChangedDocument[]; removed: ChangedDocument[] }
  /** `changed`: the number of documents differs. `rewritten`: only the text differs. */
  topics: { added: ChangedTopic[]; changed: ChangedTopic[]; removed: ChangedTopic[]; rewritten: number }
  /** What people changed in pages, newest first. */
  edits: PersonEdit[]
}

/** The commits that changed a page, newest first; `total` counts those too that are left out. */
export type PageVersions = { total: number; commits: LogCommit[] }

/** A piece of a line; `changed` if the other version does not have it. */
export type DifferencePart = { text: string; changed: boolean }
/** `line` counts from 1 in its version. */
export type DifferenceLine = { line: number; parts: DifferencePart[] }
export type DifferenceRow =
  | { kind: 'same'; before: DifferenceLine; after: DifferenceLine }
  | { kind: 'changed'; before: DifferenceLine; after: DifferenceLine }
  | { kind: 'removed'; before: DifferenceLine }
  | { kind: 'added'; after: DifferenceLine }

/** A page in two commits. `from` or `to` is null if the page does not exist there. */
export type Comparison = {
  page: string
  from: { commit: string; date: string } | null
  to: { commit: string; date: string } | null
  /** Words that only one version has. */
  removed: number
  added: number
  rows: DifferenceRow[]
}
