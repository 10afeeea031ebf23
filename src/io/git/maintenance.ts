// Keeps the repository small after many commits: joins packs, as git's own maintenance would, while kbgit writes
// nothing.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { Base } from '../base.ts'
import { Git } from './git.ts'

/** Commits per run from which packing is worth its time. */
const COMMITS_MIN = 500
/** Number of packs, from any source, at which git's reads slow down: the default of git's `gc.autoPackLimit`. */
const PACKS_MAX = 50

/** Delta window, half of git's default: the versions of a page are adjacent. */
const WINDOW = 5
/** Since git 2.33. Packs marked to be kept stay as they are, including those of a running fast-import. */
const REPACK = ['repack', '--geometric=2', '-d', `--window=${WINDOW}`, '-q', '--no-write-bitmap-index']
/**
 * fast-import makes deltas only against what it was sent before, and git keeps such deltas forever unless asked
 * otherwise. In a large group that is an older version of the same file (`commit/object-stream.ts`); in small groups,
 * which are also quick to pack, it is whatever came before.
 */
const NEW_DELTAS = '-f'
/** Groups with fewer commits per pack than this count as small. */
const GROUP_COMMITS_MIN = 50

/**
 * Joins packs if a run made many commits or there are many packs. Call it outside of any lock and transaction. Failure
 * or interruption leaves the repository unchanged: git puts the new pack in place before it drops the old ones.
 */
export async function packIfMany(base: Base, commits: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted === true) return
  const packs = await countPacks(base)
  if (commits < COMMITS_MIN && packs < PACKS_MAX) return
  const started = performance.now()
  try {
    const git = new Git(base.repository.workTree, base.env, base.config.durability)
    const options = { signal }
    const geometric = await git.run(commits < packs * GROUP_COMMITS_MIN ? [...REPACK, NEW_DELTAS] : REPACK, {
      ...options,
      ok: [0, 1, 128, 129],
    })
    if (geometric.code !== 0)
      await git.run(['-c', 'gc.auto=6700', '-c', 'gc.autoDetach=false', 'gc', '--auto', '--quiet'], options)
    base.logger.debug(
      { commits, packs, left: await countPacks(base), ms: Math.round(performance.now() - started) },
      'packed the repository',
    )
  } catch (error) {
    base.logger.debug({ error: messageOf(error) }, 'the repository was not packed')
  }
}

async function countPacks({ repository }: Base): Promise<number> {
  const names = await readdir(join(repository.commonDir, 'objects/pack')).catch(() => [])
  return names.filter((name) => name.endsWith('.pack')).length
}
