// Puts a rewritten history in the place of the old one. Commit point: the first ref that moves.
import { KbError, messageOf } from '../core/errors.ts'
import type { Base } from '../io/base.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { moveBranch, type BranchMove } from './move-branch.ts'
import { dropReplacement, noteReplacement, removeOldHistory, type Replacement } from './replacement.ts'

/** `files`, `large`: see `Replacement`. */
export type HistoryToReplace = Omit<BranchMove, 'tip' | 'message'> & { files: string[]; large: string[] }

/**
 * Moves the refs, brings index and disk to the new commit, and removes what is left of the old history. Call it with the
 * exclusive lock held and the new commits in the repository. Returns paths where a user's edit was found and kept.
 * Throws `KbError` if nothing was changed, and `unfinished` if recovery has to finish it.
 */
export async function replaceHistory(
  base: Base,
  objects: ObjectReader,
  { files, large, ...move }: HistoryToReplace,
): Promise<{ kept: string[] }> {
  const replacement: Replacement = { version: 1, refs: move.refs, files, large }
  let moved = false
  try {
    await noteReplacement(base, replacement)
    const { kept } = await moveBranch(base, objects, { ...move, message: 'kbgit: purge' }, () => (moved = true))
    await removeOldHistory({ base, objects }, replacement)
    return { kept }
  } catch (error) {
    if (moved)
      throw new KbError(
        'unfinished',
        `The history is replaced, but not everything of the old one is gone: ${messageOf(error)}`,
        {
          hint: 'The next kbgit command that writes, or "kbgit recover", finishes it. Then run the purge again for its proof.',
          cause: error,
        },
      )
    await dropReplacement(base)
    throw error
  }
}
