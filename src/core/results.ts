// What every command returns and prints with `--json`: the shapes of the contract. Paths are relative to the base.
import type { ModelUsage } from './document/compiled.ts'
import type { DocumentWarning } from './document/prepared.ts'
import type { ErrorCode, Failure } from './errors.ts'

export type AddedDocument = {
  name: string
  path: string
  sha256: string
  commit: string
  pages?: number | undefined
  model?: ModelUsage | undefined
  warnings?: DocumentWarning[] | undefined
}
export type SkipReason = 'duplicate' | 'unchanged' | 'unsupported'
export type SkippedSource = {
  path: string
  reason: SkipReason
  name?: string | undefined
  /** The document's original was missing or altered in this clone, and this file took its place. */
  restored?: true
  /** The commit that put it back, if git holds the original. */
  commit?: string
}
export type FailedSource = { path: string; error: Failure }

/** Why a run stopped early. `code` is an `ErrorCode`. */
export type Stopped = { code: ErrorCode; message: string; hint?: string | undefined }

export type AddResult = {
  added: AddedDocument[]
  updated: AddedDocument[]
  skipped: SkippedSource[]
  failed: FailedSource[]
  /** Hidden files, `.git` folders, symlinks and special files found in folders. */
  ignored: number
  /** The same by reason: `hidden`, `special`, `excluded`, `gitignored`, `own` (files of this base), `base` (another base), `packages`. */
  leftOut?: Partial<Record<string, number>>
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
  /** The user's own edits to pages that were committed first, and files left alone, by path. */
  edits?: { commits: string[]; kept: string[] }
  /** Of the documents of this run, if git has only pointers to some originals. */
  large?: LargeOriginals
  stopped?: Stopped
  /** Documents whose source is gone, with `add --prune`. */
  removed?: PruneResult['removed'] | undefined
}

export type ListedDocument = {
  name: string
  title: string
  sha256: string
  format: string
  kind: 'short' | 'long'
  pages?: number | undefined
  origin: string
  raw: string
  source: string
  tree?: string | undefined
  summary: string
  addedAt: string
  commit: string
}
export type ListedTopic = { name: string; path: string; sources: number }
export type ListResult = { documents: ListedDocument[]; concepts: ListedTopic[]; entities: ListedTopic[] }

/**
 * How many large originals no `git push` of this clone sends, and why: git-lfs is `absent` or `broken`, or `unhooked`:
 * its hook or kbgit's is not installed.
 */
export type LargeOriginals = { onlyHere: number; gitLfs: 'ready' | 'absent' | 'broken' | 'unhooked' }

/** Hook name to state. */
export type HookStates = Record<string, 'installed' | 'absent' | 'outdated'>

export type StatusResult = {
  root: string
  head: string
  branch: string | null
  documents: number
  concepts: number
  entities: number
  /** Intents left by a run that died. */
  journal: number
  quarantined: number
  staging: number
  sidecar: { ok: boolean; documents: number; bytes: number }
  hooks: HookStates
  /** Whether git merges pages in this clone by kbgit's merge driver. */
  mergeDriver: boolean
  /** A git operation that keeps kbgit from writing, e.g. `a merge`. */
  inProgress?: string | undefined
  /** Of unfinished runs: documents that were prepared or that failed, and topic pages whose overview is due. */
  pending: { path: string }[]
  failed: FailedSource[]
  overviewDue: string[]
  /** Documents that a merge gave another name, and whose files are still to come in, from these commits. */
  displaced: { name: string; commit: string }[]
  /** Paths, relative to the base, that differ on disk from the commit. `altered`: files that are not for editing. */
  worktree?: { deleted: string[]; edited: string[]; altered: string[] }
  /** Documents whose source is no longer there, is no longer what was added, or was found under another path. */
  sources?: {
    gone: { name: string; path: string }[]
    changed: { name: string; path: string }[]
    moved: { name: string; from: string; path: string }[]
  }
  /** Documents whose committed original is not what was added, and how many large originals are not in this clone. */
  originals?: { altered: { name: string; path: string }[]; absent: number; large?: LargeOriginals }
  /** What to do next, if anything. */
  next?: { command: string; args: string[]; reason: string } | undefined
}

export type ShowResult = { page: string; kind: string; at: string; text: string }

export type SearchHit = {
  page: string
  kind: string
  name: string
  document?: string
  heading?: string | undefined
  pageNumber?: number | undefined
  score: number
  snippet: string
}
export type SearchResult = { query: string; at: string; hits: SearchHit[] }

export type Citation = { page: string; document: string; pageNumber?: number | undefined; quote: string }
export type QueryResult = {
  question: string
  at: string
  answer: string
  citations: Citation[]
  model: string | null
  saved?: string
  commit?: string
}

export type RecoverResult = {
  rolledForward: number
  rolledBack: number
  quarantined: number
  reaped: number
  indexed: number
  /** Large originals of earlier versions that git-lfs can store now. */
  migrated?: number
  /** Documents that a merge gave another name, and whose files came in now. */
  broughtIn: string[]
}

export type FsckProblem = { code: string; path: string; message: string; fix?: string | undefined }
export type FsckResult = {
  ok: boolean
  checked: Record<string, number>
  problems: FsckProblem[]
  /** Large originals whose bytes are not in this clone. That is a choice, not a problem. */
  absent?: { name: string; path: string }[]
}

