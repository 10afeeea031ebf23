// Removes lock files left by a killed git process of ours. git never removes those itself.
import { readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from '../../core/errors.ts'
import { namesIn } from '../folder-names.ts'
import type { Repository } from './git.ts'

/** Milliseconds that a lock must stay unchanged to count as stale. A live git holds one for less than 1 ms. */
const STALE_AFTER_MS = 1_000
const POLL_MS = 20

/**
 * Waits for git processes that may still be moving `branch`, and removes stale locks: those that are empty or contain
 * one of `ours`. Any other lock is not ours and stays. If a git that was stopped all that time holds an empty one, its
 * rename fails: it reports an error and nothing is lost.
 */
export async function clearStaleRefLocks(repository: Repository, branch: string, ours: string[]): Promise<void> {
  const { commonDir, gitDir } = repository
  const locks = [join(commonDir, `${branch}.lock`), join(gitDir, 'HEAD.lock')]
  await Promise.all([...locks.map((path) => clearStaleLock(path, ours)), clearStalePackedRefsLock(repository)])
}

/** The same for kbgit's private refs, where every lock is ours. `folder` is relative to the common git directory. */
export async function clearStalePrivateRefLocks(repository: Repository, folder: string): Promise<void> {
  const at = join(repository.commonDir, folder)
  const locks = (await namesIn(at))
    .filter((name) => name.endsWith('.lock'))
    .map((name) => clearStaleLock(join(at, name)))
  await Promise.all([...locks, clearStalePackedRefsLock(repository)])
}

/** Clears `git config`'s lock; called if our note says that a `git config` was running when its kbgit died. */
export async function clearStaleConfigLock({ commonDir }: Repository): Promise<void> {
  await clearStaleLock(join(commonDir, 'config.lock'))
}

/**
 * Deleting a ref also takes this lock. If a new packed-refs file exists next to it, another git is packing refs: not
 * ours.
 */
async function clearStalePackedRefsLock({ commonDir }: Repository): Promise<void> {
  if ((await look(join(commonDir, 'packed-refs.new'))) === undefined)
    await clearStaleLock(join(commonDir, 'packed-refs.lock'), [])
}

/** `ours`: the content that the lock must have; any content if absent. */
async function clearStaleLock(path: string, ours?: string[]): Promise<void> {
  const seen = await look(path)
  if (seen === undefined || (ours !== undefined && seen.text !== '' && !ours.includes(seen.text))) return
  for (let waitedMs = 0; waitedMs < STALE_AFTER_MS; waitedMs += POLL_MS) {
    await delay(POLL_MS)
    if ((await look(path))?.identity !== seen.identity) return
  }
  await unlink(path).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error
  })
}

async function look(path: string): Promise<{ identity: string; text: string } | undefined> {
  try {
    const { ino, mtimeNs, size } = await stat(path, { bigint: true })
    // An unfinished packed-refs file can be large, and is not ours if it has content.
    const text = size > 200n ? 'foreign' : (await readFile(path, 'latin1')).trim()
    return { identity: `${ino} ${mtimeNs} ${size}`, text }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
