import type { RecoverResult } from '../../index.ts'
import { KbError } from '../../core/errors.ts'
import { command } from '../command.ts'
import { counted } from '../text.ts'

export const recover = command({
  name: 'recover',
  details:
    'Every kbgit command that writes does this first; by hand it is needed only to see that all is well, or after git\n' +
    'moved the branch. --rebuild makes the sidecar again from what is committed, in any clone. A clone whose git does not\n' +
    'know yet how kbgit\'s files merge is taught so, in its own configuration; hooks are put by "kbgit hooks install".',
  options: {
    rebuild: { type: 'flag', describe: 'Make the sidecar again from the commit' },
    hook: { type: 'flag', describe: 'As called by a git hook: wait for nobody, never fail' },
  },
  examples: [
    ['kbgit recover', 'finish or undo what a run that died left behind'],
    ['kbgit recover --rebuild', 'make the search tables again'],
  ],
  async run({ flags, kb }) {
    const result = await inHook(flags.hook, async () =>
      (await kb()).recover({ rebuild: flags.rebuild, hook: flags.hook }),
    )
    if (result === undefined) return undefined
    return { value: result, ...(flags.hook ? {} : { said: sayRecover(result) }) }
  },
})

/** A hook must not fail the user's git command: what stands in the way now is seen to by the next kbgit command. */
async function inHook<T>(hook: boolean, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (hook && error instanceof KbError) return undefined
    throw error
  }
}

function sayRecover({ rolledForward, rolledBack, quarantined, reaped, indexed }: RecoverResult): string {
  const parts = [
    ...(rolledForward > 0 ? [`${counted(rolledForward, 'transaction')} finished`] : []),
    ...(rolledBack > 0 ? [`${counted(rolledBack, 'transaction')} undone`] : []),
    ...(quarantined > 0 ? [`${quarantined} set aside for you (see "kbgit help recovery")`] : []),
    ...(reaped > 0 ? [`${counted(reaped, 'staging folder')} removed`] : []),
    ...(indexed > 0 ? [`${counted(indexed, 'document')} brought into the sidecar`] : []),
  ]
  return parts.length === 0 ? 'All is well; there was nothing to do.' : `${parts.join(', ')}.`
}
