// The first command that writes in a clone sets up what git does not clone: the merge driver and the hooks.
import { messageOf } from '../../core/errors.ts'
import { isHeadless, type Base } from '../../io/base.ts'
import { hasMergeDriver } from '../../io/git/merge-driver.ts'
import { registerMergeDriver } from './register.ts'

/** Does nothing if the merge driver is registered: hooks were chosen when that was done. Never throws. */
export async function setUpClone(base: Base, command: readonly string[]): Promise<void> {
  if (base.gitMissing === true || hasMergeDriver(base.repository)) return
  try {
    if (!isHeadless(base)) {
      const { installHooks } = await import('../../io/git/hooks.ts')
      await installHooks(base.git, base.repository, { command, base: base.root })
    }
    const { setUpLfs } = await import('../lfs.ts')
    await setUpLfs(base, command)
    // Last, because it marks the clone as set up: a run that is killed earlier starts over.
    await registerMergeDriver(base, command)
    base.logger.warn(
      {},
      `This clone was new to kbgit: its merge driver${isHeadless(base) ? ' is' : ' and git hooks are'} set up now.`,
    )
  } catch (error) {
    // The command itself reports what is wrong with the repository.
    base.logger.debug({ error: messageOf(error) }, 'could not set up the clone')
  }
}
