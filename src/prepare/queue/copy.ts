// The consistent copy of a source in its staging folder, made by the writer, whose event loop must go on meanwhile.
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Stored } from '../../io/queue/exchange.ts'
import type { PrepareTask } from '../protocol.ts'

const CHUNK_BYTES = 1024 ** 2
const READ_FLAGS = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0)

/**
 * Copies the source to `<staging>/original`. Undefined, with no file left, if it is larger than `bytesMax`, cannot be read,
 * or is not what the scan saw: whoever prepares it from its place says what is wrong with it.
 */
export async function copyOriginal(
  { path, staging, sha256, limits }: Pick<PrepareTask, 'path' | 'staging' | 'sha256' | 'limits'>,
  bytesMax: number,
): Promise<Stored | undefined> {
  const target = join(staging, 'original')
  try {
    await using source = await open(Buffer.from(path), READ_FLAGS)
    const facts = await source.stat()
    const most = Math.min(bytesMax, limits.sourceBytesMax)
    if (!facts.isFile() || facts.size === 0 || facts.size > most) return undefined
    const stored = await copy(source, target, most)
    if (stored?.sha256 === sha256) return stored
  } catch {
    // As above.
  }
  await rm(target, { force: true })
  return undefined
}

async function copy(
  source: Awaited<ReturnType<typeof open>>,
  target: string,
  most: number,
): Promise<Stored | undefined> {
  await using copied = await open(target, 'wx', 0o600)
  const hash = createHash('sha256')
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
  let size = 0
  for (;;) {
    const { bytesRead } = await source.read(chunk, 0, chunk.length, size)
    if (bytesRead === 0) return { sha256: hash.digest('hex'), size }
    const bytes = chunk.subarray(0, bytesRead)
    hash.update(bytes)
    await copied.writeFile(bytes)
    size += bytesRead
    // A growing file must not be followed for ever.
    if (size > most) return undefined
  }
}
