// What commands that look at a base and mend it return.
import type { WaitingWork } from './agents.ts'
import type { FailedSource, LargeOriginals, RunningWatch, WatchedSource } from './ingest.ts'

/** Hook name to state. */
export type HookStates = Record<string, 'installed' | 'absent' | 'outdated'>

export type StatusResult = {
  root: string
  head: string
  branch: string | null
  /** The base is a bare repository: nothing follows the branch on disk. */
  headless?: true | undefined
  documents: number
  concepts: number
  entities: number
  /** Intents left by a run that died. */
  journal: number
  quarantined: number
  staging: number
  sidecar: { ok: boolean; documents: number; bytes: number }
  /** With `embeddings`: how many passages of documents have a vector, of all. */
  vectors?: { model: string; passages: number; of: number } | undefined
  hooks: HookStates
  /** Whether git merges pages in this clone by kbgit's merge driver. */
  mergeDriver: boolean
  /** A git operation that keeps kbgit from writing, e.g. `a merge`. */
  inProgress?: string | undefined
  /** Of unfinished runs: documents that were prepared or that failed, and topic pages whose overview is due. */
  pending: { path: string }[]
  failed: FailedSource[]
  overviewDue: string[]
  /** With `model: agent`: what waits for an agent. */
  waiting?: WaitingWork | undefined
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
  /**
   * Documents whose original is not what was added, or is missing, in the commit; and how many large originals are not in
   * this clone.
   */
  originals?: {
    altered: { name: string; path: string }[]
    missing: { name: string; path: string }[]
    absent: number
    large?: LargeOriginals
  }
  /** What `kbgit watch` visits (`sources.yaml`), and the watches that run. `problem`: why `sources.yaml` is not read. */
  watch?: { running: RunningWatch[]; sources: WatchedSource[]; problem?: string } | undefined
  /** What to do next, if anything. */
  next?: { command: string; args: string[]; reason: string } | undefined
}

export type RecoverResult = {
  rolledForward: number
  rolledBack: number
  quarantined: number
  reaped: number
  indexed: number
  /** Large originals of earlier versions that git-lfs can store now. */
  migrated?: number
  /** With `embeddings`: passages that got a vector. */
  embedded?: number
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

export type LintProblem = { code: string; path: string; message: string; fixed: boolean; fix?: string | undefined }

export type LintResult = {
  problems: LintProblem[]
  /** The report page and the commit that has it and the fixed pages; null if nothing was written: the last report still holds. */
  report: string | null
  commit: string | null
  /** With `model: agent`: topic pages that wait for an agent to check them for contradictions. */
  waiting?: number
}

/** What `gc` removed, or with `dryRun` would remove. `bytes` is disk space. */
export type GcResult = { rows: number; blobs: number; answers: number; bytes: number; dryRun: boolean }

/** `notes`: why a hook is not installed, and the line that a person can add to their own instead. */
export type HooksResult = { path: string; hooks: HookStates; notes: string[] }

/** A person's edit of a page. `commit` is null if nothing changed, or if the page is another one by now: `stale` has it. */
export type PageEdit = { page: string; commit: string | null; stale?: { text: string } }
