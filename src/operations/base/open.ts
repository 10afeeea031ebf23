// Opens a knowledge base on disk as the `Base` value that every stage works with.
import { randomBytes } from 'node:crypto'
import { readFile, realpath } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { DEFAULT_CONFIG, parseConfig, type Config } from '../../core/config.ts'
import { KbError, knownError, messageOf, systemCode } from '../../core/errors.ts'
import { CONFIG_FILE } from '../../core/layout.ts'
import { SILENT, type Logger } from '../../core/logger.ts'
import type { Base, Clock } from '../../io/base.ts'
import { discoverRepository, Git, type Repository } from '../../io/git/git.ts'
import { plainRepository } from '../../io/git/plain-repository.ts'
import { sidecarOf } from '../../io/sidecar/paths.ts'
import { withSlashes } from '../../core/platform.ts'

export type OpenBaseOptions = {
  /** The base's folder. */
  dir: string
  env: NodeJS.ProcessEnv
  clock?: Clock
  logger?: Logger | undefined
  driver?: Base['driver']
}

/** Opens a base. Throws `KbError`: `noBase`, `config`, `repositoryBusy` (bare, or git refuses it). */
export async function openBase(options: OpenBaseOptions): Promise<Base> {
  const root = await realpath(resolve(options.dir)).catch(() => resolve(options.dir))
  const config = await readConfig(root)
  if (config === undefined) {
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
  return { ...makeBase(options, root, repository, config), ...(gitMissing ? { driver: 'in-process', gitMissing } : {}) }
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

/** The `Base` value for a folder of a repository, whether or not the folder is a base yet. */
export function makeBase(
  options: OpenBaseOptions,
  root: string,
  repository: Repository,
  config: Config = DEFAULT_CONFIG,
): Base {
  const inside = withSlashes(relative(repository.workTree, root))
  if (/[\n\0]/.test(inside))
    throw new KbError('usage', `The path of a base cannot contain a line break: ${JSON.stringify(inside)}.`)
  return {
    root,
    prefix: inside === '' ? '' : `${inside}/`,
    repository,
    sidecarDir: sidecarOf(repository),
    config,
    git: new Git(repository.workTree, options.env, config.durability),
    clock: options.clock ?? systemClock(options.env),
    logger: options.logger ?? SILENT,
    env: options.env,
    driver: options.driver,
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

/** The current time, or `SOURCE_DATE_EPOCH` for reproducible output. */
export function systemClock(env: NodeJS.ProcessEnv): Clock {
  const epoch = env['SOURCE_DATE_EPOCH']
  const random = (): string => randomBytes(8).toString('hex')
  if (epoch !== undefined && epoch !== '') {
    const seconds = Number(epoch)
    if (!Number.isSafeInteger(seconds) || seconds < 0) {
      throw new KbError('usage', `SOURCE_DATE_EPOCH must be seconds since 1970, not "${epoch}".`)
    }
    return { now: () => ({ seconds, zone: '+0000' }), random }
  }
  return {
    now: () => {
      const date = new Date()
      return { seconds: Math.floor(date.getTime() / 1000), zone: zoneOf(date) }
    },
    random,
  }
}

function zoneOf(date: Date): string {
  const minutes = -date.getTimezoneOffset()
  const two = (n: number): string => String(Math.trunc(Math.abs(n))).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}${two(minutes % 60)}`
}
