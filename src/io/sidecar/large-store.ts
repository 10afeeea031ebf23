// Originals that are too large for git, in git-lfs's own store, which the repositories' git-lfs reads and sends. A note
// per object says that kbgit put it there: objects of the user's own files are not for kbgit to drop.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config, Durability } from '../../core/config.ts'
import { systemCode } from '../../core/errors.ts'
import { lstatIfThere } from '../durable-fs.ts'
import type { Repository } from '../git/git.ts'
import { BlobStore } from './blob-store.ts'
import { sidecarPath } from './paths.ts'

type StoreBase = {
  repository: Pick<Repository, 'commonDir'>
  sidecarDir: string
  config: Pick<Config, 'durability'>
}

export class LargeStore {
  readonly #objects: BlobStore
  /** Where earlier versions kept them. */
  readonly #earlier: BlobStore
  readonly #notes: string

  constructor(base: StoreBase, durability: Durability = base.config.durability) {
    this.#objects = new BlobStore(join(base.repository.commonDir, 'lfs', 'objects'), durability)
    this.#earlier = new BlobStore(sidecarPath(base, 'blobs'), durability)
    this.#notes = sidecarPath(base, 'large')
  }

  /** Where the object is or, if it is missing, belongs. */
  async path(sha256: string): Promise<string> {
    const isEarlier = !(await this.#objects.has(sha256)) && (await this.#earlier.has(sha256))
    return (isEarlier ? this.#earlier : this.#objects).path(sha256)
  }

  async has(sha256: string): Promise<boolean> {
    return (await this.#objects.has(sha256)) || (await this.#earlier.has(sha256))
  }

  /** Like `BlobStore.put`. The note comes first: an object without one would never be dropped. */
  async put(file: string, sha256: string): Promise<void> {
    if (!(await this.#objects.has(sha256))) {
      await mkdir(this.#notes, { recursive: true })
      await writeFile(join(this.#notes, sha256), '')
    }
    await this.#objects.put(file, sha256)
  }

  /** Objects that kbgit put there, with their sizes in bytes, by digest. */
  async *list(): AsyncGenerator<{ sha256: string; size: number }> {
    const own = new Set(await this.#noted())
    const seen = new Set<string>()
    for (const store of [this.#objects, this.#earlier]) {
      for await (const { sha256, size } of store.list()) {
        if (seen.has(sha256) || (store === this.#objects && !own.has(sha256))) continue
        seen.add(sha256)
        yield { sha256, size }
      }
    }
  }

  /** Digests of the objects that kbgit put there from originals of this machine: not those that git-lfs has fetched. */
  async own(): Promise<Set<string>> {
    const own = new Set(await this.#noted())
    for await (const { sha256 } of this.#earlier.list()) own.add(sha256)
    return own
  }

  /** Every file that has to do with the object, as absolute paths. */
  async files(sha256: string): Promise<string[]> {
    const stores = [this.#objects, this.#earlier]
    const objects = await Promise.all(
      stores.map(async (store) => ((await store.has(sha256)) ? [store.path(sha256)] : [])),
    )
    const isNoted = (await this.#noted()).includes(sha256)
    return [...objects.flat(), ...(isNoted ? [join(this.#notes, sha256)] : [])]
  }

  /** Objects where earlier versions kept them, each with its file. */
  async *earlier(): AsyncGenerator<{ sha256: string; file: string }> {
    for await (const { sha256 } of this.#earlier.list()) {
      const file = this.#earlier.path(sha256)
      // kbgit never wrote a link there.
      if (lstatIfThere(file)?.isFile() === true) yield { sha256, file }
    }
  }

  /** Call it only once nothing refers to the object. */
  async remove(sha256: string): Promise<void> {
    await this.#earlier.remove(sha256)
    await this.#objects.remove(sha256)
    await rm(join(this.#notes, sha256), { force: true })
  }

  async #noted(): Promise<string[]> {
    try {
      return await readdir(this.#notes)
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    }
  }
}
