// `git gc` beside us. What it began to collect before our objects had a ref, it may still delete after they have one.
import { readFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { KbError, systemCode } from '../../core/errors.ts'
import type { Repository } from './git.ts'

const POLL_MS = 20

/**
 * Waits for a `git gc` that runs, by the note that it keeps of itself. Gives whether there was one. Throws `KbError`
 * (`repositoryBusy`) after `waitMs`.
 */
export async function outlastCollection({ commonDir }: Repository, waitMs: number): Promise<boolean> {
  const note = join(commonDir, 'gc.pid')
  const deadline = performance.now() + waitMs
  for (let met = false; ; met = true) {
    if (!(await isRunning(note))) return met
    if (performance.now() > deadline) {
      throw new KbError('repositoryBusy', `git gc is at work on ${commonDir}: it could delete what is being written.`, {
        hint: `Wait for it, then try again. If no gc is running, remove ${note}.`,
      })
    }
    await delay(POLL_MS)
  }
}

/** The note is `<process> <host>`. One of a dead process on this machine is stale, as git itself decides. */
async function isRunning(note: string): Promise<boolean> {
  let text: string
  try {
    text = await readFile(note, 'utf8')
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  }
  const [pid = '', host] = text.trim().split(' ')
  if (host !== hostname() || !/^\d+$/.test(pid)) return host !== undefined
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH'
  }
}
