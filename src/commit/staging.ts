// Private folders of unfinished work, one per run, each with a lock that the kernel releases when the run dies.
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
/** Name prefix of a dead run's folder that is being removed. */
const BURIED = 'dead-'

/**
 * Used-up folders that cannot be reused go here and are removed when the run ends. Removing files earlier makes every
 * new file expensive: for some time ext4 skips the inodes of removed files one by one when it looks for a free one
 * (measured: 0.4 ms per new file at 80 documents per second, 0.05 ms without removals).
 */
const DISCARDED = 'discarded'

/** The staging folder of one run. Leaving its scope removes it; prepared documents in it are kept for the next run. */
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

  /** A reaper may mistake the folder for a dead run's before its lock is held: then it is created again. */
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

  /** A private folder, empty except for a cleared note. */
  folder(): string {
    const cleared = this.#cleared.pop()
    if (cleared !== undefined) return cleared
    const path = join(this.path, String(++this.#folders))
    mkdirSync(path)
    return path
  }

  /**
   * Takes folders of this run back for reuse. Those that still contain files are discarded, and removed with the run.
   */
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
        // It stays in place and is removed with the run.
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await salvagePrepared(this.#base.sidecarDir, this.path)
    this.#lock[Symbol.dispose]()
    // A later command reaps what cannot be removed now: this is not a failure of the run.
    const removal = rm(this.path, { recursive: true, force: true }).catch(() => {})
    await deferred(removal, this.#defer)
  }
}

/**
 * Removes the staging folders of dead runs only: asks the kernel, not a process id. What they had prepared is kept.
 * Returns the number of runs.
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
    // A link or a file is not a run's folder. Nothing is looked for behind it.
    if (lstatIfThere(join(folder, run))?.isDirectory() === false) {
      await rm(join(folder, run), { force: true })
      continue
    }
    const grave = join(folder, `${BURIED}${randomUUID()}`)
    if (!bury(join(folder, run), grave)) continue
    await salvagePrepared(base.sidecarDir, grave)
    await rm(grave, { recursive: true, force: true })
    reaped++
  }
  return reaped
}

/**
 * Moves a dead run's folder away while holding its lock, so that a run that is just opening it creates a new one and
 * does not lose files. False if the run is alive, or removes its folder itself.
 */
function bury(path: string, grave: string): boolean {
  const liveness = join(path, LIVENESS)
  let lock: Lock | undefined
  try {
    lock = tryAcquire(liveness, 'exclusive')
    if (lock === undefined) return false
  } catch {
    // If the lock cannot be examined, it may be held. If there is none and none can be created, it is not held.
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

/** Undefined if a reaper holds the lock or has removed the folder. */
function tryAcquireIfThere(path: string): Lock | undefined {
  try {
    return tryAcquire(path, 'exclusive')
  } catch (error) {
    if (existsSync(dirname(path))) throw error
    return undefined
  }
}
