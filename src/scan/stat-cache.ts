// The hash of a file when it was last read, keyed by its file system metadata: an unchanged folder costs stats, not
// reads. The same for originals that git holds, by object id. Purely a cache: if anything is wrong with it, it is deleted and rebuilt.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, type BigIntStats } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync, type StatementSync } from 'node:sqlite'
import { crc32 } from 'node:zlib'
import type { Logger } from '../core/logger.ts'
import { messageOf } from '../core/errors.ts'

/** `unplaced`: its content is in no format that this version knows. */
export type Known = { sha256: string } | 'unplaced'

export type StatCacheOptions = {
  /**
   * Anything that the meaning of an entry depends on, e.g. kbgit's version. Entries of another generation are dropped.
   */
  generation: string
  logger: Logger
}

/** Maximum number of entries; beyond it, the ones written longest ago are removed. */
const ENTRIES_MAX = 500_000
/** Entries buffered in memory until they are written together. */
const WAITING_MAX = 1_000
/** Milliseconds that a statement waits for another kbgit. */
const BUSY_WAIT_MS = 250
/**
 * How much later than its last change a file must have been read to be trusted. The kernel's clock for files ticks
 * every 1 to 10 ms; a file system without fractions of a second may count in steps of two seconds, as FAT does.
 */
const TICK_NS = 20_000_000n
const COARSE_TICK_NS = 2_000_000_000n
const SECOND_NS = 1_000_000_000n

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS file (id INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, state TEXT NOT NULL,
    digest TEXT NOT NULL, checksum INTEGER NOT NULL)`

export class StatCache implements Disposable {
  readonly #path: string
  readonly #options: StatCacheOptions
  #db: DatabaseSync | undefined
  #select: StatementSync | undefined
  #waiting = new Map<string, { path: Uint8Array; state: string; digest: string }>()

  /**
   * Opens the cache at an absolute path. Never throws: if it cannot be opened, nothing is known and nothing is kept.
   */
  constructor(path: string, options: StatCacheOptions) {
    this.#path = path
    this.#options = options
    const error = this.#open()
    if (error === undefined || isBusy(error)) return
    this.#discard()
    this.#open()
  }

  get(path: Uint8Array, stat: BigIntStats): Known | undefined {
    return this.#get(path, stateOf(stat))
  }

  /** The SHA-256 of the content of a git object, which never changes. */
  objectDigest(oid: string): string | undefined {
    const known = this.#get(objectKey(oid), OBJECT)
    return known === 'unplaced' ? undefined : known?.sha256
  }

  putObject(oid: string, sha256: string): void {
    this.#put(objectKey(oid), OBJECT, sha256)
  }

  /** The commit that was last kept under a name. */
  mark(name: string): string | undefined {
    try {
      const path = markKey(name)
      const row = this.#select?.get(path)
      const commit = String(row?.['state'] ?? '')
      return row?.['checksum'] === checksum(path, commit, MARK) ? commit : undefined
    } catch (error) {
      this.#giveUp(error)
      return undefined
    }
  }

  putMark(name: string, commit: string): void {
    this.#put(markKey(name), commit, MARK)
  }

  #get(path: Uint8Array, state: string): Known | undefined {
    try {
      const row = this.#select?.get(path)
      if (row === undefined || row['state'] !== state) return undefined
      const digest = String(row['digest'])
      // SQLite trusts its pages; after a power cut this file, which is not synced, may hold others.
      if (row['checksum'] !== checksum(path, state, digest)) return undefined
      if (digest === 'unplaced') return digest
      return /^[0-9a-f]{64}$/.test(digest) ? { sha256: digest } : undefined
    } catch (error) {
      this.#giveUp(error)
      return undefined
    }
  }

  /**
   * Remembers what was read. `readAtNs` is the system's time, in nanoseconds since 1970, before the file was opened: a
   * file changed that late may change again without any sign of it, so it is not remembered (the "racy" entries of
   * git's index: git-scm.com/docs/racy-git).
   */
  put(path: Uint8Array, stat: BigIntStats, known: Known, readAtNs: bigint): void {
    if (!isRacy(stat, readAtNs)) this.#put(path, stateOf(stat), known === 'unplaced' ? known : known.sha256)
  }

  #put(path: Uint8Array, state: string, digest: string): void {
    if (this.#db === undefined) return
    this.#waiting.set(Buffer.from(path).toString('latin1'), { path, state, digest })
    if (this.#waiting.size >= WAITING_MAX) this.flush()
  }

  flush(): void {
    const db = this.#db
    if (db === undefined || this.#waiting.size === 0) return
    try {
      db.exec('BEGIN IMMEDIATE')
      const insert = db.prepare('INSERT OR REPLACE INTO file (path, state, digest, checksum) VALUES (?, ?, ?, ?)')
      for (const { path, state, digest } of this.#waiting.values())
        insert.run(path, state, digest, checksum(path, state, digest))
      db.exec(`DELETE FROM file WHERE id <= (SELECT max(id) FROM file) - ${ENTRIES_MAX}; COMMIT`)
    } catch (error) {
      this.#giveUp(error)
    }
    this.#waiting = new Map()
  }

  [Symbol.dispose](): void {
    this.flush()
    this.#close()
  }

  /** What went wrong, if anything. */
  #open(): unknown {
    try {
      mkdirSync(dirname(this.#path), { recursive: true })
      const db = new DatabaseSync(this.#path, { timeout: BUSY_WAIT_MS })
      this.#db = db
      db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF')
      // SQLite keeps 32 bits of `user_version`, signed.
      const generation = createHash('sha256').update(`1 ${this.#options.generation}`).digest().readInt32BE()
      if (db.prepare('PRAGMA user_version').get()?.['user_version'] !== generation) {
        db.exec(`BEGIN IMMEDIATE; DROP TABLE IF EXISTS file; ${SCHEMA}; PRAGMA user_version = ${generation}; COMMIT`)
      }
      this.#select = db.prepare('SELECT state, digest, checksum FROM file WHERE path = ?')
      return undefined
    } catch (error) {
      this.#options.logger.debug({ path: this.#path, error: messageOf(error) }, 'the stat cache cannot be opened')
      this.#close()
      return error
    }
  }

  /** Another kbgit that is writing is not a reason to discard its work. */
  #giveUp(error: unknown): void {
    this.#options.logger.debug({ path: this.#path, error: messageOf(error) }, 'the stat cache is given up for this run')
    this.#close()
    if (isDamage(error)) this.#discard()
  }

  #discard(): void {
    for (const suffix of ['', '-wal', '-shm']) {
      try {
        rmSync(this.#path + suffix, { force: true, recursive: true })
      } catch {
        // A folder that is not writable: this run has no cache.
      }
    }
  }

  #close(): void {
    try {
      this.#db?.close()
    } catch {
      // Nothing in it is needed.
    }
    this.#db = undefined
    this.#select = undefined
  }
}

