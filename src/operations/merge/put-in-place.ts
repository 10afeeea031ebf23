// Brings the branch, disk and index to commits that exist already, whole or not at all.
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { moveBranch, type BranchMove, type Moved } from '../../commit/move-branch.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import { KbError } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import { changedOnDisk } from '../changed-on-disk.ts'

/** Call it with the exclusive lock held. Throws `KbError` (`rolledBack`) if HEAD left the branch meanwhile. */
export async function putInPlace(
  base: Base,
  { objects, staging }: Pick<OpenWriter, 'objects' | 'staging'>,
  move: Omit<BranchMove, 'scratch'>,
): Promise<Moved> {
  return moveBranch(base, objects, { ...move, scratch: join(staging.path, move.id) }, () => {})
}

/**
 * Whether only files change, in which nobody has changes of their own; nothing is in the way of a branch that is not
 * checked out. False for links and submodules, which are git's
 * to place. Throws `KbError` (`repositoryBusy`) if something would be overwritten. `what` and `again` are for its message.
 */
export async function isPlain(
  base: Base,
  { objects }: Pick<OpenWriter, 'objects'>,
  { before, after, what, again }: { before: string; after: string; what: string; again: string },
): Promise<boolean> {
  if (base.branch !== undefined) return true
  const edited = new Set(await changedOnDisk(base))
  const inTheWay: string[] = []
  let plain = true
  for await (const { path, oldOid, mode } of objects.diff(before, after)) {
    if (!['100644', '100755', '000000'].includes(mode) || /(?:^|\/)\.git(?:modules)?$/.test(path)) plain = false
    if (edited.has(path) || (oldOid === null && (await isThere(join(base.repository.workTree, path)))))
      inTheWay.push(path)
  }
  const [first] = inTheWay
  if (first !== undefined)
    throw new KbError(
      'repositoryBusy',
      `${first}${inTheWay.length > 1 ? ` and ${inTheWay.length - 1} more` : ''} would be overwritten by ${what}. Nothing was changed here.`,
      {
        hint: `Commit your changes, move the files away, or put them back with "git restore", and run ${again} again.`,
      },
    )
  return plain
}

async function isThere(path: string): Promise<boolean> {
  return (await lstat(path).catch(() => undefined)) !== undefined
}
