// The attributes of a commit that is not checked out. git reads them from a work tree, and 2.39 from nothing else: so it gets
// one that has the attribute files alone, of those folders that are asked about.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { repoPathFault } from '../core/safe-path.ts'
import type { Base } from './base.ts'
import { Git } from './git/git.ts'
import { ObjectReader } from './git/objects.ts'

const FILE = '.gitattributes'
/** git itself ignores larger ones. */
const BYTES_MAX = 100 * 1024 ** 2

export class AttributesTree implements AsyncDisposable {
  /** Runs with the attributes that are covered so far. */
  readonly git: Git
  readonly #revision: string
  readonly #folder: string
  readonly #objects: ObjectReader
  readonly #names: readonly string[]
  readonly #covered = new Set<string>()

  /**
   * `revision`: read when a folder is asked about. `folder`: of its own, and created when it is needed. `more`: names of
   * other files that it gets.
   */
  constructor(base: Base, revision: string, folder: string, more: readonly string[] = []) {
    this.git = new Git(folder, base.env, base.config.durability, base.repository.gitDir)
    this.#revision = revision
    this.#folder = folder
    this.#names = [FILE, ...more]
    this.#objects = new ObjectReader(base.git)
  }

  /** Attributes of these paths of the repository. */
  async cover(paths: Iterable<string>): Promise<void> {
    await mkdir(this.#folder, { recursive: true })
    const asked: string[] = []
    for (const path of paths) {
      for (let folder = parentOf(path); !this.#covered.has(folder); folder = parentOf(folder)) {
        this.#covered.add(folder)
        asked.push(folder)
        if (folder === '') break
      }
    }
    const files = asked
      .filter((folder) => folder === '' || repoPathFault(folder) === undefined)
      .flatMap((folder) => this.#names.map((name) => (folder === '' ? name : `${folder}/${name}`)))
    for await (const { item, body } of this.#objects.readMany(files, (path) => `${this.#revision}:${path}`, {
      bytesMax: BYTES_MAX,
      skipLarger: true,
    })) {
      const file = join(this.#folder, item)
      await mkdir(dirname(file), { recursive: true })
      await writeFile(file, body)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#objects[Symbol.asyncDispose]()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

function parentOf(path: string): string {
  const end = path.lastIndexOf('/')
  return end === -1 ? '' : path.slice(0, end)
}
