// Registers the merge driver in this clone's configuration, which is neither cloned nor settable by a tree.
import { writeConfig } from '../../commit/config-write.ts'
import { shellWord } from '../../core/hook-script.ts'
import type { Base } from '../../io/base.ts'

/** `%O %A %B %P` are git's names for the three versions and the path. Existing settings are not rewritten. */
export async function registerMergeDriver(base: Base, command: readonly string[]): Promise<void> {
  await writeConfig(base, {
    'merge.kbgit.name': 'merges the pages and the registry of a kbgit base',
    'merge.kbgit.driver': `${command.map(shellWord).join(' ')} merge-driver %O %A %B %P`,
  })
}
