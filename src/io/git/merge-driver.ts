// Whether this clone's git knows kbgit's merge driver: configuration is not cloned.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './git.ts'

/** Reads the repository's own configuration file, where kbgit writes it. Starts no program. */
export function hasMergeDriver({ commonDir }: Pick<Repository, 'commonDir'>): boolean {
  try {
    return /^\s*\[merge "kbgit"\]/m.test(readFileSync(join(commonDir, 'config'), 'utf8'))
  } catch {
    return false
  }
}
