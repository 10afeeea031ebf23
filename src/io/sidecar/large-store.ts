// Originals that are too large for git, in git-lfs's own store, which the repositories' git-lfs reads and sends. A note
// per object says that kbgit put it there: objects of the user's own files are not for kbgit to drop.
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { isAbsolute, join, relative } from 'node:path'
import type { Config, Durability } from '../../core/config.ts'
import { systemCode } from '../../core/errors.ts'
import type { Base } from '../base.ts'
import { lstatIfThere } from '../durable-fs.ts'
import { lfsFolders } from '../git/lfs.ts'
import { BlobStore, blobPath } from './blob-store.ts'
import { sidecarPath } from './paths.ts'

export type LargeBase = {
  repository: Pick<Base['repository'], 'commonDir'>
  git: Base['git']
  sidecarDir: string
}

/**
 * `objects`: git-lfs's store. `unused`: where that was before `lfs.storage` was set. `earlier`: where earlier versions kept
 * their objects; nothing else is in there.
 */
type Stores = { objects: BlobStore; unused?: BlobStore; earlier: BlobStore; isShared: boolean }

/** Where the bytes of an original may be, as absolute paths, for readers; git-lfs's own place comes first. */
export async function largePaths(
  base: LargeBase & Pick<Base, 'driver'>,
): Promise<(sha256: string) => [string, ...string[]]> {
  const { objects, unused } = await lfsFolders(base)
  const others = [...(unused === undefined ? [] : [unused]), sidecarPath(base, 'blobs')]
  return (sha256) => [blobPath(objects, sha256), ...others.map((folder) => blobPath(folder, sha256))]
}

export class LargeStore {
  readonly #base: LargeBase
  readonly #durability: Durability
  readonly #notes: string
  #stores: Promise<Stores> | undefined

  constructor(base: LargeBase & { config?: Pick<Config, 'durability'> }) {
    this.#base = base
    this.#durability = base.config?.durability ?? 'process'
    this.#notes = sidecarPath(base, 'large')
  }

  /** Where the object is or, if it is missing, belongs. */
  async path(sha256: string): Promise<string> {
    const stores = await this.#all()
    for (const store of stores) if (await store.has(sha256)) return store.path(sha256)
    return (await this.#open()).objects.path(sha256)
  }

  async has(sha256: string): Promise<boolean> {
    for (const store of await this.#all()) if (await store.has(sha256)) return true
    return false
  }

  /** Like `BlobStore.put`. The note comes first: an object without one would never be dropped. */
  async put(file: string, sha256: string): Promise<void> {
    const { objects } = await this.#open()
    if (!(await objects.has(sha256))) {
      await mkdir(this.#notes, { recursive: true })
      await writeFile(join(this.#notes, sha256), '')
    }
    await objects.put(file, sha256)
  }

  /**
   * Objects that kbgit put there, with their sizes in bytes, by digest. Those of a store outside of the repository are left
   * out: other repositories may use them, too.
   */
  async *list(): AsyncGenerator<{ sha256: string; size: number }> {
    const { objects, earlier, isShared } = await this.#open()
    const own = new Set(await this.#noted())
    const seen = new Set<string>()
    for (const store of await this.#all()) {
      if (store === objects && isShared) continue
      for await (const { sha256, size } of store.list()) {
        if (seen.has(sha256) || (store !== earlier && !own.has(sha256))) continue
        seen.add(sha256)
        yield { sha256, size }
      }
    }
  }

  /** Digests of the objects that kbgit put there from originals of this machine: not those that git-lfs has fetched. */
  async own(): Promise<Set<string>> {
    const own = new Set(await this.#noted())
    for await (const { sha256 } of (await this.#open()).earlier.list()) own.add(sha256)
    return own
  }

  /** Moves what kbgit put elsewhere into git-lfs's store: objects of earlier versions, and those from before `lfs.storage` was set. */
  async gather(): Promise<void> {
    const { unused, earlier } = await this.#open()
    const own = new Set(await this.#noted())
    for (const store of [earlier, ...(unused === undefined ? [] : [unused])])
      for await (const { sha256 } of store.list()) {
        const file = store.path(sha256)
        // kbgit never wrote a link there.
        const isOurs = lstatIfThere(file)?.isFile() === true && (store === earlier || own.has(sha256))
        if (isOurs) await this.put(file, sha256)
      }
  }

  /** Call it only once nothing refers to the object. */
  async remove(sha256: string): Promise<void> {
    for (const store of await this.#all()) await store.remove(sha256)
    await rm(join(this.#notes, sha256), { force: true })
  }

  async #all(): Promise<BlobStore[]> {
    const { objects, unused, earlier } = await this.#open()
    return [objects, ...(unused === undefined ? [] : [unused]), earlier]
  }

  /** git is asked once, and only if there is something to do with large originals. */
  #open(): Promise<Stores> {
    this.#stores ??= this.#locate()
    return this.#stores
  }

  async #locate(): Promise<Stores> {
    const { objects, unused } = await lfsFolders({ repository: this.#base.repository, git: this.#base.git })
    const inside = relative(this.#base.repository.commonDir, objects)
    const store = (folder: string): BlobStore => new BlobStore(folder, this.#durability)
    return {
      objects: store(objects),
      ...(unused === undefined ? {} : { unused: store(unused) }),
      earlier: store(sidecarPath(this.#base, 'blobs')),
      isShared: inside.startsWith('..') || isAbsolute(inside),
    }
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
