// Records what runs of `add` left unfinished: documents in progress when a run ended, and failed ones. Kept in the
// sidecar, for `status` and for retries; nothing depends on it. Two concurrent runs may lose each other's newest
// entries.
import { statSync } from 'node:fs'
import { FAILURE_CODES, type Failure } from '../../core/errors.ts'
import type { FailedSource } from '../../core/results.ts'
import { fields, fits, oneOf, text, type Shape } from '../../core/shape.ts'
import { lstatIfThere } from '../durable-fs.ts'
import { readKeptJson, writeKeptJson } from './kept-json.ts'
import type { Base } from '../base.ts'
import { sidecarPath } from './paths.ts'

/** Maximum number of entries of each kind, the newest ones. */
const KEPT_MAX = 1_000

const SAVE_EVERY_MS = 250

/** `run`: that left it. */
type Pending = { path: string; sha256: string; run?: string | undefined }
type Unfinished = { pending: Pending[]; failed: FailedSource[] }

export class RunRecord {
  readonly #file: string
  readonly #run: string
  readonly #begun = new Map<string, string>()
  readonly #ended = new Map<string, Failure | undefined>()
  #savedAt = Number.NEGATIVE_INFINITY
  #turn: Promise<unknown> = Promise.resolve()

  /** `run`: the id of this run. */
  constructor(base: Pick<Base, 'sidecarDir'>, run: string) {
    this.#run = run
    this.#file = sidecarPath(base, 'lastRun')
  }

  /** Marks a document as in progress: its origin and the digest of its content. */
  begin(origin: string, sha256: string): void {
    this.#begun.set(origin, sha256)
  }

  /** Marks it as done: added, skipped or failed. */
  end(origin: string, failure?: Failure): void {
    this.#begun.delete(origin)
    this.#ended.set(origin, failure)
  }

  /** Writes the changes since the last time. Does not survive a power cut. */
  save(): Promise<void> {
    this.#savedAt = performance.now()
    const turn = this.#turn.then(() => this.#write())
    this.#turn = turn.catch(() => {})
    return turn
  }

  /** The same, if the last time is a while ago. */
  async saveNowAndThen(): Promise<void> {
    if (performance.now() - this.#savedAt > SAVE_EVERY_MS) await this.save()
  }

  async #write(): Promise<void> {
    const { pending, failed } = await read(this.#file)
    const failures = [...this.#ended].flatMap(([path, error]) => (error === undefined ? [] : [{ path, error }]))
    const begun = [...this.#begun].map(([path, sha256]) => ({ path, sha256, run: this.#run }))
    const next: Unfinished = {
      pending: [...pending.filter(({ path }) => !this.#ended.has(path) && !this.#begun.has(path)), ...begun].slice(
        -KEPT_MAX,
      ),
      failed: [...failed.filter(({ path }) => !this.#ended.has(path)), ...failures].slice(-KEPT_MAX),
    }
    this.#ended.clear()
    if (next.pending.length + next.failed.length + pending.length + failed.length > 0) writeKeptJson(this.#file, next)
  }
}

/** Nothing of these runs is to be finished any more. Never throws for a record that cannot be read. */
export async function forgetRuns(base: Pick<Base, 'sidecarDir'>, runs: readonly string[]): Promise<void> {
  const file = sidecarPath(base, 'lastRun')
  const { pending, failed } = await read(file)
  const left = pending.filter(({ run }) => run === undefined || !runs.includes(run))
  if (left.length < pending.length) writeKeptJson(file, { pending: left, failed })
}

/** `isIn`: whether content with that digest is in the base by now. Files that no longer exist are left out. */
export async function unfinishedWork(
  base: Pick<Base, 'sidecarDir'>,
  isIn: (sha256: string) => boolean,
): Promise<Unfinished> {
  const { pending, failed } = await read(sidecarPath(base, 'lastRun'))
  return {
    pending: pending.filter(({ path, sha256 }) => isThere(path) && !isIn(sha256)),
    failed: failed.filter(({ path }) => isThere(path)),
  }
}

/**
 * The origins that failed and still exist. A folder is left out with a warning: what is in it by now may be anything.
 */
export async function failedOrigins(base: Pick<Base, 'sidecarDir' | 'logger'>): Promise<string[]> {
  const { failed } = await unfinishedWork(base, () => false)
  return failed.flatMap(({ path }) => {
    // What came from standard input cannot be read again.
    if (path === '-' || path.startsWith('stdin:')) return []
    if (!isFolder(path)) return [path]
    base.logger.warn({ path }, 'a folder that failed is not tried again by itself: name it to add it')
    return []
  })
}

function isFolder(origin: string): boolean {
  if (/^https?:/.test(origin)) return false
  try {
    return statSync(origin).isDirectory()
  } catch {
    return false
  }
}

/** Whether a file still exists at an origin; URLs count as existing, since that is unknown until they are fetched. */
export function isThere(origin: string): boolean {
  if (/^https?:/.test(origin)) return true
  try {
    return lstatIfThere(origin) !== undefined
  } catch {
    return true
  }
}

const line = text('a text', 256 * 1024)
const PENDING: Shape<Pending> = fields(
  { path: line, sha256: text('a SHA-256', 64, /^[0-9a-f]{64}$/) },
  { run: text('an id', 64) },
)
const FAILED: Shape<FailedSource> = fields(
  { path: line, error: fields({ code: oneOf(...FAILURE_CODES), message: line }, { hint: line }) },
  {},
)

/** Entries that do not match are left out. */
async function read(file: string): Promise<Unfinished> {
  const value = (await readKeptJson(file)) as { pending?: unknown; failed?: unknown } | null | undefined
  return { pending: fitting(PENDING, value?.pending), failed: fitting(FAILED, value?.failed) }
}

function fitting<T>(shape: Shape<T>, values: unknown): T[] {
  return Array.isArray(values) ? values.filter((item): item is T => fits(shape, item)) : []
}
