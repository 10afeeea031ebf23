// Where files of the base's documents were met under another path than the one that they were added from: a renamed
// file is known again when its content changes. Of this machine alone, and forgotten without harm.
import { readKeptJson, writeKeptJson } from './kept-json.ts'
import type { Base } from '../base.ts'
import { sidecarPath } from './paths.ts'
import { isThere } from './run-record.ts'

/** Paths that are kept, those met last. */
const KEPT_MAX = 20_000

export class MovedOrigins {
  readonly #file: string
  readonly #digests: Map<string, string>
  #changed = false

  private constructor(file: string, digests: Map<string, string>) {
    this.#file = file
    this.#digests = digests
  }

  static async open(base: Pick<Base, 'sidecarDir'>): Promise<MovedOrigins> {
    const file = sidecarPath(base, 'movedOrigins')
    const value = await readKeptJson(file)
    const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
    return new MovedOrigins(
      file,
      new Map(entries.filter((entry): entry is [string, string] => /^[0-9a-f]{64}$/.test(String(entry[1])))),
    )
  }

  /** Content of a document was met at `origin`. Nothing is noted while the file that it came from is still there. */
  met(origin: string, sha256: string, addedFrom: string): void {
    if (origin === addedFrom || this.#digests.get(origin) === sha256 || isThere(addedFrom)) return
    this.#digests.delete(origin)
    this.#digests.set(origin, sha256)
    this.#changed = true
  }

  /** The digest of the document whose content was last met at `origin`. */
  digestAt(origin: string): string | undefined {
    return this.#digests.get(origin)
  }

  async save(): Promise<void> {
    if (!this.#changed) return
    this.#changed = false
    writeKeptJson(this.#file, Object.fromEntries([...this.#digests].slice(-KEPT_MAX)))
  }
}
