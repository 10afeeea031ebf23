// A folder that git takes for the work tree while it merges two commits. git runs merge drivers in the top folder of the work
// tree, puts its temporary files there, and leaves them if it is killed; here they are in the staging folder of the run.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { CONFIG_FILE } from '../../core/layout.ts'
import { repoPathFault } from '../../core/safe-path.ts'
import type { Base } from '../../io/base.ts'
import { Git } from '../../io/git/git.ts'

/** Of the folder that git merges in. */
type MergePlace = { git: Git; env: Record<string, string> }

const ATTRIBUTES = '.gitattributes'

/** Bytes of a file of attributes that is copied; git itself refuses larger ones from 100 MB on. */
const ATTRIBUTES_MAX = 10_000_000

/**
 * Fills an empty folder with what git and the merge driver read of a work tree: the attributes of commit `ours`, and an empty
 * configuration file where it has a base. `env` has to be passed to each git that is started in it.
 */
export async function mergePlace(
  { git, repository, env, config }: Base,
  folder: string,
  ours: string,
): Promise<MergePlace> {
  writeFileSync(join(folder, '.git'), `gitdir: ${repository.gitDir}\n`)
  const listed = await git.run(['ls-tree', '-r', '-l', '-z', '--full-tree', ours])
  for (const line of listed.stdout.toString().split('\0')) {
    const [, mode, oid = '', size, path = ''] = /^(\d+) blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? []
    const name = path.slice(path.lastIndexOf('/') + 1)
    if ((name !== ATTRIBUTES && name !== CONFIG_FILE) || mode === '120000' || repoPathFault(path) !== undefined)
      continue
    const isRead = name === ATTRIBUTES && Number(size) <= ATTRIBUTES_MAX
    mkdirSync(join(folder, dirname(path)), { recursive: true })
    writeFileSync(join(folder, path), isRead ? (await git.run(['cat-file', 'blob', oid])).stdout : '')
  }
  return {
    git: new Git(folder, env, config.durability),
    env: { GIT_DIR: repository.gitDir, GIT_WORK_TREE: folder },
  }
}
