// The `Base` value that every stage works with.
import { randomBytes } from 'node:crypto'
import { relative } from 'node:path'
import { DEFAULT_CONFIG, type Config } from '../../core/config.ts'
import { KbError } from '../../core/errors.ts'
import { SILENT, type Logger } from '../../core/logger.ts'
import { withSlashes } from '../../core/platform.ts'
import type { Base, Clock } from '../../io/base.ts'
import { Git, type Repository } from '../../io/git/git.ts'
import { sidecarOf } from '../../io/sidecar/paths.ts'

export type OpenBaseOptions = {
  /** The base's folder. */
  dir: string
  env: NodeJS.ProcessEnv
  clock?: Clock
  logger?: Logger | undefined
  driver?: Base['driver']
  /** A branch, by its short or full name. Default: the one that is checked out; of a headless base, the one of HEAD. */
  branch?: string | undefined
}

/** The `Base` value for a folder of a repository, whether or not the folder is a base yet. */
export function makeBase(
  options: OpenBaseOptions,
  root: string,
  repository: Repository,
  {
    config = DEFAULT_CONFIG,
    branch,
    prefix,
  }: { config?: Config | undefined; branch?: string | undefined; prefix?: string } = {},
): Base {
  const inside = prefix?.replace(/\/$/, '') ?? withSlashes(relative(repository.workTree, root))
  if (/[\n\0]/.test(inside))
    throw new KbError('usage', `The path of a base cannot contain a line break: ${JSON.stringify(inside)}.`)
  return {
    root,
    prefix: inside === '' ? '' : `${inside}/`,
    repository,
    branch,
    sidecarDir: sidecarOf(repository),
    config,
    git: new Git(repository.workTree, options.env, config.durability),
    clock: options.clock ?? systemClock(options.env),
    logger: options.logger ?? SILENT,
    env: options.env,
    driver: options.driver,
  }
}

/** Throws `KbError` (`usage`) for a name that git does not allow for a branch. */
export function fullBranch(name: string): string {
  const short = name.replace(/^refs\/heads\//, '')
  if (BRANCH.test(short) && short !== 'HEAD') return `refs/heads/${short}`
  throw new KbError('usage', `"${name}" is not the name of a branch.`, { hint: 'See "git branch" for names.' })
}

/** As git-check-ref-format(1) has it. */
const BRANCH = /^(?![-/.])(?!.*(?:\/\/|\/\.|\.\.|@\{|\.lock(?:\/|$)))[^\0-\x20\x7f~^:?*[\\]+(?<![/.])$/

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
