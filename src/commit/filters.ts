// Finds the paths that the user's attributes send through a clean filter, such as git-lfs.
import { CheckAttr } from '../io/git/check-attr.ts'
import type { Git } from '../io/git/git.ts'

export class Filters implements AsyncDisposable {
  readonly #attributes: CheckAttr
  readonly #configured: boolean
  readonly #known = new Map<string, boolean>()

  /** `configured`: git's configuration has some `filter.*`; without one no path can have a filter. */
  constructor(git: Git, configured: boolean) {
    this.#attributes = new CheckAttr(git, 'filter')
    this.#configured = configured
  }

  /** Queries git for many paths at once, so that `apply` answers from memory. */
  async learn(paths: string[]): Promise<void> {
    const unknown = paths.filter((path) => !this.#known.has(path))
    if (!this.#configured || unknown.length === 0) return
    const values = await this.#attributes.values(unknown)
    for (const [index, path] of unknown.entries())
      this.#known.set(path, !['unspecified', 'unset', 'set', ''].includes(values[index] ?? ''))
  }

  /** Whether content for this path, relative to the work tree, must go through a filter. */
  async apply(path: string): Promise<boolean> {
    if (!this.#configured) return false
    await this.learn([path])
    return this.#known.get(path) ?? false
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#attributes[Symbol.asyncDispose]()
  }
}
