// Whether this clone's git knows kbgit's merge driver: configuration is not cloned.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './git.ts'

/**
 * Reads the repository's own configuration file, where kbgit writes it. Starts no program. A section without the driver's
 * command is one that was not finished.
 */
export function hasMergeDriver({ commonDir }: Pick<Repository, 'commonDir'>): boolean {
  try {
    return /^\s*\[merge "kbgit"\][^[]*^\s*driver\s*=/m.test(readFileSync(join(commonDir, 'config'), 'utf8'))
  } catch {
    return false
  }
}

/** What a merge that kbgit makes beside the work tree tells its driver, which cannot see it there. */
export type MergedBranch = {
  /** Of a bare repository. */
  gitDir?: string | undefined
  /** The revision that is merged into, and the base's folder in it. */
  head?: string | undefined
  prefix?: string | undefined
}

const VARIABLES = { gitDir: 'KBGIT_MERGE_GIT_DIR', head: 'KBGIT_MERGE_HEAD', prefix: 'KBGIT_MERGE_PREFIX' } as const

/** Environment variables for git, if the branch is not the one that is checked out. */
export function driverEnvironment(base: {
  repository: Repository
  branch?: string | undefined
  prefix: string
}): Record<string, string> {
  const { repository, branch, prefix } = base
  if (branch === undefined) return {}
  return {
    ...(repository.bare === true ? { [VARIABLES.gitDir]: repository.gitDir } : {}),
    [VARIABLES.head]: branch,
    [VARIABLES.prefix]: prefix,
  }
}

export function mergedBranch(env: NodeJS.ProcessEnv): MergedBranch {
  return { gitDir: env[VARIABLES.gitDir], head: env[VARIABLES.head], prefix: env[VARIABLES.prefix] }
}
