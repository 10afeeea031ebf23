// Values of commits, kept for the commits that were read last. A commit never changes, so its values never expire.

export class CommitCache<T> {
  readonly #kept = new Map<string, Promise<T>>()
  readonly #max: number

  /** @param max number of values */
  constructor(max: number) {
    this.#max = max
  }

  /** The value of `key`, computed once; a failure is not kept. */
  get(key: string, compute: () => Promise<T>): Promise<T> {
    const known = this.#kept.get(key)
    this.#kept.delete(key)
    const value = known ?? compute()
    this.#kept.set(key, value)
    if (known === undefined) {
      value.catch(() => this.#kept.delete(key))
      for (const [oldest] of this.#kept) {
        if (this.#kept.size <= this.#max) break
        this.#kept.delete(oldest)
      }
    }
    return value
  }
}
