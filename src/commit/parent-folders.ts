// New files go into folders: a symbolic link, a submodule or a file of the commit in the place of one is never replaced.
import { posix } from 'node:path'
import type { Base } from '../io/base.ts'
import { treePath } from '../io/base.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import type { ResolvedPath } from './resolve.ts'

/** What stands in the way of each of `paths` in a commit: the first thing above it that is not a folder. */
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

  /** The path, relative to the base, of what is no folder above a file that is to be made; undefined where nothing is. */
  async obstacle({ path, before, after }: ResolvedPath): Promise<string | undefined> {
    return before !== null || after === null ? undefined : this.#above(path)
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
    const header = await this.#objects.header(`${this.#commit}:${treePath(this.#base, folder)}`)
    return header?.type === 'tree' ? undefined : folder
  }
}
