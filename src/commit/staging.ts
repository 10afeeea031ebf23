// Private folders of unfinished work, one a run, each with a lock that the kernel drops when the run dies.
import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { deferred, type Defer } from '../core/deferred.ts'
import { systemCode } from '../core/errors.ts'
import type { Base } from '../io/base.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { type Lock, tryAcquire } from '../io/sidecar/lock.ts'
import { clearPrepared, salvagePrepared } from '../io/sidecar/prepared-store.ts'

const LIVENESS = 'alive.db'
/** The folder of a dead run, on its way out. */
const BURIED = 'dead-'

/**
 * What is done with goes here and is removed with the run, where it cannot be used again. Removing makes every new file
 * dear: for some time ext4 passes over the inodes of removed files one by one when it looks for a free one (measured:
 * 0.4 ms a new file defer 80 documents a second, 0.05 ms without).
 */
const DISCARDED = 'discarded'

/** The staging folder of one run. Leaving its scope removes it; what is prepared in it is kept for the next run. */
export class Staging {
  readonly path: string
  readonly #base: Base
  readonly #lock: Lock
  readonly #defer: Defer | undefined
  #folders = 0
  #discarded = 0
  readonly #cleared: string[] = []

  private constructor(base: Base, path: string, lock: Lock, defer: Defer | undefined) {
    this.#base = base
    this.path = path
    this.#lock = lock
    this.#defer = defer
  }

  /** A reaper may take the folder for a dead one before its lock is held: then it is made again. */
  static async open(base: Base, run: string, defer?: Defer): Promise<Staging> {
    const path = sidecarPath(base, 'staging', run)
    const liveness = join(path, LIVENESS)
    for (;;) {
      await mkdir(path, { recursive: true })
      const lock = tryAcquireIfThere(liveness)
      if (lock === undefined) continue
      if (lstatIfThere(liveness) !== undefined) return new Staging(base, path, lock, defer)
      lock[Symbol.dispose]()
    }
  }

  /** A folder of its own: empty, but for a cleared note. */
  folder(): string {
    const cleared = this.#cleared.pop()
    if (cleared !== undefined) return cleared
    const path = join(this.path, String(++this.#folders))
    mkdirSync(path)
    return path
  }

  /** Takes folders of this run back. Those with files left in them are put out of sight, and removed with the whole. */
  discard(...folders: string[]): void {
    for (const folder of folders) {
      try {
        if (clearPrepared(folder)) {
          this.#cleared.push(folder)
          continue
        }
        if (this.#discarded === 0) mkdirSync(join(this.path, DISCARDED), { recursive: true })
        renameSync(folder, join(this.path, DISCARDED, String(++this.#discarded)))
      } catch {
        // It stays where it is, and goes with the whole.
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await salvagePrepared(this.#base.sidecarDir, this.path)
    this.#lock[Symbol.dispose]()
    // What cannot be removed is reaped by a later command: it is no failure of this one.
    const removal = rm(this.path, { recursive: true, force: true }).catch(() => {})
    await deferred(removal, this.#defer)
  }
}

/**
 * Removes the staging of runs that are dead, and of no other: asks the kernel, not a process id. What they had prepared
 * is kept. Gives the number of runs.
 */
export async function reapStaging(base: Base): Promise<number> {
  const folder = sidecarPath(base, 'staging')
  let runs: string[]
  try {
    runs = await readdir(folder)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return 0
    throw error
  }
  let reaped = 0
  for (const run of runs) {
    const grave = join(folder, `${BURIED}${randomUUID()}`)
    if (!bury(join(folder, run), grave)) continue
    await salvagePrepared(base.sidecarDir, grave)
    await rm(grave, { recursive: true, force: true })
    reaped++
  }
  return reaped
}

/**
 * Moves the folder of a dead run away, under its lock: one that is just being opened is made anew, and is not removed
 * under the hands of its run. False where the run lives, or removes its folder itself.
 */
function bury(path: string, grave: string): boolean {
  const liveness = join(path, LIVENESS)
  let lock: Lock | undefined
  try {
    lock = tryAcquire(liveness, 'exclusive')
    if (lock === undefined) return false
  } catch {
    // What cannot be looked at may be held. Where there is no lock and none can be made, nobody holds it.
    if (mayBeThere(liveness)) return false
  }
  try {
    renameSync(path, grave)
    return true
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false
    throw error
  } finally {
    lock?.[Symbol.dispose]()
  }
}

function mayBeThere(path: string): boolean {
  try {
    return lstatIfThere(path) !== undefined
  } catch {
    return true
  }
}

/** Undefined where a reaper has the lock, or has removed the folder. */
function tryAcquireIfThere(path: string): Lock | undefined {
  try {
    return tryAcquire(path, 'exclusive')
  } catch (error) {
    if (existsSync(dirname(path))) throw error
    return undefined
  }
}
