// Which watches are running, for other processes that show it: a file for each, renewed every few seconds and removed at
// the end. Nothing depends on it.
import { hostname } from 'node:os'
import type { RunningWatch } from '../../core/results.ts'
import { fields, integer, list, oneOf, shapeOf, text } from '../../core/shape.ts'
import type { Base } from '../base.ts'
import { AliveNote, aliveNotes, RENEW_EVERY_MS } from './alive-notes.ts'

type Note = { version: 1; root: string; host: string; pid: number; at: number; since: number; folders: string[] }

const line = text('a text', 256 * 1024)
const NOTE = shapeOf<Note>()(
  fields(
    {
      version: oneOf(1),
      root: line,
      host: line,
      pid: integer(1),
      at: integer(0),
      since: integer(0, 8_640_000_000_000_000),
      folders: list(line, 10_000),
    },
    {},
  ),
)

type Place = Pick<Base, 'sidecarDir' | 'root'>

export class WatchNote implements Disposable {
  readonly #note: AliveNote
  readonly #timer: NodeJS.Timeout

  constructor(base: Place, folders: string[]) {
    this.#note = new AliveNote(base, 'watching')
    const words = {
      version: 1 as const,
      root: base.root,
      host: hostname(),
      pid: process.pid,
      since: Date.now(),
      folders,
    }
    const write = (): void => this.#note.write({ ...words, at: Date.now() } satisfies Note)
    write()
    this.#timer = setInterval(write, RENEW_EVERY_MS).unref()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    this.#note[Symbol.dispose]()
  }
}

/** The watches of this base, on any machine; the oldest first. Those on this one are looked up by their process. */
export async function runningWatches(base: Place): Promise<RunningWatch[]> {
  const found = await aliveNotes(base, 'watching', NOTE)
  return found
    .sort((a, b) => a.since - b.since)
    .map(({ pid, host, since, folders }) => ({ pid, host, since: new Date(since).toISOString(), folders }))
}
