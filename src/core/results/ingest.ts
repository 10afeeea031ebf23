// What commands that take documents in return, and the progress of long ones.
import type { ModelUsage } from '../document/compiled.ts'
import type { DocumentWarning } from '../document/prepared.ts'
import type { ReviewRef } from './agents.ts'
import type { ErrorCode, Failure } from '../errors.ts'

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
  /** The same by reason: `hidden`, `special`, `excluded`, `gitignored`, `own` (files of this base), `base` (another base), `packages`, `bundle` (lists of an OKF bundle). */
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
  /** Where the documents wait to be accepted; `head` is of that branch then. */
  review?: ReviewRef
  /** With `push`: where the documents are now. `head` may be a merge with what others have pushed. */
  push?: { remote: string; branch: string; head: string; attempts: number }
  /** Documents whose source is gone, with `add --prune`. */
  removed?: PruneResult['removed'] | undefined
}

/**
 * How many large originals are on no other machine as far as this clone knows, and what a `git push` would do for them:
 * git-lfs is `ready`, `absent` or `broken`, or `unhooked`: neither its hook nor kbgit's is installed.
 */
export type LargeOriginals = { onlyHere: number; gitLfs: 'ready' | 'absent' | 'broken' | 'unhooked' }

export type PruneResult = {
  /** `path`: the source that is gone. `commit` is null in a dry run. */
  removed: { name: string; path: string; commit: string | null }[]
  dryRun: boolean
}

export type RecompiledDocument = { name: string; commit: string; model?: ModelUsage | undefined }

export type RecompileResult = {
  recompiled: RecompiledDocument[]
  /** Names of documents whose pages did not change. */
  unchanged: string[]
  /** With `model: agent`: names of documents that wait for an agent now, with the pages that they have. */
  waiting?: string[]
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
  review?: ReviewRef
}

export type WatchedFolder = { folder: string; added: number; updated: number; failed: number }

/** A feed or a page of `sources.yaml`. Times are ISO 8601. */
export type WatchedSource = {
  kind: 'feed' | 'url'
  url: string
  name?: string
  /** Seconds between visits. */
  every: number
  /** Absent before the first visit, which is due then. */
  lastVisit?: string
  nextVisit?: string
  /** Visits in a row that failed, and why the last one did. */
  failures: number
  error?: Failure
  /** Answered with 404 or 410, or failed at its last 5 visits. It is still visited. */
  gone: boolean
  /** Entries of a feed that are still to be added. */
  pending: number
}

/** With the documents of its visits. */
export type VisitedSource = WatchedSource & { added: number; updated: number; failed: number }

/** A process that watches. `since` is ISO 8601. */
export type RunningWatch = { pid: number; host: string; since: string; folders: string[] }

/** Documents added during one `watch`: in all, by folder, and by source that was visited. `folder` is the first one. */
export type WatchResult = WatchedFolder & { folders: WatchedFolder[]; sources: VisitedSource[] }

/** What a run is doing at the moment, in this process or another. Counts are of documents. */
export type RunningWork = {
  command: string
  pid: number
  step: 'scan' | 'prepare' | 'compile' | 'overview'
  /** The document in hand. */
  path?: string | undefined
  done: number
  failed: number
  total: number
  /** Whether all inputs were looked through: until then `total` grows. */
  planned: boolean
}

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
  /** `stage` is git's, such as `receiving` or `writing`. */
  | { kind: 'sync'; stage: string; percent: number }
  /** `earlier`: the revision that is compared with. */
  | { kind: 'eval'; step: 'pages' | 'search'; earlier: boolean }
  /** `done`: commits or objects so far. */
  | { kind: 'purge'; step: 'search' | 'rewrite' | 'clean' | 'prove'; done?: number | undefined }
