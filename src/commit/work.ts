// The writer's input and output: the work to do and its outcome.
import type { Catalog } from '../core/document/catalog.ts'
import type { Failure, KbError } from '../core/errors.ts'
import type { Change, Planned } from './change.ts'

/** What planning sees: the head of the branch, plus what the current group has planned on top of it. */
export type Snapshot = {
  /** The head of the branch; null before its first commit. */
  commit: string | null
  catalog: Catalog
  /** A file of the base as text; undefined if there is none. */
  read: (path: string) => Promise<string | undefined>
  /** Committed versions of a page, newest first. Walks the history: use it only for a page that needs it. */
  versions?: (path: string) => AsyncIterable<string>
}

/** Shows planned changes in the snapshot, for a commit that is planned document by document. */
export type Apply = (changes: Change[]) => void

/**
 * The commit of one document, page or command, planned when its turn comes on the tip it will build on. `plan` may be
 * called again on another tip. It returns undefined if there is nothing to do and throws `DocumentError` if it cannot
 * be done: then what it applied is undone.
 */
export type WorkItem = { label: string; plan: (snapshot: Snapshot, apply: Apply) => Promise<Planned | undefined> }

export type Outcome =
  | { kind: 'committed'; commit: string }
  | { kind: 'nothing' }
  | { kind: 'failed'; failure: Failure }
  /** The run ended before its turn. */
  | { kind: 'untried' }

export type GroupResult = {
  /** One per work item, in order. */
  outcomes: Outcome[]
  /** Number of commits of the user's own edits that had to come first. */
  edits: string[]
  /** Paths where the user's bytes were found during the transaction and kept. */
  kept: string[]
  /** Reported commits are made, but no further work may start. */
  unfinished?: KbError
}