/** The state of a git object, in place of a file's. */
const OBJECT = 'object'

/** Unlike the absolute path of any file. */
function objectKey(oid: string): Uint8Array {
  return Buffer.from(`git:${oid}`)
}

/** What a mark has in place of a digest. */
const MARK = 'mark'

function markKey(name: string): Uint8Array {
  return Buffer.from(`mark:${name}`)
}

function stateOf(stat: BigIntStats): string {
  return `${stat.size} ${stat.mtimeNs} ${stat.ctimeNs} ${stat.ino} ${stat.dev}`
}

function checksum(path: Uint8Array, state: string, digest: string): number {
  return crc32(`${state} ${digest}`, crc32(path))
}

function isRacy(stat: BigIntStats, readAtNs: bigint): boolean {
  return [stat.mtimeNs, stat.ctimeNs].some(
    (time) => time + (time % SECOND_NS === 0n ? COARSE_TICK_NS : TICK_NS) >= readAtNs,
  )
}

/** The primary result code of an SQLite error (sqlite.org/rescode.html). */
function resultCode(error: unknown): number {
  return Number((error as { errcode?: unknown } | null)?.errcode ?? 0) & 0xff
}

/** SQLITE_CORRUPT and SQLITE_NOTADB. */
function isDamage(error: unknown): boolean {
  return [11, 26].includes(resultCode(error))
}

/** SQLITE_BUSY and SQLITE_LOCKED. */
function isBusy(error: unknown): boolean {
  return [5, 6].includes(resultCode(error))
}
