// Computes git's object ids here, so that an intent can name what it is about to write.
import { createHash, hash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import type { Repository } from './git.ts'

/** Files up to this many bytes are read at once. */
const IN_MEMORY_BYTES_MAX = 1024 * 1024

/** Content up to this many bytes is joined with its header in memory. */
const COPIED_BYTES_MAX = 64 * 1024

type Format = Pick<Repository, 'oidLength'>

/** Object id of a blob. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobId(content: string | Uint8Array, { oidLength }: Format): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  const header = Buffer.from(`blob ${bytes.length}\0`)
  // In one call: for a small page that takes half as long as creating and feeding a hash.
  if (bytes.length <= COPIED_BYTES_MAX) return hash(algorithmOf(oidLength), Buffer.concat([header, bytes]))
  return createHash(algorithmOf(oidLength)).update(header).update(bytes).digest('hex')
}

function algorithmOf(oidLength: Format['oidLength']): string {
  return oidLength === 64 ? 'sha256' : 'sha1'
}

/** The same for a file of `size` bytes; a large one is streamed. Throws if the file's size has changed. */
export async function blobIdOfFile(path: string, size: number, { oidLength }: Format): Promise<string> {
  if (size <= IN_MEMORY_BYTES_MAX) {
    const bytes = readFileSync(path)
    if (bytes.length !== size) throw new Error(`${path} changed while it was read`)
    return blobId(bytes, { oidLength })
  }
  const digest = createHash(algorithmOf(oidLength)).update(`blob ${size}\0`)
  let seen = 0
  for await (const chunk of createReadStream(path)) {
    seen += (chunk as Buffer).length
    digest.update(chunk as Buffer)
  }
  if (seen !== size) throw new Error(`${path} changed while it was read`)
  return digest.digest('hex')
}
