// The merge driver is this clone's own: in its configuration, which nobody clones and no tree can bring.
import { writeConfig } from '../../commit/config-write.ts'
import { shellWord } from '../../core/hook-script.ts'
import type { Base } from '../../io/base.ts'

/** `%O %A %B %P` are git's names for the three versions and the path. What is set already is not written again. */
export async function registerMergeDriver(base: Base, command: readonly string[]): Promise<void> {
  await writeConfig(base, {
    'merge.kbgit.name': 'merges the pages and the registry of a kbgit base',
    'merge.kbgit.driver': `${command.map(shellWord).join(' ')} merge-driver %O %A %B %P`,
  })
}
