// Notes of running processes: a file for each, renewed every few seconds and removed at the end, so that a process that
// was killed is told from one that works. Nothing depends on them.
import { randomBytes } from 'node:crypto'
import { closeSync, constants, mkdirSync, openSync, readdirSync, rmdirSync, statSync, writeSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { fits, type Shape } from '../../core/shape.ts'
import type { Base } from '../base.ts'
import { removeFile } from '../durable-fs.ts'
import { readKeptJson } from './kept-json.ts'
import { sidecarPath } from './paths.ts'

/** Milliseconds after which a note is written again, without news too. */
export const RENEW_EVERY_MS = 4_000
const GONE_AFTER_MS = 15_000

/** Notes that are read from a folder. */
const NOTES_MAX = 100

type Folder = 'running' | 'watching'
type Place = Pick<Base, 'sidecarDir' | 'root'>
type Holder = { root: string; host: string; pid: number; at: number }

/** The note of this process in a folder of the sidecar. Leaving its scope removes it. */
export class AliveNote implements Disposable {
  readonly #folder: string
  readonly #file: string
  /** Bytes that it was written with: zero before. */
  #length = 0

  constructor(base: Place, folder: Folder) {
    this.#folder = sidecarPath(base, folder)
    this.#file = join(this.#folder, `${process.pid}-${randomBytes(4).toString('hex')}.json`)
  }

  write<T extends Holder>(note: T): void {
    // In place, with one call, and never shorter than before: a reader sees one note or the other.
    const text = Buffer.from(JSON.stringify(note))
    const bytes = Buffer.concat([text, Buffer.alloc(Math.max(0, this.#length - text.length), ' ')])
    try {
      mkdirSync(this.#folder, { recursive: true })
      const file = openSync(this.#file, constants.O_WRONLY | constants.O_CREAT)
      try {
        this.#length = bytes.length
        writeSync(file, bytes)
      } finally {
        closeSync(file)
      }
    } catch {
      // A full disk stops the run where it matters.
    }
  }

  [Symbol.dispose](): void {
    if (this.#length > 0) removeNotes(this.#folder, this.#file)
  }
}

/** The notes of this base, of whatever process on whatever machine still runs. */
export async function aliveNotes<T extends Holder>(base: Place, folder: Folder, shape: Shape<T>): Promise<T[]> {
  const found: T[] = []
  for (const name of namesOfNotes(sidecarPath(base, folder)).slice(0, NOTES_MAX)) {
    const note = await readKeptJson(sidecarPath(base, folder, name)).catch(() => undefined)
    if (fits(shape, note) && note.root === base.root && holderIsAlive(note)) found.push(note)
  }
  return found
}

/** Names of the notes in a folder, in order. */
function namesOfNotes(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
  } catch {
    return []
  }
}

/** Whether who wrote a note, `at` milliseconds since the epoch, still runs; on this machine the process is looked up. */
function holderIsAlive({ at, host, pid }: Holder): boolean {
  if (Math.abs(Date.now() - at) > GONE_AFTER_MS) return false
  if (host !== hostname()) return true
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Removes a note, and those of processes that were killed; and the folder, if nothing is in it any more. */
function removeNotes(folder: string, own: string): void {
  try {
    removeFile(own)
    for (const name of readdirSync(folder)) {
      const file = join(folder, name)
      if (Date.now() - statSync(file).mtimeMs > GONE_AFTER_MS) removeFile(file)
    }
    rmdirSync(folder)
  } catch {
    // Another process's file is in it, or nothing can be removed here now: an old note counts for nothing.
  }
}
