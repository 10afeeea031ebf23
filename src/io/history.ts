// A repository's history as the reading commands see it: commits, pages and listings, never the work tree. Two drivers
// implement it (git/history.ts, history-in-process.ts). Paths are relative to the base and use `/`.
import type { BaseContent, TreeChange } from '../core/document/base-content.ts'
import type { ReadManyOptions, ReadOptions, TreeEntry } from './git/objects.ts'

export type HistoryCommit = {
  oid: string
  parents: string[]
  author: string
  /** Author date, ISO 8601. */
  date: string
  message: string
}

export type CommitMessage = Pick<HistoryCommit, 'oid' | 'parents' | 'message'>

export type CommitQuery = {
  /** Start at this commit id and walk its ancestors, children before parents; with a `limit`, by date. */
  at: string
  /** Only commits that changed one of these files or folders; '' is the whole base. */
  paths?: string[]
  limit?: number | undefined
  /** Without this commit and its ancestors. */
  without?: string | undefined
}

export type History = AsyncDisposable & {
  readonly driver: 'git' | 'in-process'
  /** The branch that is checked out (null: detached) and its commit (null: none yet). */
  head: () => Promise<{ branch: string | null; commit: string | null }>
  /** The commit that a revision names, or undefined. */
  resolve: (rev: string) => Promise<string | undefined>
  /** The object id of a file at a commit; undefined if it does not exist or is a folder. */
  fileAt: (commit: string, path: string) => Promise<string | undefined>
  /** The content of a file at a commit. */
  page: (commit: string, path: string, options?: ReadOptions) => Promise<Buffer | undefined>
  /** Every file of the base at a commit, or those below some folders, in git's order. */
  list: (commit: string, folders?: readonly string[]) => AsyncIterable<TreeEntry>
  /**
   * The paths of all files of the base below a folder, in no particular order, except those in the folders `without`.
   */
  paths: (commit: string, folder: string, without?: readonly string[]) => Promise<string[]>
  /** Contents in the order requested, a bounded number in flight. */
  contents: <T>(
    items: Iterable<T> | AsyncIterable<T>,
    oidOf: (item: T) => string,
    options?: ReadManyOptions,
  ) => AsyncIterable<{ item: T; body: Buffer }>
  /** Size of each object in bytes, in the order requested; undefined if it is missing. */
  sizes: (oids: string[]) => Promise<(number | undefined)[]>
  /** Content of any size, chunk by chunk. */
  stream: (oid: string) => AsyncIterable<Buffer>
  commits: (query: CommitQuery) => AsyncIterable<HistoryCommit>
  /** The same commits, many at a time and without author and date: for walks over the whole history. */
  messages: (query: CommitQuery) => AsyncIterable<CommitMessage[]>
  /** These commits, in the order requested. */
  commitsNamed: (oids: string[]) => AsyncIterable<HistoryCommit>
  /**
   * Files below `paths` that each of these commits changed: compared with its parent; a root commit with the empty
   * tree; a merge with all of its parents at once.
   */
  changes: (oids: string[], paths: string[]) => AsyncIterable<{ commit: string; path: string }>
  /** The differences between two commits. Throws if `from` no longer exists. */
  diff: (from: string, to: string) => AsyncIterable<TreeChange>
  /** The lines of a file at a commit, each with the commit that it came from. */
  blame: (commit: string, path: string) => Promise<{ commit: string; text: string }[]>
}

/** A history as the indexes over a base read it. */
export function contentOf(history: Pick<History, 'diff' | 'list' | 'contents'>): BaseContent {
  return {
    diff: (from, to) => history.diff(from, to),
    tree: (commit) => history.list(commit),
    read: async function* (oids) {
      for await (const { item, body } of history.contents(oids, (oid) => oid)) yield { oid: item, content: body }
    },
  }
}

/** A revision in which `HEAD` means the branch, if one was chosen. */
export function onBranch(rev: string, branch: string | undefined): string {
  return branch === undefined ? rev : rev.replace(/^(?:HEAD|@)(?=$|[~^])/, () => branch)
}
