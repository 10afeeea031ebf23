// What runs are doing now, for other processes that show it: a file per run, renewed every few seconds and removed at the
// end. Nothing depends on it.
import { hostname } from 'node:os'
import type { Progress, RunningWork } from '../../core/results.ts'
import { fields, integer, oneOf, shapeOf, text } from '../../core/shape.ts'
import type { Base } from '../base.ts'
import { AliveNote, aliveNotes, RENEW_EVERY_MS } from './alive-notes.ts'

/** A run that is over sooner leaves no trace. */
const WRITE_EVERY_MS = 500

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
  readonly #root: string
  readonly #note: AliveNote
  readonly #timer: NodeJS.Timeout
  readonly #work: RunningWork
  #changed = false
  #writtenAt = Number.NEGATIVE_INFINITY

  constructor(base: Place, command: string) {
    this.#root = base.root
    this.#note = new AliveNote(base, 'running')
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
    this.#note[Symbol.dispose]()
  }

  #write(): void {
    const now = Date.now()
    if (!this.#changed && now - this.#writtenAt < RENEW_EVERY_MS) return
    this.#changed = false
    this.#writtenAt = now
    this.#note.write({ version: 1, root: this.#root, host: hostname(), at: now, ...this.#work } satisfies Note)
  }
}

/** What runs on this base are doing, in any process; the oldest first. */
export async function runningWork(base: Place): Promise<RunningWork[]> {
  const found = await aliveNotes(base, 'running', NOTE)
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
