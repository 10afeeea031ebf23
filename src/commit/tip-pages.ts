// Pages of the tip in memory: the ones that documents share are read again and again within a run.

/** Characters of pages that are kept. */
const CHARACTERS_MAX = 16 * 1024 ** 2

/** A cache of what the files of one commit say; another commit empties it. The least recently used pages go first. */
export class TipPages {
  #commit: string | null = null
  readonly #pages = new Map<string, string | undefined>()
  #characters = 0

  /** The page at `commit`: from memory, or by `load`. */
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

  /** The branch moved from the cached commit to `commit` by writing `pages` (null: deleted). */
  advance(from: string | null, commit: string, pages: ReadonlyMap<string, string | null>): void {
    if (from !== this.#commit) this.#reset(from)
    this.#commit = commit
    for (const [path, page] of pages) this.#keep(path, page ?? undefined)
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
    this.#characters = 0
  }
}
