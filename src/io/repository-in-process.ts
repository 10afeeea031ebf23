// Finds a repository without git, and says whether it can be read: for readers that may not start programs, or if git
// is not installed.
import fs from 'node:fs'
import { readdir, readFile, realpath, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { getConfigAll } from 'isomorphic-git'
import { KbError, systemCode } from '../core/errors.ts'
import type { Repository } from './git/git.ts'

/** The repository around `dir`, or undefined if there is none. Throws `KbError` (`repositoryBusy`) for a bare one. */
export async function findRepository(dir: string): Promise<Repository | undefined> {
  for (let folder = await realpath(dir); ; folder = dirname(folder)) {
    const gitDir = await gitDirIn(folder)
    if (gitDir !== undefined) return repositoryAt(folder, gitDir)
    if (folder === dirname(folder)) return undefined
  }
}

/** The bare repository in the folder `gitDir`; undefined if it is not bare. */
export async function findBareRepository(gitDir: string): Promise<Repository | undefined> {
  const config = async (key: string) => (await configValues({ commonDir: gitDir }, key)).at(-1)
  if ((await config('core.bare')) !== 'true') return undefined
  const oidLength = (await config('extensions.objectformat')) === 'sha256' ? 64 : 40
  return { workTree: gitDir, bare: true, gitDir, commonDir: gitDir, oidLength }
}

/** Why isomorphic-git cannot read a repository, or undefined if it can. */
export async function obstacleInProcess(
  { gitDir, commonDir, oidLength }: Repository,
  packBytesMax: number,
): Promise<string | undefined> {
  if (oidLength !== 40) return 'its object ids are SHA-256'
  if (gitDir !== commonDir) return 'it is a linked worktree'
  const config = await readFile(join(commonDir, 'config'), 'utf8').catch(() => '')
  if (/^\s*refstorage\s*=/im.test(config)) return 'its refs use the reftable format'
  if (/^\s*(?:partialclone|promisor)\s*=/im.test(config)) return 'it is a partial clone'
  for (const [file, why] of [
    ['objects/info/alternates', 'it borrows objects from another repository'],
    ['shallow', 'it is a shallow clone'],
  ] as const) {
    if ((await stat(join(commonDir, file)).catch(() => undefined)) !== undefined) return why
  }
  const packs = join(commonDir, 'objects/pack')
  let bytes = 0
  for (const name of await readdir(packs).catch(() => []))
    if (name.endsWith('.pack')) bytes += (await stat(join(packs, name))).size
  return bytes > packBytesMax ? `its packs are too large (${bytes} bytes)` : undefined
}

/** Values of a key in the repository's own configuration; user and system configuration are ignored. */
export async function configValues({ commonDir }: Pick<Repository, 'commonDir'>, key: string): Promise<string[]> {
  return (await getConfigAll({ fs, gitdir: commonDir, path: key })).map(String)
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
      hint: 'Name the repository itself, if it is a headless base: --kb <repository>.',
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
