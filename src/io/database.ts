// SQLite for state that can be rebuilt: a file that cannot be trusted is set aside, never repaired and never read.
import { existsSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync, type SQLInputValue, type SQLOutputValue, type StatementSync } from 'node:sqlite'
import { KbError, messageOf } from '../core/errors.ts'
import { removeFile } from './durable-fs.ts'

export type Row = Record<string, SQLOutputValue>

export type DatabaseShape = {
  /** Stored in `user_version`, from 1. A file with any other number, older or newer, is set aside. */
  version: number
  schema: string
  /**
   * FULL: a committed transaction survives a power cut. NORMAL: the newest ones may be lost, the file stays consistent.
   */
  synchronous: 'FULL' | 'NORMAL'
}

export type DatabaseOptions = {
  /**
   * `write`: a missing file is created and a bad one replaced; safe with several processes at once, because SQLite's
   * own locks keep them apart. `read`: a bad or missing file is left alone, and an empty private in-memory database is
   * used instead.
   */
  access: 'write' | 'read'
  /** Check the whole file first, as after a crash. Takes time in proportion to the file's size. */
  thorough?: boolean
}

/** `fresh`: there was no file. `replaced`: the old one was set aside. `standIn`: in memory. All three are empty. */
export type DatabaseState = 'kept' | 'fresh' | 'replaced' | 'standIn'

/** Milliseconds that a statement waits for another process's transaction. */
const BUSY_WAIT_MS = 5_000
/** Page cache per connection, in KiB. */
const CACHE_KIB = 32 * 1024
const SET_ASIDE = 'set-aside'
/** Result codes for a file that is damaged or not a database (sqlite.org/rescode.html). */
const CORRUPT = 11
const NOT_A_DATABASE = 26
/** READONLY, CANTOPEN, and their extended codes. */
const UNWRITABLE = new Set([8, 14])

export class Database implements Disposable {
  readonly state: DatabaseState
  readonly #path: string
  readonly #db: DatabaseSync
  /** The file that was opened. */
  readonly #inode: number | undefined
  readonly #statements = new Map<string, StatementSync>()

  private constructor(path: string, db: DatabaseSync, state: DatabaseState) {
    this.#path = path
    this.#db = db
    this.state = state
    this.#inode = inodeOf(path)
  }

  /**
   * Opens the database at an absolute path and creates its folder. Throws `KbError` (`storage`) if the disk refuses.
   */
  static open(name: string, shape: DatabaseShape, options: DatabaseOptions): Database {
    try {
      const path = newest(name)
      const trusted = existsSync(path) && !existsSync(doubt(path))
      const db = trusted ? tryOpen(path, shape, options) : undefined
      if (db instanceof DatabaseSync) return new Database(path, db, 'kept')
      if (options.access === 'read') return new Database(path, create(':memory:', shape), 'standIn')
      if (existsSync(path) && db !== 'empty') {
        setAside(name, path)
        return new Database(newest(name), create(newest(name), shape), 'replaced')
      }
      mkdirSync(dirname(path), { recursive: true })
      removeFile(doubt(path))
      return new Database(path, create(path, shape), 'fresh')
    } catch (cause) {
      throw storageError(name, cause)
    }
  }

  /** The first row, or undefined. */
  one(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#guard(() => this.#statement(sql).get(...values))
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#guard(() => this.#statement(sql).all(...values))
  }

  /** Yields rows one by one. No other statement may write before the last one has been read. */
  *each(sql: string, ...values: SQLInputValue[]): Generator<Row> {
    const rows = this.#guard(() => this.#db.prepare(sql).iterate(...values))
    for (;;) {
      const next = this.#guard(() => rows.next())
      if (next.done === true) return
      yield next.value
    }
  }

  /** The number of changed rows, and the row id of the last insert. */
  run(sql: string, ...values: SQLInputValue[]): { changes: number; rowid: number } {
    const { changes, lastInsertRowid } = this.#guard(() => this.#statement(sql).run(...values))
    return { changes: Number(changes), rowid: Number(lastInsertRowid) }
  }

  exec(sql: string): void {
    this.#guard(() => this.#db.exec(sql))
  }

  /** Identity of the open file: a different value means a different file. */
  get identity(): string {
    return this.state === 'standIn' ? 'in memory' : `${this.#path} ${inodeOf(this.#path) ?? 'gone'}`
  }

