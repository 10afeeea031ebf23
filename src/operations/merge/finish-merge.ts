// The first command that writes after a merge brings in what the merge left, if no hook did.
import { messageOf } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import { readMergeNotes } from '../../io/sidecar/merge-names.ts'

/** Does nothing unless a merge in this clone gave a document another name. Never throws. */
export async function finishMerge(base: Base): Promise<void> {
  if (base.gitMissing === true) return
  try {
    const notes = await readMergeNotes(base)
    if (!notes.some(({ prefix, renames }) => prefix === base.prefix && renames.length > 0)) return
    const { recoverBase } = await import('../maintain/recover.ts')
    const { broughtIn } = await recoverBase(base)
    if (broughtIn.length > 0)
      base.logger.warn({}, `The last merge gave a document another name: ${broughtIn.join(', ')} came in now.`)
  } catch (error) {
    // The command itself reports what is wrong with the repository.
    base.logger.debug({ error: messageOf(error) }, 'could not finish the merge')
  }
}
