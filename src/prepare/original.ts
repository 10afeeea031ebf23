// Makes the one consistent copy of a source that everything else works on.
import { closeSync, constants, fstatSync, openSync, readSync, writeSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { DocumentError, systemCode } from '../core/errors.ts'
import type { PrepareTask } from './protocol.ts'

type OriginalTask = Pick<PrepareTask, 'staging' | 'path' | 'label' | 'sha256' | 'limits'>

export type StagedOriginal = { path: string; size: number; sha256: string }

const CHUNK_BYTES = 1024 * 1024

/**
 * Copies the source to `<staging>/original` while hashing it. Opens it so that a FIFO or a device does not block and a
 * symbolic link is not followed. Throws `DocumentError`: `notFound`, `unreadable`, `notRegular`, `empty`, `tooLarge`,
 * or `changedWhileRead` if the bytes differ from the scanned ones. Synchronous: the worker has nothing else to do, and
 * for a small file each trip through the thread pool takes longer than the call.
 */
export function takeOriginal(task: OriginalTask): StagedOriginal {
  const source = openSource(task)
  try {
    const before = fstatSync(source, { bigint: true })
    if (!before.isFile()) {
      throw new DocumentError('notRegular', `${task.label} is not a regular file.`, 'Only regular files can be added.')
    }
    refuseSize(Number(before.size), task)
    const path = `${task.staging}/original`
    const { size, sha256 } = copy(source, path, task)
    const after = fstatSync(source, { bigint: true })
    const same = before.mtimeNs === after.mtimeNs && before.size === after.size && BigInt(size) === after.size
    if (!same || sha256 !== task.sha256) {
      throw new DocumentError(
        'changedWhileRead',
        `${task.label} changed while it was read.`,
        'Add it again when nothing is writing to it.',
      )
    }
    return { path, size, sha256 }
  } finally {
    closeSync(source)
  }
}

function openSource(task: OriginalTask): number {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  try {
    // The two flags do not exist on Windows, where neither FIFOs nor such links do.
    return openSync(Buffer.from(task.path), O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0))
  } catch (error) {
    switch (systemCode(error)) {
      case 'ENOENT':
      case 'ENOTDIR':
        throw new DocumentError('notFound', `${task.label} no longer exists.`, 'Check the path.')
      case 'ELOOP':
      case 'EMLINK':
      case 'ENXIO':
      case 'EISDIR':
        throw new DocumentError(
          'notRegular',
          `${task.label} is not a regular file.`,
          'Only regular files can be added.',
        )
      default:
        throw new DocumentError(
          'unreadable',
          `${task.label} cannot be read (${systemCode(error) ?? 'unknown cause'}).`,
          'Check its permissions.',
        )
    }
  }
}

function refuseSize(size: number, task: OriginalTask): void {
  if (size === 0) throw new DocumentError('empty', `${task.label} is empty.`, 'There is nothing to add.')
  if (size > task.limits.sourceBytesMax) {
    const hint = `Files up to ${task.limits.sourceBytesMax} bytes are accepted; limits.source_max in kbgit.yaml raises that.`
    throw new DocumentError('tooLarge', `${task.label} is too large (${size} bytes).`, hint)
  }
}

function copy(source: number, path: string, task: OriginalTask): { size: number; sha256: string } {
  const hash = createHash('sha256')
  const target = openSync(path, 'wx', 0o600)
  let size = 0
  try {
    const chunk = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, fstatSync(source).size + 1))
    for (;;) {
      const bytesRead = readSource(source, chunk, size, task)
      if (bytesRead === 0) break
      const bytes = chunk.subarray(0, bytesRead)
      hash.update(bytes)
      for (let written = 0; written < bytesRead;) {
        written += writeSync(target, bytes, written, bytesRead - written)
      }
      size += bytesRead
      // A growing file must not be followed forever.
      refuseSize(size, task)
    }
  } finally {
    closeSync(target)
  }
  refuseSize(size, task)
  return { size, sha256: hash.digest('hex') }
}

function readSource(source: number, chunk: Buffer, index: number, task: OriginalTask): number {
  try {
    return readSync(source, chunk, 0, chunk.length, index)
  } catch (error) {
    throw new DocumentError(
      'unreadable',
      `${task.label} could not be read completely (${systemCode(error) ?? 'unknown cause'}).`,
      'Check the disk that it is on.',
    )
  }
}