  /** Whether opening the database now would open this file: it was not set aside, and nobody found damage in it. */
  get isCurrent(): boolean {
    if (this.state === 'standIn' || !this.#db.isOpen) return false
    return this.#inode !== undefined && inodeOf(this.#path) === this.#inode && !existsSync(doubt(this.#path))
  }

  get inTransaction(): boolean {
    return this.#db.isTransaction
  }

  /** Runs `work` in a transaction: all or nothing. */
  transact<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.exec('COMMIT')
      return result
    } catch (error) {
      if (this.inTransaction) this.exec('ROLLBACK')
      throw error
    }
  }

  /** Rewrites the file: no bytes of deleted rows are left in it or in its log. Takes time in proportion to its size. */
  compact(): void {
    this.exec('VACUUM; PRAGMA wal_checkpoint(TRUNCATE)')
  }

  [Symbol.dispose](): void {
    if (this.#db.isOpen) this.#db.close()
  }

  #statement(sql: string): StatementSync {
    let statement = this.#statements.get(sql)
    if (statement === undefined) {
      statement = this.#db.prepare(sql)
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Damage found while working is noted next to the file: the next writer sets the file aside when it opens it. */
  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (cause) {
      if (isDamage(cause) && this.state !== 'standIn') {
        try {
          writeFileSync(doubt(this.#path), `${messageOf(cause)}\n`)
        } catch {
          // The error itself is what matters.
        }
      }
      throw storageError(this.#path, cause)
    }
  }
}

function create(path: string, shape: DatabaseShape): DatabaseSync {
  const db = new DatabaseSync(path, { timeout: BUSY_WAIT_MS })
  setUp(db, shape)
  db.exec('BEGIN IMMEDIATE')
  // Another process may have created it meanwhile.
  if (versionOf(db) !== shape.version) db.exec(`${shape.schema}; PRAGMA user_version = ${shape.version}`)
  db.exec('COMMIT')
  return db
}

/** Undefined if the file is not a valid database of this version; `empty` if it is about to become one. */
function tryOpen(path: string, shape: DatabaseShape, options: DatabaseOptions): DatabaseSync | 'empty' | undefined {
  let db: DatabaseSync | undefined
  try {
    db = new DatabaseSync(path, { timeout: BUSY_WAIT_MS })
    // Reading the version makes SQLite compare the header with the size of the file and replay its log.
    const version = versionOf(db)
    if (version === 0 && Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n']) === 0) {
      db.close()
      return 'empty'
    }
    if (version === shape.version) {
      setUp(db, shape)
      db.prepare('SELECT count(*) FROM sqlite_schema').get()
      if (options.thorough !== true || db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok') return db
    }
  } catch (error) {
    db?.close()
    if (isDamage(error)) return undefined
    // Even to read a database in WAL mode, SQLite writes next to it. If it cannot, a reader does without.
    if (options.access === 'read' && UNWRITABLE.has(resultCode(error))) return undefined
    throw storageError(path, error)
  }
  db.close()
  return undefined
}

function versionOf(db: DatabaseSync): number {
  return Number(db.prepare('PRAGMA user_version').get()?.['user_version'])
}

function setUp(db: DatabaseSync, shape: DatabaseShape): void {
  db.exec(
    `PRAGMA journal_mode = WAL; PRAGMA synchronous = ${shape.synchronous}; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -${CACHE_KIB}`,
  )
}

/**
 * The current file: `x.db`, after that was set aside `x-2.db`, then `x-3.db`. Names are never reused: a process that
 * still has the old file open removes `<name>-wal` when it closes, and a log without its database would be replayed
 * into a new database of that name.
 */
function newest(name: string): string {
  const stem = basename(name, '.db')
  const siblings = numbers(dirname(name), (file) => /^(.*)-(\d+)\.db$/.exec(file), stem)
  const aside = numbers(join(dirname(name), SET_ASIDE), (file) => /^(.*)\.db\.(\d+)$/.exec(file), stem)
  const logs = numbers(dirname(name), (file) => /^(.*?)(?:-(\d+))?\.db-wal$/.exec(file), stem)
  const strays = logs.filter((n) => !existsSync(generationPath(name, n)))
  const generation = Math.max(1, ...siblings, ...[...aside, ...strays].map((n) => n + 1))
  return generationPath(name, generation)
}

function generationPath(name: string, generation: number): string {
  return generation === 1 ? name : join(dirname(name), `${basename(name, '.db')}-${generation}.db`)
}

function numbers(folder: string, match: (file: string) => RegExpExecArray | null, stem: string): number[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((file) => {
    const found = match(file)
    return found?.[1] === stem ? [Number(found[2] ?? 1)] : []
  })
}

function setAside(name: string, path: string): void {
  const folder = join(dirname(name), SET_ASIDE)
  mkdirSync(folder, { recursive: true })
  const generation = /-(\d+)\.db$/.exec(path.slice(name.length - 3))?.[1] ?? '1'
  const target = join(folder, `${basename(name)}.${generation}`)
  for (const suffix of ['-shm', '-wal', '']) {
    if (existsSync(path + suffix)) renameSync(path + suffix, target + suffix)
  }
  removeFile(doubt(path))
}

function inodeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

function doubt(path: string): string {
  return `${path}.damaged`
}

/** The primary result code of an SQLite error: the low byte. */
function resultCode(error: unknown): number {
  return Number((error as { errcode?: unknown } | null)?.errcode ?? 0) & 0xff
}

function isDamage(error: unknown): boolean {
  const code = resultCode(error)
  return code === CORRUPT || code === NOT_A_DATABASE
}

function storageError(path: string, cause: unknown): unknown {
  const error = cause as { code?: unknown } | null
  if (
    cause instanceof KbError ||
    (error?.code !== 'ERR_SQLITE_ERROR' && !(cause instanceof Error && 'syscall' in cause))
  )
    return cause
  const hint = isDamage(cause) ? 'Run `kbgit recover`: the file is set aside and rebuilt from git.' : undefined
  return new KbError('storage', `${path}: ${messageOf(cause)}.`, hint === undefined ? { cause } : { cause, hint })
}
