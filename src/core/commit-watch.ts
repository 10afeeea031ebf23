// Tells listeners of new commits. The newest commit is looked up while someone listens, once for all of them.

const LOOK_EVERY_MS = 1_000

type Listener<T> = (news: T) => void

export type Watched<T> = {
  /** The commit that HEAD names. */
  newest: () => Promise<string>
  /** What listeners are told of the commits between the two. */
  describe: (before: string, commit: string) => Promise<T>
}

export class CommitWatch<T> {
  readonly #watched: Watched<T>
  readonly #listeners = new Set<Listener<T>>()
  #timer: NodeJS.Timeout | undefined
  #newest: string | undefined
  #looking = false

  constructor(watched: Watched<T>) {
    this.#watched = watched
  }

  /** Resolves when the commit is known whose successors are told. The returned function ends it. */
  async listen(listener: Listener<T>): Promise<() => void> {
    this.#listeners.add(listener)
    this.#newest ??= await this.#watched.newest().catch(() => undefined)
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
      const commit = await this.#watched.newest()
      const before = this.#newest
      this.#newest = commit
      if (before === undefined || before === commit) return
      const news = await this.#watched.describe(before, commit)
      for (const listener of this.#listeners) listener(news)
    } catch {
      // The next look may succeed: a repository is busy for moments.
    } finally {
      this.#looking = false
    }
  }
}
