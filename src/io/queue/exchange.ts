// How bytes get from the writer to a worker and back: through Redis in chunks, or through a folder that both see. Files
// are named by their digest, in a place of their own for each task.
import { createHash, randomUUID } from 'node:crypto'
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { systemCode } from '../../core/errors.ts'
import { fields, integer, shapeOf, text } from '../../core/shape.ts'

export const EXCHANGES = ['redis', 'folder'] as const
export type ExchangeKind = (typeof EXCHANGES)[number]

/** A file in an exchange: its SHA-256 in hex, and its bytes. */
export type Stored = { sha256: string; size: number }

export const STORED = shapeOf<Stored>()(
  fields({ sha256: text('a SHA-256', 64, /^[0-9a-f]{64}$/), size: integer(0) }, {}),
)

export type Exchange = {
  readonly kind: ExchangeKind
  /** Bytes of one task's files in either direction. */
  readonly bytesMax: number
  put: (task: string, path: string) => Promise<Stored>
  /** Writes a new file. Throws `ExchangeError` if the bytes are gone or not what they should be. */
  take: (task: string, stored: Stored, path: string) => Promise<void>
  /** Forgets everything of a task. */
  drop: (task: string) => Promise<void>
}

export class ExchangeError extends Error {
  override readonly name = 'ExchangeError'
}

const CHUNK_BYTES = 1024 ** 2
/** What one task may put into Redis' memory. */
const REDIS_BYTES_MAX = 64 * 1024 ** 2
const FOLDER_BYTES_MAX = 4 * 1024 ** 3
/** What a writer that was killed leaves in Redis is gone after a day. */
const EXPIRY_S = 24 * 60 * 60
const TASK = /^[0-9a-f-]{36,40}$/

export function redisExchange(client: Redis): Exchange {
  const keyOf = (task: string): string => `kbgit:bytes:${checked(task)}`
  return {
    kind: 'redis',
    bytesMax: REDIS_BYTES_MAX,
    put: async (task, path) => {
      const key = keyOf(task)
      const stored = await storedOf(path)
      let index = 0
      for await (const chunk of chunksOf(path)) await client.hset(key, fieldOf(stored, index++), chunk)
      await client.expire(key, EXPIRY_S)
      return stored
    },
    take: async (task, stored, path) => {
      const key = keyOf(task)
      const chunks = async function* (): AsyncGenerator<Buffer> {
        for (let index = 0; index * CHUNK_BYTES < stored.size; index++) {
          const chunk = await client.hgetBuffer(key, fieldOf(stored, index))
          if (chunk === null) throw new ExchangeError('the bytes are no longer in Redis')
          yield chunk
        }
      }
      await writeChecked(stored, path, chunks())
    },
    drop: async (task) => {
      await client.unlink(keyOf(task))
    },
  }
}

/** `folder` is one that the writer and all workers see, each by a path of its own. */
export function folderExchange(folder: string): Exchange {
  const placeOf = (task: string): string => join(folder, checked(task))
  return {
    kind: 'folder',
    bytesMax: FOLDER_BYTES_MAX,
    put: async (task, path) => {
      const stored = await storedOf(path)
      await mkdir(placeOf(task), { recursive: true, mode: 0o700 })
      const target = join(placeOf(task), stored.sha256)
      const unfinished = `${target}.${randomUUID()}`
      await copyFile(path, unfinished)
      await rename(unfinished, target)
      return stored
    },
    take: async (task, stored, path) => {
      const file = join(placeOf(task), stored.sha256)
      try {
        await writeChecked(stored, path, chunksOf(file))
      } catch (error) {
        if (systemCode(error) !== 'ENOENT') throw error
        throw new ExchangeError('the bytes are not in the shared folder', { cause: error })
      }
    },
    drop: (task) => rm(placeOf(task), { recursive: true, force: true }),
  }
}

/** The name of a task becomes part of keys and paths, and comes from the queue. */
function checked(task: string): string {
  if (!TASK.test(task)) throw new ExchangeError('the task has no valid name')
  return task
}

function fieldOf({ sha256 }: Stored, index: number): string {
  return `${sha256}:${index}`
}

async function storedOf(path: string): Promise<Stored> {
  const hash = createHash('sha256')
  let size = 0
  for await (const chunk of chunksOf(path)) {
    hash.update(chunk)
    size += chunk.length
  }
  return { sha256: hash.digest('hex'), size }
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  await using file = await open(path, 'r')
  for (;;) {
    const chunk = Buffer.allocUnsafe(CHUNK_BYTES)
    let filled = 0
    for (let count = 1; count > 0 && filled < CHUNK_BYTES; filled += count)
      count = (await file.read(chunk, filled, CHUNK_BYTES - filled)).bytesRead
    if (filled > 0) yield chunk.subarray(0, filled)
    if (filled < CHUNK_BYTES) return
  }
}

/** Writes no more bytes than expected, whatever comes. */
async function writeChecked({ sha256, size }: Stored, path: string, chunks: AsyncIterable<Buffer>): Promise<void> {
  await using file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  let written = 0
  for await (const chunk of chunks) {
    written += chunk.length
    if (written > size) break
    hash.update(chunk)
    await file.write(chunk)
  }
  if (written !== size || hash.digest('hex') !== sha256) throw new ExchangeError('the bytes do not match their digest')
}
