// What commands that change or move the history return, other than by adding.
import type { LargeOriginals } from './ingest.ts'

export type RemoveResult = {
  name: string
  commit: string | null
  deleted: string[]
  changed: string[]
  dryRun: boolean
}

/** A commit in the words of documents. */
export type CommitRef = { commit: string; operation: string; documents: string[] }

export type UndoResult = {
  /** What was undone, newest first. */
  runs: { id: string; date: string; author: string; commits: CommitRef[] }[]
  commit: string | null
  deleted: string[]
  changed: string[]
  /** Commits of these runs that were left as they are. */
  left: (CommitRef & { reason: string })[]
  /** Other people whose runs are among these. */
  others: string[]
  /** Documents that were purged since: that stays. */
  purged: string[]
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
  /** How often it was fetched and pushed until nobody else was faster. */
  attempts: number
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
  /** Documents that had the same name in another clone: they stay. */
  others: string[]
  /** Files on disk that the document came from: they stay. */
  sources: string[]
  /** Remotes that still have the old history. */
  remotes: string[]
  /** A file with a line `<old commit> <new commit>` for each rewritten commit. */
  map: string | null
  proof: PurgeProof | null
  dryRun: boolean
}
