// Which watches are running, for other processes that show it: a file for each, renewed every few seconds and removed at
// the end. Nothing depends on it.
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { hostname } from 'node:os'
import type { RunningWatch } from '../../core/results.ts'
import { fields, fits, integer, list, oneOf, shapeOf, text } from '../../core/shape.ts'
import type { Base } from '../base.ts'
import { holderIsAlive, namesOfNotes, removeOldNotes, RENEW_EVERY_MS } from './alive-notes.ts'
import { readKeptJson, writeKeptJson } from './kept-json.ts'
import { sidecarPath } from './paths.ts'

const WATCHES_MAX = 100

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
  readonly #base: Place
  readonly #file: string
  readonly #timer: NodeJS.Timeout
  readonly #note: Omit<Note, 'at'>

  constructor(base: Place, folders: string[]) {
    this.#base = base
    this.#file = sidecarPath(base, 'watching', `${process.pid}-${randomBytes(4).toString('hex')}.json`)
    this.#note = { version: 1, root: base.root, host: hostname(), pid: process.pid, since: Date.now(), folders }
    this.#write()
    this.#timer = setInterval(() => this.#write(), RENEW_EVERY_MS).unref()
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
    rmSync(this.#file, { force: true })
    removeOldNotes(sidecarPath(this.#base, 'watching'))
  }

  #write(): void {
    try {
      writeKeptJson(this.#file, { ...this.#note, at: Date.now() } satisfies Note)
    } catch {
      // A full disk stops the runs where it matters.
    }
  }
}

/** The watches of this base, on any machine; the oldest first. Those on this one are looked up by their process. */
export async function runningWatches(base: Place): Promise<RunningWatch[]> {
  const found: Note[] = []
  for (const name of namesOfNotes(sidecarPath(base, 'watching')).slice(0, WATCHES_MAX)) {
    const note = await readKeptJson(sidecarPath(base, 'watching', name)).catch(() => undefined)
    if (fits(NOTE, note) && note.root === base.root && holderIsAlive(note)) found.push(note)
  }
  return found
    .sort((a, b) => a.since - b.since)
    .map(({ pid, host, since, folders }) => ({ pid, host, since: new Date(since).toISOString(), folders }))
}
