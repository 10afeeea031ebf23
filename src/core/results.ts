// What every command returns, and prints with `--json`: the shapes of the contract. Paths are relative to the base.
import type { ModelUsage } from './compiled.ts'
import type { Failure } from './errors.ts'

export type AddedDocument = { name: string; path: string; sha256: string; commit: string; pages?: number; model?: ModelUsage }
export type SkipReason = 'duplicate' | 'unchanged' | 'unsupported'
export type SkippedSource = { path: string; reason: SkipReason; name?: string }
export type FailedSource = { path: string; error: Failure }

export type AddResult = {
  added: AddedDocument[]
  updated: AddedDocument[]
  skipped: SkippedSource[]
  failed: FailedSource[]
  /** Hidden files, `.git` folders, symlinks and special files met in folders. */
  ignored: number
  overview: { pages: number; commit?: string; error?: Failure }
  model: ModelUsage
  /** Commits before and after. */
  base: string
  head: string
  elapsedMs: number
  /** With `--dry-run`: nothing was written. */
  dryRun?: boolean
  /** Estimated with `--dry-run` and a model. */
  estimatedTokens?: number
  /** The user's own edits that were found on pages and committed first, and files left alone, by path. */
  edits?: { commits: string[]; kept: string[] }
  /** Why the run ended before its end. */
  stopped?: { code: string; message: string; hint?: string }
}

export type ListedDocument = {
  name: string
  title: string
  sha256: string
  format: string
  kind: 'short' | 'long'
  pages?: number
  origin: string
  raw: string
  source: string
  tree?: string
  summary: string
  addedAt: string
  commit: string
}
export type ListedTopic = { name: string; path: string; sources: number }
export type ListResult = { documents: ListedDocument[]; concepts: ListedTopic[]; entities: ListedTopic[] }

export type StatusResult = {
  root: string
  head: string
  branch: string | null
  documents: number
  concepts: number
  entities: number
  /** Intents that a dead run left. */
  journal: number
  quarantined: number
  staging: number
  sidecar: { ok: boolean; documents: number; bytes: number }
  hooks: Record<string, 'installed' | 'absent' | 'outdated'>
  /** Of unfinished runs: documents that were prepared or that failed, and topic pages whose overview is due. */
  pending: { path: string }[]
  failed: FailedSource[]
  overviewDue: string[]
}

export type SearchHit = {
  page: string
  kind: string
  name: string
  document?: string
  heading?: string
  pageNumber?: number
  score: number
  snippet: string
}
export type SearchResult = { query: string; at: string; hits: SearchHit[] }

export type Citation = { page: string; document: string; pageNumber?: number; quote: string }
export type QueryResult = { question: string; at: string; answer: string; citations: Citation[]; model: string | null; saved?: string; commit?: string }

export type RecoverResult = { rolledForward: number; rolledBack: number; quarantined: number; reaped: number; indexed: number }

export type FsckProblem = { code: string; path: string; message: string; fix?: string }
export type FsckResult = { ok: boolean; checked: Record<string, number>; problems: FsckProblem[] }

export type LogCommit = { commit: string; date: string; author: string; operation: string; documents: string[]; message: string }
export type LogResult = { commits: LogCommit[] }

export type BlameLine = { line: number; text: string; commit: string; operation: string; document?: string; model?: string; date: string; author: string }
export type BlameResult = { page: string; lines: BlameLine[] }

export type InitResult = { root: string; commit: string | null; created: string[]; hooks: Record<string, 'installed' | 'absent' | 'outdated'> }
export type RemoveResult = { name: string; commit: string | null; deleted: string[]; changed: string[]; dryRun: boolean }

/** What a long command tells while it works. Counts are of documents. */
export type Progress =
  | { kind: 'scan'; files: number; bytes: number }
  | { kind: 'planned'; total: number; skipped: number }
  | { kind: 'prepare'; path: string; worker: number }
  | { kind: 'compile'; path: string; worker: number }
  | { kind: 'done'; path: string; outcome: 'added' | 'updated' | 'skipped' | 'failed'; done: number; total: number; message?: string }
  | { kind: 'overview'; pages: number }
