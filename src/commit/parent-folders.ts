// New files need parent folders: a symbolic link, a submodule or a file in the place of one is never replaced.
import { posix } from 'node:path'
import type { Base } from '../io/base.ts'
import { repoPathOf } from '../io/base.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import type { ResolvedPath } from './resolve.ts'

/** Finds the obstacle above a path in a commit: the first parent that is not a folder. */
export class ParentFolders {
  readonly #base: Base
  readonly #objects: ObjectReader
  readonly #commit: string
  readonly #oidAt: (path: string) => Promise<string | null>
  readonly #known = new Map<string, Promise<string | undefined>>()

  constructor(base: Base, objects: ObjectReader, commit: string, oidAt: (path: string) => Promise<string | null>) {
    this.#base = base
    this.#objects = objects
    this.#commit = commit
    this.#oidAt = oidAt
  }

  /** The parent of a new file that is not a folder, relative to the base; undefined if there is none. */
  async obstacle({ basePath, before, after }: ResolvedPath): Promise<string | undefined> {
    return before !== null || after === null ? undefined : this.#above(basePath)
  }

  #above(path: string): Promise<string | undefined> {
    const folder = posix.dirname(path)
    if (folder === '.') return Promise.resolve(undefined)
    const known = this.#known.get(folder) ?? this.#look(folder)
    this.#known.set(folder, known)
    return known
  }

  async #look(folder: string): Promise<string | undefined> {
    const above = await this.#above(folder)
    if (above !== undefined) return above
    if ((await this.#oidAt(folder)) === null) return undefined
    const header = await this.#objects.header(`${this.#commit}:${repoPathOf(this.#base, folder)}`)
    return header?.type === 'tree' ? undefined : folder
  }
}
