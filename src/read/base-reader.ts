// What every reading command gets: a base and its history. Reads a commit, never the work tree, so that a reader never
// waits for a writer or sees half of its changes.
import type { AtRevision } from '../core/options.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import { KbError } from '../core/errors.ts'
import { CONFIG_FILE } from '../core/layout.ts'
import { shortBranch } from '../core/review.ts'
import type { Base } from '../io/base.ts'
import type { History } from '../io/history.ts'

/** A registry file at a commit. Without a record, the file has to be read; `oid` is looked up where it is missing. */
export type RegistryEntry = { path: string; oid?: string | undefined; record?: DocumentRecord | undefined }
/** The registry files of a commit, and the first pages of its topics, each with its title or else its object id. */
export type Listing = {
  files: RegistryEntry[]
  topics: { path: string; name: string; title?: string | undefined; oid?: string | undefined }[]
}

export type BaseReader = Pick<Base, 'root' | 'prefix' | 'branch' | 'sidecarDir' | 'driver'> & {
  repository: Pick<Base['repository'], 'commonDir'>
  history: History
  /** For what only git knows: who wrote a line, and whether its own store is intact. */
  git: Base['git']
  /** What an index over the base knows about a commit; undefined if it does not know this commit. */
  listing?: (commit: string) => Promise<Listing | undefined>
  /** First pages of the topics whose title or alias has a key (`topicKey`), from the same index. */
  topicsNamed?: (commit: string, key: string) => Promise<string[] | undefined>
}

/**
 * The commit to read. Throws `KbError`: `notFound` for an unknown revision, `noBase` if nothing is committed yet or the
 * base is not part of that commit.
 */
export async function commitAt(
  { root, prefix, branch, history }: BaseReader,
  { at = 'HEAD' }: AtRevision,
): Promise<string> {
  const commit = await history.resolve(at)
  if (commit === undefined) {
    if (branch !== undefined && (await history.resolve(branch)) === undefined)
      throw new KbError('notFound', `There is no branch "${shortBranch(branch)}" in ${root}.`, {
        hint: 'Name another one with --branch. "kbgit add --branch <name>" begins a new one.',
      })
    const head = await history.head()
    if (head.commit === null) {
      throw new KbError(
        'noBase',
        `${root} has no commits yet${head.branch === null ? '' : ` on the branch "${head.branch}"`}.`,
        { hint: 'Run "kbgit init" to create the first one.' },
      )
    }
    throw new KbError('notFound', `"${at}" is not a revision of this repository.`, {
      hint: 'See "kbgit log" for commits.',
    })
  }
  if ((await history.fileAt(commit, CONFIG_FILE)) === undefined) {
    throw new KbError(
      'noBase',
      `At ${at} there was no knowledge base in ${prefix === '' ? 'the repository' : prefix}: ${CONFIG_FILE} is missing.`,
      { hint: 'Name a later revision: "kbgit log" shows them.' },
    )
  }
  return commit
}