export type LogCommit = {
  commit: string
  date: string
  author: string
  operation: string
  documents: string[]
  message: string
}
export type LogResult = { commits: LogCommit[] }

export type BlameLine = {
  line: number
  text: string
  commit: string
  operation: string
  document?: string | undefined
  model?: string | undefined
  date: string
  author: string
}
export type BlameResult = { page: string; lines: BlameLine[] }

export type InitResult = { root: string; commit: string | null; created: string[]; hooks: HookStates }
export type RemoveResult = {
  name: string
  commit: string | null
  deleted: string[]
  changed: string[]
  dryRun: boolean
}

/** A commit in the words of documents. */
export type CommitRef = { commit: string; operation: string; documents: string[] }
export type PruneResult = {
  /** `path`: the source that is gone. `commit` is null in a dry run. */
  removed: { name: string; path: string; commit: string | null }[]
  dryRun: boolean
}

export type UndoResult = {
  /** What was undone, newest first. */
  runs: { id: string; date: string; commits: CommitRef[] }[]
  commit: string | null
  deleted: string[]
  changed: string[]
  /** Commits of these runs that were left as they are. */
  left: (CommitRef & { reason: string })[]
  dryRun: boolean
}

/** Commits that went one way, merges not counted. `documents`: what became of each, in the order of the history. */
export type SyncedCommits = {
  commits: number
  documents: { name: string; operation: CommitRef['operation']; author: string }[]
  authors: string[]
}

export type SyncResult = {
  remote: string
  /** At the remote. */
  branch: string
  /** The branch's commits before and after. */
  before: string
  head: string
  received: SyncedCommits
  sent: SyncedCommits
  /** If HEAD has large originals. */
  large?: LargeOriginals | undefined
}

export type PurgeProof = {
  /** Objects of the repository that were searched. */
  objects: number
  /** Objects that still have something of the document, with a path of each; at most 100. */
  found: { oid: string; path: string }[]
}

export type PurgeResult = {
  name: string
  /** The newest commit of the new history, which removes the document from the present. Null in a dry run. */
  commit: string | null
  commits: { rewritten: number; total: number }
  /** Paths, relative to the work tree, that are deleted from the present and the past. */
  deleted: string[]
  /** Other files that lose what they had of the document in some commit. */
  changed: string[]
  /** Committed files that kbgit did not write, with the same bytes as an original: they stay. */
  copies: string[]
  /** Files on disk that the document came from: they stay. */
  sources: string[]
  /** Remotes that still have the old history. */
  remotes: string[]
  /** A file with a line `<old commit> <new commit>` for each rewritten commit. */
  map: string | null
  proof: PurgeProof | null
  dryRun: boolean
}

export type RecompiledDocument = { name: string; commit: string; model?: ModelUsage | undefined }
export type RecompileResult = {
  recompiled: RecompiledDocument[]
  /** Names of documents whose pages did not change. */
  unchanged: string[]
  failed: FailedSource[]
  overview: AddResult['overview']
  model: ModelUsage
  /** Commits before and after. */
  base: string
  head: string
  elapsedMs: number
  dryRun?: boolean
  /** Estimated with `--dry-run` and a model; cached answers cost nothing. */
  estimatedTokens?: number
  stopped?: Stopped
}

export type LintProblem = { code: string; path: string; message: string; fixed: boolean; fix?: string | undefined }
export type LintResult = {
  problems: LintProblem[]
  /** The report page and the commit that has it and the fixed pages; null if nothing was written: the last report still holds. */
  report: string | null
  commit: string | null
}

/** What `gc` removed, or with `dryRun` would remove. `bytes` is disk space. */
export type GcResult = { rows: number; blobs: number; answers: number; bytes: number; dryRun: boolean }

/** `notes`: why a hook is not installed, and the line that a person can add to their own instead. */
export type HooksResult = { path: string; hooks: HookStates; notes: string[] }

/** Documents added during one `watch`. */
export type WatchResult = { folder: string; added: number; updated: number; failed: number }

export type ChatSummary = {
  id: string
  /** The first question, shortened. */
  title: string
  /** ISO 8601. */
  updatedAt: string
  turns: number
}

/** Of `chat --list`, and of `chat --delete`. */
export type ChatResult = { sessions: ChatSummary[] } | { deleted: string }

export type UseResult = { dir: string }
export type CompletionResult = { shell: string; script: string }
export type HelpResult = { topic: string | null; text: string }

/** What any command prints, on stdout too, if it fails as a whole. */
export type ErrorResult = { error: { code: ErrorCode; message: string; hint?: string | undefined } }

/** Progress of a long command. Counts are of documents. */
export type Progress =
  | { kind: 'scan'; files: number; bytes: number }
  | { kind: 'planned'; total: number; skipped: number }
  | { kind: 'prepare'; path: string; worker: number }
  | { kind: 'compile'; path: string; worker: number }
  | {
      kind: 'done'
      path: string
      outcome: 'added' | 'updated' | 'skipped' | 'failed'
      done: number
      total: number
      message?: string | undefined
      hint?: string | undefined
    }
  | { kind: 'overview'; pages: number }
  /** `done`: commits or objects so far. */
  /** `stage` is git's, such as `receiving` or `writing`. */
  | { kind: 'sync'; stage: string; percent: number }
  | { kind: 'purge'; step: 'search' | 'rewrite' | 'clean' | 'prove'; done?: number | undefined }
