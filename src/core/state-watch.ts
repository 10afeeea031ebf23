// Tells listeners when something of a base has changed, such as its newest commit. It is looked up while someone listens,
// once for all of them.

const LOOK_EVERY_MS = 1_000

type Listener<T> = (news: T) => void

export type Watched<T> = {
  /** The state as a text: that of the commit is its id. */
  look: () => Promise<string>
  /** The news for listeners when one state follows another. */
  describe: (before: string, now: string) => T | Promise<T>
}

export class StateWatch<T> {
  readonly #watched: Watched<T>
  readonly #listeners = new Set<Listener<T>>()
  #timer: NodeJS.Timeout | undefined
  #state: string | undefined
  #looking = false

  constructor(watched: Watched<T>) {
    this.#watched = watched
  }

  /** Resolves when the state is known whose changes are told. The returned function ends it. */
  async listen(listener: Listener<T>): Promise<() => void> {
    this.#listeners.add(listener)
    this.#state ??= await this.#watched.look().catch(() => undefined)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#state = undefined
    }
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const now = await this.#watched.look()
      const before = this.#state
      this.#state = now
      if (before === undefined || before === now) return
      const news = await this.#watched.describe(before, now)
      for (const listener of this.#listeners) listener(news)
    } catch {
      // The next look may succeed: a repository is busy for moments.
    } finally {
      this.#looking = false
    }
  }
}
