// A knowledge base as every stage sees it: where it is, how to reach git, what time it is.
import type { Config } from '../core/config.ts'
import type { Logger } from '../core/logger.ts'
import type { Git, Repository } from './git/git.ts'

export type Base = {
  /** Absolute path of the folder with `kbgit.yaml`. */
  root: string
  /** The base's folder relative to the work tree: '' or `notes/kb/`. */
  prefix: string
  repository: Repository
  /** `<git common dir>/kbgit`. */
  sidecarDir: string
  config: Config
  /** git as `durability` asks. It runs in the work tree's top folder. */
  git: Git
  /** What reads history: default `git`. `in-process` starts no program if the repository can be read without. */
  driver?: 'git' | 'in-process' | undefined
  /** No git was found: the base can be read, not written. */
  gitMissing?: boolean | undefined
  clock: Clock
  logger: Logger
  /** Passed to programs and providers; the library looks up nothing by itself. */
  env: NodeJS.ProcessEnv
}

/** Seconds since the epoch, and the zone as git writes it (`+0100`). */
export type Clock = { now: () => { seconds: number; zone: string }; random: () => string }

/** Path relative to the work tree of a path relative to the base. */
export function treePath(base: Pick<Base, 'prefix'>, path: string): string {
  return base.prefix + path
}

/** The worktree's git directory relative to the common one: '.' or `worktrees/<name>`. Survives a move of the whole. */
export function worktreeId({ repository: { gitDir, commonDir } }: Base): string {
  return gitDir === commonDir ? '.' : gitDir.slice(commonDir.length + 1)
}

/** The key of this worktree and base: names their snapshot in the catalog and their pages in the search store. */
export function snapshotKey(base: Base): string {
  return `${worktreeId(base)}\n${base.prefix}`
}

/** The current time as kbgit writes it into pages and records: ISO 8601, UTC, seconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock.now().seconds * 1000).toISOString().replace(/\.\d+Z$/, 'Z')
}
