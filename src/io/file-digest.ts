// Hashes a file's bytes, provided that it is a regular file and does not change while being read.
import { createHash, hash } from 'node:crypto'
import { constants, type BigIntStats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

/** Does not follow symlinks, and does not wait for a FIFO's writer. */
export const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Bytes per read; a file up to this size is read at once. */
const CHUNK_BYTES = 256 * 1024
/** Bytes passed to `place`. */
const HEAD_BYTES = 4096
/** Attempts to read a file that keeps changing before giving up. */
const READS_MAX = 3

export type FileDigest =
  | { kind: 'digest'; sha256: string; stat: BigIntStats }
  /** `place` rejected it. */
  | { kind: 'unplaced'; stat: BigIntStats }
  | { kind: 'notRegular' }
  | { kind: 'changing' }

/** Compares the fields that git compares. */
function sameState(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino && a.dev === b.dev
}

/**
 * Hashes the file at `path`. With `place`, only if that accepts its first 4 KiB. Throws the system's error if the file
 * cannot be read, and the signal's reason on abort.
 */
export async function digestFile(
  path: Uint8Array,
  options: {
    place?: ((head: Uint8Array) => boolean | Promise<boolean>) | undefined
    signal?: AbortSignal | undefined
  } = {},
): Promise<FileDigest> {
  await using file = await open(Buffer.from(path), READ_FLAGS)
  let before = await file.stat({ bigint: true })
  if (!before.isFile()) return { kind: 'notRegular' }
  for (let read = 0; read < READS_MAX; read++) {
    if (options.place !== undefined) {
      const head = Buffer.allocUnsafe(HEAD_BYTES)
      const { bytesRead } = await file.read(head, 0, HEAD_BYTES, 0)
      if (!(await options.place(head.subarray(0, bytesRead)))) return { kind: 'unplaced', stat: before }
    }
    const sha256 =
      before.size < CHUNK_BYTES ? await digestSmall(file, Number(before.size)) : await digestLarge(file, options.signal)
    const after = await file.stat({ bigint: true })
    if (sha256 !== undefined && sameState(before, after)) return { kind: 'digest', sha256, stat: after }
    before = after
  }
  return { kind: 'changing' }
}

/** Undefined if the file does not have the expected size. */
async function digestSmall(file: FileHandle, size: number): Promise<string | undefined> {
  const buffer = Buffer.allocUnsafe(size + 1)
  let filled = 0
  while (filled <= size) {
    const { bytesRead } = await file.read(buffer, filled, size + 1 - filled, filled)
    if (bytesRead === 0) break
    filled += bytesRead
  }
  return filled === size ? hash('sha256', buffer.subarray(0, size), 'hex') : undefined
}

/** Alternates two buffers: one is hashed while the other is filled. */
async function digestLarge(file: FileHandle, signal: AbortSignal | undefined): Promise<string> {
  const digest = createHash('sha256')
  let full = Buffer.allocUnsafe(CHUNK_BYTES)
  let spare = Buffer.allocUnsafe(CHUNK_BYTES)
  let position = 0
  let { bytesRead } = await file.read(full, 0, CHUNK_BYTES, position)
  while (bytesRead > 0) {
    signal?.throwIfAborted()
    position += bytesRead
    const next = file.read(spare, 0, CHUNK_BYTES, position)
    digest.update(full.subarray(0, bytesRead))
    ;({ bytesRead } = await next)
    ;[full, spare] = [spare, full]
  }
  return digest.digest('hex')
}
