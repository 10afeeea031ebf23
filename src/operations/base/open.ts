// Opens a knowledge base on disk as the `Base` value that every stage works with.
import { readFile, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { parseConfig, type Config } from '../../core/config.ts'
import { KbError, knownError, messageOf, systemCode } from '../../core/errors.ts'
import { CONFIG_FILE } from '../../core/layout.ts'
import type { Base } from '../../io/base.ts'
import { discoverRepository, type Repository } from '../../io/git/git.ts'
import { plainRepository } from '../../io/git/plain-repository.ts'
import { fullBranch, makeBase, type OpenBaseOptions } from './make-base.ts'

/** Opens a base. Throws `KbError`: `noBase`, `config`, `usage` for a branch, `repositoryBusy` if git refuses it. */
export async function openBase(options: OpenBaseOptions): Promise<Base> {
  const root = await realpath(resolve(options.dir)).catch(() => resolve(options.dir))
  const config = await readConfig(root)
  if (config === undefined) {
    const headless = await (await import('./open-headless.ts')).readHeadless({ ...options, dir: root })
    if (headless !== undefined) return headless
    throw new KbError('noBase', `There is no knowledge base in ${root}: it has no ${CONFIG_FILE}.`, {
      hint: 'Create one with kbgit init.',
    })
  }
  const { repository, gitMissing } = await discover(root, options)
  if (repository === undefined) {
    throw new KbError('noBase', `${root} is not in a git repository.`, {
      hint: 'Run kbgit init there: it creates one and keeps your files.',
    })
  }
  const branch = await otherBranch(repository, options.branch)
  const base = makeBase(options, root, repository, { config, branch })
  return { ...base, ...(gitMissing ? { driver: 'in-process', gitMissing } : {}) }
}

/** The full name of a branch that is not checked out here. */
async function otherBranch({ gitDir }: Repository, name: string | undefined): Promise<string | undefined> {
  if (name === undefined) return undefined
  const branch = fullBranch(name)
  const head = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '')
  return head.trim() === `ref: ${branch}` ? undefined : branch
}

/** Asks git, unless the answer is obvious; looks at the folders if git is not installed or may not be started. */
async function discover(
  root: string,
  { env, driver }: OpenBaseOptions,
): Promise<{ repository: Repository | undefined; gitMissing: boolean }> {
  const inProcess = async () => (await import('../../io/repository-in-process.ts')).findRepository(root)
  if (driver === 'in-process') return { repository: await inProcess(), gitMissing: false }
  try {
    return { repository: plainRepository(root, env) ?? (await discoverRepository(root, env)), gitMissing: false }
  } catch (error) {
    if (!(error instanceof KbError) || error.code !== 'gitMissing') throw error
    return { repository: await inProcess(), gitMissing: true }
  }
}

/** The configuration in the work tree; undefined if there is none. Throws `KbError` (`config`). */
export async function readConfig(root: string): Promise<Config | undefined> {
  const path = join(root, CONFIG_FILE)
  try {
    return await parseConfig(await readFile(path, 'utf8'), path)
  } catch (error) {
    const code = systemCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === undefined) throw error
    throw (
      knownError(error) ??
      new KbError('config', `${path} cannot be read: ${messageOf(error)}.`, {
        hint: 'It has to be a text file. "git restore kbgit.yaml" brings back the committed one.',
        cause: error,
      })
    )
  }
}
