// A lock for one writer, or for many readers that need files to stay; the kernel releases it when its holder dies.
//
// It uses SQLite's own file locks (`BEGIN EXCLUSIVE`, or a read transaction for a shared one) in rollback-journal mode,
// in which readers and the writer exclude each other. Nothing else in the process may open the database file: closing
// any other descriptor of it would drop the lock (fcntl semantics). https://www.sqlite.org/lockingv3.html
import { truncateSync } from 'node:fs'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as delay } from 'node:timers/promises'
import { KbError, messageOf, systemCode } from '../../core/errors.ts'
import { removeFile } from '../durable-fs.ts'

const SQLITE_BUSY = 5
/** Result codes for a file that is damaged or not a database (sqlite.org/rescode.html). */
const SQLITE_DAMAGED = [11, 26]
/** Milliseconds between two attempts; doubled up to the second value. */
const RETRY_MS_MIN = 2
const RETRY_MS_MAX = 50
/** Milliseconds that a waiter's note is valid; waiters write a new one at each attempt. */
const WAITING_MS = 4 * RETRY_MS_MAX

export type LockMode = 'exclusive' | 'shared'

export type Lock = {
  /** Milliseconds spent waiting. */
  readonly waitedMs: number
  [Symbol.dispose]: () => void
}

/**
 * Takes the lock if it is free; being locked is not exceptional and returns undefined. A damaged file is emptied: it
 * holds no data, and other processes' locks belong to the file, not to its content. Throws `KbError` (`storage`).
 */
export function tryAcquire(path: string, mode: LockMode): Lock | undefined {
  try {
    return lock(path, mode)
  } catch (error) {
    if (!SQLITE_DAMAGED.includes(resultCode(error))) throw unusable(path, error)
  }
  try {
    for (const suffix of ['-journal', '-wal', '-shm']) removeFile(path + suffix)
    truncateSync(path)
    return lock(path, mode)
  } catch (error) {
    throw unusable(path, error)
  }
}

function lock(path: string, mode: LockMode): Lock | undefined {
  const database = new DatabaseSync(path, { timeout: 0 })
  try {
    if (mode === 'exclusive') database.exec('BEGIN EXCLUSIVE')
    else database.exec('BEGIN; SELECT count(*) FROM sqlite_schema')
  } catch (error) {
    database.close()
    if (resultCode(error) === SQLITE_BUSY) return undefined
    throw error
  }
  return {
    waitedMs: 0,
    [Symbol.dispose]: () => {
      if (database.isOpen) database.close()
    },
  }
}

/** The primary result code of an SQLite error: the low byte. */
function resultCode(error: unknown): number {
  return Number((error as { errcode?: unknown } | null)?.errcode ?? 0) & 0xff
}

function unusable(path: string, cause: unknown): KbError {
  return new KbError('storage', `The lock ${path} cannot be used: ${messageOf(cause)}.`, {
    hint: 'Check the permissions and the free space of the git directory.',
    cause,
  })
}

export type AcquireOptions = {
  /** Milliseconds before it gives up with `locked`. */
  waitMs: number
  /** The name shown to others that wait, e.g. `add`. */
  command: string
  signal?: AbortSignal | undefined
}

/** Gives a waiting process its turn: call it before taking the lock again soon after releasing it. */
export async function letOthersFirst(path: string): Promise<void> {
  const asked = await stat(waitingNote(path)).catch(() => undefined)
  if (asked !== undefined && Math.abs(Date.now() - asked.mtimeMs) < WAITING_MS) await delay(2 * RETRY_MS_MAX)
}

/** Waits for the lock and takes it. Throws `KbError` (`locked`), naming the holder, after `waitMs`. */
export async function acquire(path: string, mode: LockMode, options: AcquireOptions): Promise<Lock> {
  const start = performance.now()
  let pauseMs = RETRY_MS_MIN
  for (;;) {
    const lock = tryAcquire(path, mode)
    const waitedMs = performance.now() - start
    if (lock !== undefined) {
      if (mode === 'shared') return { ...lock, waitedMs }
      const note = await noteHolder(path, options.command)
      return {
        waitedMs,
        [Symbol.dispose]: () => {
          note()
          lock[Symbol.dispose]()
        },
      }
    }
    if (options.signal?.aborted) throw new KbError('interrupted', 'Interrupted while waiting for another kbgit.')
    if (waitedMs >= options.waitMs) {
      throw new KbError('locked', `Another kbgit is writing to this base${await describeHolder(path)}.`, {
        hint: `Waited ${Math.round(waitedMs / 1000)} s. Try again when it is done, or raise lock_wait in kbgit.yaml.`,
      })
    }
    await noteWaiting(path)
    await delay(Math.min(pauseMs, options.waitMs - waitedMs + 1))
    pauseMs = Math.min(pauseMs * 2, RETRY_MS_MAX)
  }
}

// The files next to the lock are only for messages and fairness; no decision depends on them, so they need not be
// durable or even correct.
async function noteHolder(path: string, command: string): Promise<() => void> {
  const note = holderNote(path)
  const holder: Holder = { pid: process.pid, host: hostname(), command, since: new Date().toISOString() }
  try {
    await writeFile(note, JSON.stringify(holder))
    return () => {
      try {
        removeFile(note)
      } catch {
        // The next holder replaces it.
      }
    }
  } catch {
    return () => {}
  }
}

async function noteWaiting(path: string): Promise<void> {
  await writeFile(waitingNote(path), '').catch(() => {})
}

function waitingNote(path: string): string {
  return `${path}.waiting`
}

function holderNote(path: string): string {
  return `${path}.holder`
}

type Holder = { pid: number; host?: string; command: string; since: string }

/** Empty if there is no note, or if the process that wrote it has ended. */
async function describeHolder(path: string): Promise<string> {
  try {
    const { pid, host, command, since } = JSON.parse(await readFile(holderNote(path), 'utf8')) as Partial<Holder>
    if (host === hostname() && !isAlive(Number(pid))) return ''
    return ` (kbgit ${String(command)}, process ${String(pid)}, since ${String(since)})`
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? '' : ' (its note cannot be read)'
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return systemCode(error) !== 'ESRCH'
  }
}
