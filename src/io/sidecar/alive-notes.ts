// Notes of running processes: a file for each, renewed every few seconds and removed at the end, so that a process that
// was killed is told from one that works. Nothing depends on them.
import { readdirSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'

/** Milliseconds after which a note is written again, without news too. */
export const RENEW_EVERY_MS = 4_000
const GONE_AFTER_MS = 15_000

/** Names of the notes in a folder, in order. */
export function namesOfNotes(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch {
    return []
  }
}

/** Whether who wrote a note, `at` milliseconds since the epoch, still runs; on this machine the process is looked up. */
export function holderIsAlive({ at, host, pid }: { at: number; host: string; pid: number }): boolean {
  if (Math.abs(Date.now() - at) > GONE_AFTER_MS) return false
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes notes of processes that were killed; and the folder, if nothing is in it any more. */
export function removeOldNotes(folder: string): void {
  try {
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      if (Date.now() - statSync(file).mtimeMs > GONE_AFTER_MS) rmSync(file, { force: true })
    }
    rmdirSync(folder)
  } catch {
    // Another process's file is in it.
  }
}
