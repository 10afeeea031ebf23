// Finds the paths that the user's attributes send through a clean filter, such as git-lfs.
import type { AttributesTree } from '../io/attributes-tree.ts'
import { CheckAttr } from '../io/git/check-attr.ts'
import type { Git } from '../io/git/git.ts'

export class Filters implements AsyncDisposable {
  readonly #git: Git
  readonly #attributes: CheckAttr
  readonly #tree: AttributesTree | undefined
  readonly #configured: boolean
  readonly #known = new Map<string, boolean>()

  /**
   * `configured`: git's configuration has some `filter.*`; without one no path can have a filter. `tree`: where attributes
   * are if there is no work tree.
   */
  constructor(git: Git, configured: boolean, tree?: AttributesTree) {
    this.#git = tree?.git ?? git
    this.#attributes = new CheckAttr(this.#git, 'filter')
    this.#tree = tree
    this.#configured = configured
  }

  /** Queries git for many paths at once, so that `apply` answers from memory. */
  async learn(paths: string[]): Promise<void> {
    const unknown = paths.filter((path) => !this.#known.has(path))
    if (!this.#configured || unknown.length === 0) return
    await this.#tree?.cover(unknown)
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

  /** Stores what the filter of a path makes of its content, and returns the object's id. */
  async store(path: string, bytes: string | Uint8Array): Promise<string> {
    return this.#git.text(['hash-object', '-w', '--stdin', `--path=${path}`], { input: bytes })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#attributes[Symbol.asyncDispose]()
    await this.#tree?.[Symbol.asyncDispose]()
  }
}
