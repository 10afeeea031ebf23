// Stores originals that are too large for git, keyed by the sha256 of their bytes, in git-lfs's object layout.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { Durability } from '../../core/config.ts'
import { KbError, messageOf, systemCode } from '../../core/errors.ts'

/** `missing`: the file does not exist. `altered`: its bytes have a different hash. */
export type BlobHealth = 'sound' | 'missing' | 'altered'

export class BlobStore {
  readonly #root: string
  readonly #durability: Durability

  /** `root` is an absolute path; it need not exist. */
  constructor(root: string, durability: Durability) {
    this.#root = root
    this.#durability = durability
  }

  /** The path of the blob, whether it exists or not. Throws if `sha256` is not 64 hex digits. */
  path(sha256: string): string {
    return blobPath(this.#root, sha256)
  }

  async has(sha256: string): Promise<boolean> {
    return (await sizeOf(this.path(sha256))) !== undefined
  }

  /**
   * Moves a complete file with a known hash into the store. A blob is whole or absent at every instant, and durable
   * when this resolves. An existing blob is replaced, so that adding an original again repairs it. It is not an error
   * if an earlier attempt has already moved the file. Throws `KbError` (`storage`).
   */
  async put(file: string, sha256: string): Promise<void> {
    const target = this.path(sha256)
    try {
      if ((await sizeOf(file)) === undefined && (await sizeOf(target)) !== undefined) return
      const firstNew = await mkdir(dirname(target), { recursive: true })
      if (this.#durability === 'power') await sync(file)
      await moveIn(file, target, this.#durability)
      await this.#syncFolders(target, firstNew)
    } catch (cause) {
      throw new KbError('storage', `The original could not be stored at ${target}: ${messageOf(cause)}.`, { cause })
    }
  }

  /** Reads the blob and hashes it. */
  async verify(sha256: string): Promise<BlobHealth> {
    const hash = createHash('sha256')
    try {
      await pipeline(createReadStream(this.path(sha256)), hash)
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return 'missing'
      throw new KbError('storage', `${this.path(sha256)} cannot be read: ${messageOf(error)}.`, { cause: error })
    }
    return hash.digest('hex') === sha256 ? 'sound' : 'altered'
  }

  /** Digests and sizes (bytes) of all blobs, by digest. Other files are skipped. */
  async *list(): AsyncGenerator<{ sha256: string; size: number }> {
    for (const first of await names(this.#root, /^[0-9a-f]{2}$/)) {
      for (const second of await names(join(this.#root, first), /^[0-9a-f]{2}$/)) {
        for (const sha256 of await names(join(this.#root, first, second), /^[0-9a-f]{64}$/)) {
          const size = sha256.startsWith(first + second) ? await sizeOf(this.path(sha256)) : undefined
          if (size !== undefined) yield { sha256, size }
        }
      }
    }
  }

  /** Removes the blob and the leftovers of an interrupted `put`. Call it only once nothing refers to the blob. */
  async remove(sha256: string): Promise<void> {
    const path = this.path(sha256)
    await rm(path, { force: true })
    await rm(`${path}.part`, { force: true })
  }

  /**
   * Each folder has its entry in the one above it. Those of the store and the one that it is in may be new since an attempt
   * that was cut off, others only if `firstNew` says so.
   */
  async #syncFolders(target: string, firstNew: string | undefined): Promise<void> {
    if (this.#durability !== 'power') return
    const folders: string[] = []
    for (let folder = dirname(target); folder !== dirname(folder); folder = dirname(folder)) folders.push(folder)
    const count = firstNew === undefined ? 0 : folders.indexOf(dirname(firstNew)) + 1
    for (const folder of folders.slice(0, Math.max(count, 4))) await sync(folder)
  }
}

/** `<root>/ab/cd/abcd…`. Throws if `sha256` is not 64 hex digits. */
export function blobPath(root: string, sha256: string): string {
  if (!/^[0-9a-f]{64}$/.test(sha256)) throw new KbError('unexpected', `${sha256} is not a SHA-256 digest.`)
  return join(root, sha256.slice(0, 2), sha256.slice(2, 4), sha256)
}

/** By rename; from another file system by a copy next to the target, which is then renamed. */
async function moveIn(file: string, target: string, durability: Durability): Promise<void> {
  try {
    await rename(file, target)
  } catch (error) {
    if (systemCode(error) !== 'EXDEV') throw error
    await copyFile(file, `${target}.part`)
    if (durability === 'power') await sync(`${target}.part`)
    await rename(`${target}.part`, target)
    await rm(file)
  }
}

/** Never retry a failed fsync: the system may have dropped the bytes and report success the second time. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

async function sizeOf(path: string): Promise<number | undefined> {
  try {
    const found = await stat(path)
    return found.isFile() ? found.size : undefined
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined
    throw new KbError('storage', `${path} cannot be read: ${messageOf(error)}.`, { cause: error })
  }
}

async function names(folder: string, pattern: RegExp): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => pattern.test(name)).sort()
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return []
    throw error
  }
}
