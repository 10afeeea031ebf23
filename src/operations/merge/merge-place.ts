// A folder that git takes for the work tree while it merges two commits. git runs merge drivers in the top folder of the work
// tree, puts its temporary files there, and leaves them if it is killed; here they are in the staging folder of the run.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { CONFIG_FILE } from '../../core/layout.ts'
import { AttributesTree } from '../../io/attributes-tree.ts'
import type { Base } from '../../io/base.ts'

/**
 * Fills an empty folder with what git and the merge driver read of a work tree: the attributes of commit `ours` for what
 * differs in `theirs`, and the configuration of the base. Its `git` works in it.
 */
export async function mergePlace(
  base: Base,
  folder: string,
  { ours, theirs }: { ours: string; theirs: string },
): Promise<AttributesTree> {
  const place = new AttributesTree(base, ours, folder, [CONFIG_FILE])
  const changed = await base.git.text(['diff-tree', '-r', '-z', '--name-only', '--no-renames', ours, theirs])
  await place.cover(changed.split('\0').filter((path) => path !== ''))
  await writeFile(join(folder, '.git'), `gitdir: ${base.repository.gitDir}\n`)
  return place
}
