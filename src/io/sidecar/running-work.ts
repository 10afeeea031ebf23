// What runs are doing now, for other processes that show it: a file per run, renewed every few seconds and removed at the
// end. Nothing depends on it.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import type { Progress, RunningWork } from '../../core/results.ts'
import { fields, fits, integer, oneOf, shapeOf, text } from '../../core/shape.ts'
import type { Base } from '../base.ts'
import { holderIsAlive, namesOfNotes, removeOldNotes, RENEW_EVERY_MS } from './alive-notes.ts'
import { readKeptJson, writeKeptJson } from './kept-json.ts'
import { sidecarPath } from './paths.ts'

/** A run that is over sooner leaves no trace. */
const WRITE_EVERY_MS = 500
const RUNS_MAX = 100

type Note = RunningWork & { version: 1; root: string; host: string; at: number }

const line = text('a text', 256 * 1024)
const NOTE = shapeOf<Note>()(
  fields(
    {
      version: oneOf(1),
      root: line,
      host: line,
      at: integer(0),
      command: text('a name', 64),
      pid: integer(1),
      step: oneOf('scan', 'prepare', 'compile', 'overview'),
      done: integer(0),
      failed: integer(0),
      total: integer(0),
      planned: oneOf(true, false),
    },
    { path: line },
  ),
)

type Place = Pick<Base, 'sidecarDir' | 'root'>

export class RunNote {
  readonly #base: Place
  readonly #file: string
  readonly #timer: NodeJS.Timeout
  readonly #work: RunningWork
  #changed = false
  #writtenAt = Number.NEGATIVE_INFINITY

  constructor(base: Place, command: string) {
    this.#base = base
    this.#file = sidecarPath(base, 'running', `${process.pid}-${randomBytes(4).toString('hex')}.json`)
    this.#work = { command, pid: process.pid, step: 'scan', done: 0, failed: 0, total: 0, planned: false }
    this.#timer = setInterval(() => this.#write(), WRITE_EVERY_MS).unref()
  }

  report(progress: Progress): void {
    const work = this.#work
    this.#changed = true
    switch (progress.kind) {
      case 'planned':
        Object.assign(work, { planned: true, total: Math.max(work.total, progress.total) })
        break
      case 'prepare':
      case 'compile':
        Object.assign(work, { step: progress.kind, path: progress.path })
        break
      case 'done':
        work.done = progress.done
        work.total = Math.max(work.total, progress.total)
        if (progress.outcome === 'failed') work.failed++
        if (work.path === progress.path) work.path = undefined
        break
      case 'overview':
        Object.assign(work, { step: 'overview', path: undefined })
        break
      case 'scan':
      case 'sync':
      case 'purge':
        break
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    if (this.#writtenAt === Number.NEGATIVE_INFINITY) return
    rmSync(this.#file, { force: true })
    removeOldNotes(sidecarPath(this.#base, 'running'))
  }

  #write(): void {
    const now = Date.now()
    if (!this.#changed && now - this.#writtenAt < RENEW_EVERY_MS) return
    this.#changed = false
    this.#writtenAt = now
    const note: Note = { version: 1, root: this.#base.root, host: hostname(), at: now, ...this.#work }
    try {
      writeKeptJson(this.#file, note)
    } catch {
      // A full disk stops the run where it matters.
    }
  }
}

/** What runs on this base are doing, in any process; the oldest first. */
export async function runningWork(base: Place): Promise<RunningWork[]> {
  const found: Note[] = []
  for (const name of namesOfNotes(sidecarPath(base, 'running')).slice(0, RUNS_MAX)) {
    const note = await readKeptJson(sidecarPath(base, 'running', name)).catch(() => undefined)
    if (fits(NOTE, note) && note.root === base.root && holderIsAlive(note)) found.push(note)
  }
  return found.map(({ command, pid, step, path, done, failed, total, planned }) => ({
    command,
    pid,
    step,
    ...(path === undefined ? {} : { path }),
    done,
    failed,
    total,
    planned,
  }))
}
