// The merge driver is this clone's own: in its configuration, which nobody clones and no tree can bring.
import { shellWord } from './core/hook-script.ts'
import type { Git } from './io/git.ts'

/** Teaches a clone how kbgit's files merge. `%O %A %B %P` are git's names for the three versions and the path. */
export async function registerMergeDriver(git: Git, command: readonly string[]): Promise<void> {
  const driver = `${command.map(shellWord).join(' ')} merge-driver %O %A %B %P`
  const known = await git.run(['config', '--local', '--get', 'merge.kbgit.driver'], { ok: [0, 1] })
  if (known.stdout.toString().trimEnd() === driver) return
  await git.run(['config', '--local', 'merge.kbgit.name', 'merges the pages and the registry of a kbgit base'])
  await git.run(['config', '--local', 'merge.kbgit.driver', driver])
}
