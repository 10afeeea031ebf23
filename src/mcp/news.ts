// Tells subscribers which pages a new commit changed. The newest commit is looked up while someone listens.
import type { Kb } from '../api.ts'

const LOOK_EVERY_MS = 1_000

export type News = {
  commit: string
  /** Paths of pages that changed; undefined if that is not known, e.g. after a branch was changed. */
  pages: string[] | undefined
}
type Listener = (news: News) => void

export class NewsFeed {
  readonly #kb: Kb
  readonly #listeners = new Set<Listener>()
  #timer: NodeJS.Timeout | undefined
  #newest: string | undefined
  #looking = false

  constructor(kb: Kb) {
    this.#kb = kb
  }

  /** Resolves when the commit is known from which on changes are told. The returned function ends it. */
  async listen(listener: Listener): Promise<() => void> {
    this.#listeners.add(listener)
    this.#newest ??= await this.#kb.resolve().catch(() => undefined)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#newest = undefined
    }
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const commit = await this.#kb.resolve()
      const before = this.#newest
      this.#newest = commit
      if (before === undefined || before === commit) return
      const news = { commit, pages: await this.#changed(before, commit) }
      for (const listener of this.#listeners) listener(news)
    } catch {
      // The next look may succeed: a repository is busy for moments.
    } finally {
      this.#looking = false
    }
  }

  async #changed(before: string, commit: string): Promise<string[] | undefined> {
    try {
      const { documents, topics, edits } = await this.#kb.changes(before, { at: commit })
      const of = (items: readonly { page: string }[]): string[] => items.map(({ page }) => page)
      return [
        ...of(documents.added),
        ...of(documents.updated),
        ...of(documents.removed),
        ...of(topics.added),
        ...of(topics.changed),
        ...of(topics.removed),
        ...edits.flatMap(({ pages }) => pages),
      ]
    } catch {
      return undefined
    }
  }
}
