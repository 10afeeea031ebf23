// Lock files that a git of ours left when it was killed. git never removes those of the dead.
import { readFile, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { systemCode } from '../../core/errors.ts'
import { namesIn } from '../folder-names.ts'
import type { Repository } from './git.ts'

/** Milliseconds for which a lock must stay unchanged before it counts as stale. A live git holds one for less than 1 ms. */
const STALE_AFTER_MS = 1_000
const POLL_MS = 20

/**
 * Waits for git processes that may still be moving `branch`, and removes what dead ones left: locks that are empty, or
 * that hold one of `ours`. Whoever holds another is not ours, and keeps it. Should an empty one be held by a git that
 * was stopped all that time, its rename fails: it reports an error and nothing is lost.
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

/** What `git config` locks, where a note of ours says that one was at work when its kbgit died. */
export async function clearStaleConfigLock({ commonDir }: Repository): Promise<void> {
  await clearStaleLock(join(commonDir, 'config.lock'))
}

/** Deleting a ref takes this lock too. A git that packs refs has a new file in the making beside it: that one is not ours. */
async function clearStalePackedRefsLock({ commonDir }: Repository): Promise<void> {
  if ((await look(join(commonDir, 'packed-refs.new'))) === undefined)
    await clearStaleLock(join(commonDir, 'packed-refs.lock'), [])
}

/** `ours`: what its content must be; anything where it is absent. */
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
    // A packed-refs file in the making can be large, and is not ours once it has content.
    const text = size > 200n ? 'foreign' : (await readFile(path, 'latin1')).trim()
    return { identity: `${ino} ${mtimeNs} ${size}`, text }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}
