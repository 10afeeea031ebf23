// The hash of a file's bytes, of what is a regular file and stayed the same while it was read.
import { createHash, hash } from 'node:crypto'
import { constants, type BigIntStats } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'

/** A symlink is not followed, and a FIFO does not wait for a writer. */
export const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/** Bytes that one read takes; a file up to this long is read whole. */
const CHUNK_BYTES = 256 * 1024
/** Bytes that `place` is shown. */
const HEAD_BYTES = 4096
/** Reads of a file that changes meanwhile, before it is given up. */
const READS_MAX = 3

export type FileDigest =
  | { kind: 'digest'; sha256: string; stat: BigIntStats }
  /** `place` did not want it. */
  | { kind: 'unplaced'; stat: BigIntStats }
  | { kind: 'notRegular' }
  | { kind: 'changing' }

/** Nothing that git would look at tells the two apart. */
function sameState(a: BigIntStats, b: BigIntStats): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ctimeNs === b.ctimeNs && a.ino === b.ino && a.dev === b.dev
}

/**
 * Hashes the file at `path`. With `place`, only where that says yes to its first 4 KiB. Throws the system's error where
 * it cannot be read, and the signal's reason once that is aborted.
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

/** Undefined where the file does not have the size that was told. */
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

/** Two buffers in turn: one is hashed while the other is filled. */
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
