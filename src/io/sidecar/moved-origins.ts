// Remembers where files of the base's documents were found under a path other than the one they were added from, so
// that a renamed file is recognised when its content changes. Local to this machine, and safe to lose.
import { readKeptJson, writeKeptJson } from './kept-json.ts'
import type { Base } from '../base.ts'
import { sidecarPath } from './paths.ts'
import { isThere } from './run-record.ts'

/** Maximum number of paths, the most recently found ones. */
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

  /** Content of a document was found at `origin`. Nothing is recorded while the original file still exists. */
  met(origin: string, sha256: string, addedFrom: string): void {
    if (origin === addedFrom || this.#digests.get(origin) === sha256 || isThere(addedFrom)) return
    this.#digests.delete(origin)
    this.#digests.set(origin, sha256)
    this.#changed = true
  }

  /** The digest of the document whose content was last found at `origin`. */
  digestAt(origin: string): string | undefined {
    return this.#digests.get(origin)
  }

  /** Where the content of each document was found last, by digest: only files that are still there. */
  places(): Map<string, string> {
    return new Map([...this.#digests].filter(([origin]) => isThere(origin)).map(([origin, sha256]) => [sha256, origin]))
  }

  async save(): Promise<void> {
    if (!this.#changed) return
    this.#changed = false
    writeKeptJson(this.#file, Object.fromEntries([...this.#digests].slice(-KEPT_MAX)))
  }
}
