// A knowledge base as every stage sees it: its paths, its git, its clock.
import type { Config } from '../core/config.ts'
import type { Logger } from '../core/logger.ts'
import type { Git, Repository } from './git/git.ts'
import type { History } from './history.ts'
import type { PageIndex } from './search/store.ts'

export type Base = {
  /** Absolute path of the folder with `kbgit.yaml`; of a headless base, the git directory. */
  root: string
  /** The base's folder relative to the work tree: '' or `notes/kb/`. */
  prefix: string
  repository: Repository
  /**
   * The branch that commands read and write, as a full ref name: no index and no work tree follow it. Undefined: the one
   * that is checked out. Always set for a headless base.
   */
  branch?: string | undefined
  /** `<git common dir>/kbgit`. */
  sidecarDir: string
  config: Config
  /** git with the configured `durability`. It runs in the top folder of the work tree, or in the git directory. */
  git: Git
  /**
   * The driver that reads history; default `git`. `in-process` starts no program if the repository can be read without.
   */
  driver?: 'git' | 'in-process' | undefined
  /** Set if readers share one history, and one after another a search store, which stay open with the base. */
  held?: Held | undefined
  /** Set if git was not found: the base can be read, not written. */
  gitMissing?: boolean | undefined
  clock: Clock
  logger: Logger
  /** Passed to programs and providers; the library itself reads no environment variables. */
  env: NodeJS.ProcessEnv
}

/** `index`: an open search store that nobody uses at the moment. */
type Held = { history?: Promise<History> | undefined; index?: PageIndex | undefined }

/** Seconds since the epoch, and the time zone as git writes it (`+0100`). */
export type Clock = { now: () => { seconds: number; zone: string }; random: () => string }

/** A path relative to the work tree, from one relative to the base. */
export function repoPathOf(base: Pick<Base, 'prefix'>, basePath: string): string {
  return base.prefix + basePath
}

/** The revision that commands read by default and that writers build on. */
export function headRevision({ branch }: Pick<Base, 'branch'>): string {
  return branch ?? 'HEAD'
}

/** Whether a base is a bare repository, which has neither a work tree nor an index. */
export function isHeadless({ repository }: Pick<Base, 'repository'>): boolean {
  return repository.bare === true
}

/**
 * The worktree's git directory relative to the common one: '.' or `worktrees/<name>`. Stays valid if the repository
 * moves.
 */
export function worktreeId({ repository: { gitDir, commonDir } }: Base): string {
  return gitDir === commonDir ? '.' : gitDir.slice(commonDir.length + 1)
}

/**
 * Identifies this worktree and base: the key of their snapshot in the catalog and of their pages in the search store.
 */
export function snapshotKey(base: Base): string {
  return `${worktreeId(base)}\n${base.prefix}`
}

/** The current time as kbgit writes it into pages and records: ISO 8601, UTC, seconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock.now().seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}
