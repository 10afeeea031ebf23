// Where a run commits. The steps of a transaction are the same for every target: what differs is which branch it is, what may
// be in the way of the change, and whether disk and index follow the branch.
import type { IntentPath } from '../core/transaction/intent.ts'
import type { CheckedPath } from './check-paths.ts'
import type { Head } from './head.ts'
import type { ResolvedPath } from './resolve.ts'

/** `checked-out.ts` and `other-branch.ts` implement it. */
export type Target = {
  /** The branch as it is now. Throws `KbError` (`repositoryBusy`) if nothing can be committed to it. */
  head: () => Promise<Head>
  /** Of the paths that a group writes, those that are not as the branch has them. */
  check: (paths: ResolvedPath[]) => Promise<CheckedPath[]>
  deliver: (transaction: Delivered) => Delivery
}

export type Delivered = {
  /** The transaction's id. */
  transaction: string
  head: Head
  paths: ResolvedPath[]
  /** Index entries that the commits include, by path relative to the work tree. */
  staged: Map<string, string | null>
  /** A private folder on the base's file system that does not exist yet. */
  scratch: string
}

/** What one transaction does apart from objects and refs. */
export type Delivery = {
  /** What has to follow the branch, as the intent records it: empty if nothing does. */
  readonly paths: IntentPath[]
  /** Before the commit point. `stored` resolves when the transaction's blobs are in place. */
  stage: (stored: Promise<void>) => Promise<void>
  /** Right before the ref moves. Throws `HeadMoved` if the branch is no longer the one of the head. */
  hold: () => Promise<void>
  /** After the commit point. Returns the paths where a user's edit was found, and kept. */
  publish: () => Promise<string[]>
  /** Idempotent; always before the intent is cleared, which proves that what was held is ours. */
  release: () => Promise<void>
}
