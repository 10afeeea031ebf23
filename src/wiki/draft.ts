// Pending page edits: reads see what is planned, and a page that ends up unchanged is not an edit.
import type { Catalog } from '../core/document/catalog.ts'

/** The wiki at the head commit, including what this group has planned so far. */
export type WikiSnapshot = {
  catalog: Catalog
  read: (path: string) => Promise<string | undefined>
  /** Committed versions of a page, newest first. */
  versions?: (path: string) => AsyncIterable<string>
}

/** `path` is relative to the base; `content` null deletes. */
export type PageEdit = { path: string; content: string | null }

export class Draft {
  readonly #snapshot: WikiSnapshot
  readonly #before = new Map<string, string | undefined>()
  readonly #now = new Map<string, string | undefined>()

  constructor(snapshot: WikiSnapshot) {
    this.#snapshot = snapshot
  }

  get catalog(): Catalog {
    return this.#snapshot.catalog
  }

  async read(path: string): Promise<string | undefined> {
    if (!this.#now.has(path)) {
      const text = await this.#snapshot.read(path)
      this.#before.set(path, text)
      this.#now.set(path, text)
    }
    return this.#now.get(path)
  }

  /** The page must have been read before: new text is derived from the existing one. */
  write(path: string, content: string | undefined): void {
    this.#now.set(path, content)
  }

  /** In path order. */
  edits(): PageEdit[] {
    return [...this.#now]
      .filter(([path, content]) => content !== this.#before.get(path))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([path, content]) => ({ path, content: content ?? null }))
  }
}
