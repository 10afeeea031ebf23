// Keeping the repository small after many commits: packs are joined, as git's own maintenance would, at a moment when
// nothing of ours is under way.
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../../core/errors.ts'
import type { Base } from '../base.ts'
import { Git } from './git.ts'

/** Commits of one run from which packing is worth its time. */
const COMMITS_MIN = 500
/** Packs from which git's reads grow slower, whoever made them: the default of git's `gc.autoPackLimit`. */
const PACKS_MAX = 50

/** Objects that one is compared with, half of git's default: the versions of a page lie side by side. */
const WINDOW = 5
/** Since git 2.33. Packs that are marked to be kept stay as they are, also those of a fast-import that still runs. */
const REPACK = ['repack', '--geometric=2', '-d', `--window=${WINDOW}`, '-q', '--no-write-bitmap-index']
/**
 * What fast-import made a delta to is only what it was sent before, and git keeps such a delta for ever unless told
 * otherwise. In a large group that is an older version of the same file (`commit/send.ts`); in small ones, which are
 * also quick to pack, it is whatever came before.
 */
const NEW_DELTAS = '-f'
/** Commits a pack below which groups were small. */
const GROUP_COMMITS_MIN = 50

/**
 * Joins packs where a run made many commits or there are many packs. Call it outside of any lock and transaction. Its
 * failure, and an interruption, leave the repository as it was: git puts the new pack in place before it drops the old.
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
