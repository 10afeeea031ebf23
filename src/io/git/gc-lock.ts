// Handles a concurrent `git gc`: objects it chose to delete before they had a ref may be deleted after they have one.
import { readFile, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { KbError, systemCode } from '../../core/errors.ts'
import type { Repository } from './git.ts'

const POLL_MS = 20

/** Age at which git itself ignores the note (lock_repo_for_gc in builtin/gc.c). */
const NOTE_MS_MAX = 12 * 60 * 60 * 1000

/**
 * Waits for a running `git gc`, found by its own pid file (the note). Returns whether there was one; the caller then
 * checks that its objects still exist. After `waitMs` it throws `KbError` (`repositoryBusy`) if the process is running
 * on this machine, and continues if the note is from another machine, where its state cannot be checked.
 */
export async function outlastCollection({ commonDir }: Repository, waitMs: number): Promise<boolean> {
  const note = join(commonDir, 'gc.pid')
  const deadline = performance.now() + waitMs
  for (let met = false; ; met = true) {
    const collector = await findCollector(note)
    if (collector === undefined) return met
    if (performance.now() > deadline) {
      if (collector === 'elsewhere') return true
      throw new KbError('repositoryBusy', `git gc is running on ${commonDir}: it could delete what is being written.`, {
        hint: `Wait for it, then try again. If no gc is running, remove ${note}.`,
      })
    }
    await delay(POLL_MS)
  }
}

/**
 * The note is `<process> <host>`. It is stale if its process on this machine is dead, or if it is old, by git's own
 * rule.
 */
async function findCollector(note: string): Promise<'here' | 'elsewhere' | undefined> {
  let text: string
  try {
    if (Date.now() - (await stat(note)).mtimeMs > NOTE_MS_MAX) return undefined
    text = await readFile(note, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw error
  }
  const [pid = '', host] = text.trim().split(' ')
  if (host === undefined) return undefined
  if (host !== hostname() || !/^\d+$/.test(pid)) return 'elsewhere'
  try {
    process.kill(Number(pid), 0)
    return 'here'
  } catch (error) {
    return systemCode(error) === 'ESRCH' ? undefined : 'here'
  }
}
