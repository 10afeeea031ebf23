// What the writer is given to do, and what became of it.
import type { Catalog } from '../core/document/catalog.ts'
import type { Failure, KbError } from '../core/errors.ts'
import type { Planned } from './change.ts'

/** What planning sees: the head of the branch, plus what the current group has planned on top of it. */
export type Snapshot = {
  catalog: Catalog
  /** A file of the base as text; undefined where there is none. */
  read: (path: string) => Promise<string | undefined>
  /** Committed versions of a page, newest first. Walks through history: ask only for a page that needs it. */
  versions?: (path: string) => AsyncIterable<string>
}

/**
 * One document's, page's or command's commit, planned when its turn comes on the tip that it will build on. It may be
 * asked again, on another tip. Undefined: there is nothing to do. Throws `DocumentError` where it cannot be done.
 */
export type Work = { label: string; plan: (snapshot: Snapshot) => Promise<Planned | undefined> }

export type Outcome =
  | { kind: 'committed'; commit: string }
  | { kind: 'nothing' }
  | { kind: 'failed'; failure: Failure }
  /** The run ended before its turn. */
  | { kind: 'untried' }

export type GroupResult = {
  /** One for each work, in order. */
  outcomes: Outcome[]
  /** Commits of the user's own edits that had to come first. */
  edits: string[]
  /** Paths where the user's bytes were met during the transaction and kept. */
  kept: string[]
  /** What is told as committed stands, but nothing more should be begun. */
  unfinished?: KbError
}
