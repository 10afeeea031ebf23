// Finds the paths that the user's attributes send through a clean filter, such as git-lfs.
import type { Git } from '../io/git/git.ts'

export class Filters {
  readonly #git: Git
  readonly #configured: boolean
  readonly #known = new Map<string, boolean>()

  /** `configured`: git's configuration has some `filter.*`; without one no path can have a filter. */
  constructor(git: Git, configured: boolean) {
    this.#git = git
    this.#configured = configured
  }

  /** Queries git for many paths at once, so that `apply` answers from memory. */
  async learn(paths: string[]): Promise<void> {
    const unknown = paths.filter((path) => !this.#known.has(path))
    if (!this.#configured || unknown.length === 0) return
    const answer = await this.#git.text(['check-attr', '-z', '--stdin', 'filter'], {
      input: unknown.map((path) => `${path}\0`).join(''),
    })
    const fields = answer.split('\0')
    for (let index = 0; index + 2 < fields.length; index += 3) {
      const [path = '', , value = ''] = fields.slice(index, index + 3)
      this.#known.set(path, !['unspecified', 'unset', 'set', ''].includes(value))
    }
  }

  /** Whether content for this path, relative to the work tree, must go through a filter. */
  async apply(path: string): Promise<boolean> {
    if (!this.#configured) return false
    await this.learn([path])
    return this.#known.get(path) ?? false
  }
}
