// Caches pages of the head commit: a run reads the pages that documents share again and again.

import { posix } from 'node:path'

/** Maximum number of characters of cached pages. */
const CHARACTERS_MAX = 16 * 1024 ** 2
/** Maximum number of cached folder listings; each has a few hundred entries. */
const FOLDERS_MAX = 256

/** Object ids by name. */
type Listing = Map<string, string>

/**
 * A cache of the files of one commit; a different commit empties it. The least recently used pages are evicted first.
 */
export class HeadCache {
  #commit: string | null = null
  readonly #pages = new Map<string, string | undefined>()
  /** Full listings, so that they also answer "not there": most requested paths are of new files. */
  readonly #folders = new Map<string, Promise<Listing>>()
  #characters = 0

  /** The page at `commit`, from memory or through `load`. */
  async read(commit: string, path: string, load: () => Promise<string | undefined>): Promise<string | undefined> {
    if (commit !== this.#commit) this.#reset(commit)
    if (this.#pages.has(path)) {
      const page = this.#pages.get(path)
      this.#pages.delete(path)
      this.#pages.set(path, page)
      return page
    }
    const page = await load()
    if (commit === this.#commit) this.#keep(path, page)
    return page
  }

  /** The object id at a path of `commit`, or null, from the listing of its folder, which `load` returns. */
  async oid(commit: string, path: string, load: (folder: string) => Promise<Listing>): Promise<string | null> {
    if (commit !== this.#commit) this.#reset(commit)
    const folder = posix.dirname(path)
    let listing = this.#folders.get(folder)
    if (listing === undefined) {
      if (this.#folders.size >= FOLDERS_MAX) this.#folders.clear()
      listing = load(folder)
      this.#folders.set(folder, listing)
      listing.catch(() => this.#folders.delete(folder))
    }
    return (await listing).get(posix.basename(path)) ?? null
  }

  /**
   * Follows the branch from the cached commit to `commit`, which wrote `files`; `pages` are those among them that are
   * pages (null: deleted).
   */
  async advance(
    from: string | null,
    commit: string,
    pages: ReadonlyMap<string, string | null>,
    files: readonly { basePath: string; after: string | null }[],
  ): Promise<void> {
    if (from !== this.#commit) this.#reset(from)
    this.#commit = commit
    for (const [path, page] of pages) this.#keep(path, page ?? undefined)
    for (const { basePath, after } of files) {
      const listing = await this.#folders.get(posix.dirname(basePath))
      if (after === null) listing?.delete(posix.basename(basePath))
      else listing?.set(posix.basename(basePath), after)
    }
  }

  #keep(path: string, page: string | undefined): void {
    this.#characters += (page?.length ?? 0) - (this.#pages.get(path)?.length ?? 0)
    this.#pages.delete(path)
    this.#pages.set(path, page)
    for (const [oldest, text] of this.#pages) {
      if (this.#characters <= CHARACTERS_MAX) break
      this.#pages.delete(oldest)
      this.#characters -= text?.length ?? 0
    }
  }

  #reset(commit: string | null): void {
    this.#commit = commit
    this.#pages.clear()
    this.#folders.clear()
    this.#characters = 0
  }
}
