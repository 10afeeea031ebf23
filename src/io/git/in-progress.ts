// What git operation is in progress in a work tree: kbgit does not commit in the middle of one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from './git.ts'

/** Files of the git directory that show it. */
const SIGNS: readonly (readonly [file: string, what: string])[] = [
  ['MERGE_HEAD', 'a merge'],
  ['rebase-merge', 'a rebase'],
  ['rebase-apply', 'a rebase or am'],
  ['CHERRY_PICK_HEAD', 'a cherry-pick'],
  ['REVERT_HEAD', 'a revert'],
  ['BISECT_LOG', 'a bisect'],
]

/** For example `a merge`; undefined if there is none. */
export function operationInProgress({ gitDir }: Pick<Repository, 'gitDir'>): string | undefined {
  return SIGNS.find(([file]) => existsSync(join(gitDir, file)))?.[1]
}
