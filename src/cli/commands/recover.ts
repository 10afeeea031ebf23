import type { RecoverResult } from '../../index.ts'
import { KbError } from '../../core/errors.ts'
import { command } from '../command.ts'
import { counted } from '../text.ts'

export const recover = command({
  name: 'recover',
  details:
    'Every kbgit command that writes does this first. Run it yourself only to check that all is well, or after git\n' +
    'moved the branch. --rebuild rebuilds the sidecar from the commit, in any clone. If git in this clone does not know\n' +
    'the merge driver yet, it is added to the configuration of the clone. "kbgit hooks install" installs the hooks.',
  options: {
    rebuild: { type: 'flag', describe: 'Rebuild the sidecar from the commit' },
    hook: { type: 'flag', describe: 'For git hooks: never wait, never fail' },
  },
  examples: [
    ['kbgit recover', 'finish or undo what a killed run left behind'],
    ['kbgit recover --rebuild', 'rebuild the search tables'],
  ],
  async run({ flags, kb }) {
    const result = await inHook(flags.hook, async () =>
      (await kb()).recover({ rebuild: flags.rebuild, hook: flags.hook }),
    )
    if (result === undefined) return undefined
    return { value: result, ...(flags.hook ? {} : { message: sayRecover(result) }) }
  },
})

/** A hook must not fail the user's git command: the next kbgit command deals with any obstacle. */
async function inHook<T>(hook: boolean, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (hook && error instanceof KbError) return undefined
    throw error
  }
}

function sayRecover({
  rolledForward,
  rolledBack,
  quarantined,
  reaped,
  indexed,
  migrated = 0,
  embedded = 0,
  broughtIn,
}: RecoverResult): string {
  const parts = [
    ...(rolledForward > 0 ? [`${counted(rolledForward, 'transaction')} finished`] : []),
    ...(rolledBack > 0 ? [`${counted(rolledBack, 'transaction')} undone`] : []),
    ...(quarantined > 0 ? [`${quarantined} set aside for you (see "kbgit help recovery")`] : []),
    ...(reaped > 0 ? [`${counted(reaped, 'staging folder')} removed`] : []),
    ...(migrated > 0 ? [`${counted(migrated, 'large original')} moved to git-lfs's store`] : []),
    ...(broughtIn.length > 0 ? [`${broughtIn.join(', ')} brought in from a merge`] : []),
    ...(indexed > 0 ? [`${counted(indexed, 'document')} added to the sidecar`] : []),
    ...(embedded > 0 ? [`vectors made for ${counted(embedded, 'passage')}`] : []),
  ]
  return parts.length === 0 ? 'Nothing to recover.' : `${parts.join(', ')}.`
}
