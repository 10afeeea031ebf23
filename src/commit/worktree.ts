// Which linked worktree an intent belongs to. The journal is shared by all worktrees of a repository.
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { systemCode } from '../core/errors.ts'
import { worktreeId, type Base } from '../io/base.ts'
import { Git } from '../io/git/git.ts'

/** The base as that worktree sees it; undefined where the worktree is gone. */
export async function baseInWorktree(base: Base, id: string): Promise<Base | undefined> {
  if (id === worktreeId(base)) return base
  const { commonDir } = base.repository
  const gitDir = id === '.' ? commonDir : join(commonDir, id)
  const workTree = await workTreeOf(commonDir, gitDir, id)
  if (workTree === undefined) return undefined
  return {
    ...base,
    root: join(workTree, base.prefix),
    repository: { ...base.repository, gitDir, workTree },
    git: new Git(workTree, base.env, base.config.durability),
  }
}

async function workTreeOf(commonDir: string, gitDir: string, id: string): Promise<string | undefined> {
  if (id === '.') return basename(commonDir) === '.git' ? dirname(commonDir) : undefined
  try {
    return dirname((await readFile(join(gitDir, 'gitdir'), 'utf8')).trim())
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
