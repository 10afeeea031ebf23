// Finds a repository without git: for readers that may not start programs, or if git is not installed.
import { readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { KbError, systemCode } from '../core/errors.ts'
import type { Repository } from './git/git.ts'
import { configValues } from './history-in-process.ts'

/** The repository around `dir`, or undefined if there is none. Throws `KbError` (`repositoryBusy`) for a bare one. */
export async function findRepository(dir: string): Promise<Repository | undefined> {
  for (let folder = await realpath(dir); ; folder = dirname(folder)) {
    const gitDir = await gitDirIn(folder)
    if (gitDir !== undefined) return repositoryAt(folder, gitDir)
    if (folder === dirname(folder)) return undefined
  }
}

/** `.git` of a work tree: the directory itself, or a file that names it, as in linked worktrees and submodules. */
async function gitDirIn(folder: string): Promise<string | undefined> {
  const path = join(folder, '.git')
  const file = await readIfThere(path)
  const gitDir = file === undefined ? path : resolve(folder, /^gitdir: (.+?)\s*$/.exec(file)?.[1] ?? '.git')
  return (await isFile(join(gitDir, 'HEAD'))) ? realpath(gitDir) : undefined
}

async function repositoryAt(workTree: string, gitDir: string): Promise<Repository> {
  const commonDir = resolve(gitDir, (await readIfThere(join(gitDir, 'commondir')))?.trim() ?? '.')
  const config = async (key: string) => (await configValues({ commonDir }, key)).at(-1)
  if ((await config('core.bare')) === 'true')
    throw new KbError('repositoryBusy', `${workTree} is in a bare repository: there is no work tree.`, {
      hint: 'Clone it, and run kbgit in the clone.',
    })
  const oidLength = (await config('extensions.objectformat')) === 'sha256' ? 64 : 40
  return { workTree, gitDir, commonDir, oidLength }
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(systemCode(error) ?? '')) return undefined
    throw error
  }
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() === true
}
