// git's name of a file's content, computed here so that an intent can name what it is about to write.
import { createHash } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import type { Repository } from './git.ts'

/** Bytes up to which a file is read at once. */
const IN_MEMORY_BYTES_MAX = 1024 * 1024

type Format = Pick<Repository, 'oidLength'>

/** Object id of a blob. https://git-scm.com/book/en/v2/Git-Internals-Git-Objects */
export function blobId(content: string | Uint8Array, { oidLength }: Format): string {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content
  return createHash(oidLength === 64 ? 'sha256' : 'sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

/** The same of a file of `size` bytes, a large one read as a stream. Throws where the file has another size by now. */
export async function blobIdOfFile(path: string, size: number, { oidLength }: Format): Promise<string> {
  if (size <= IN_MEMORY_BYTES_MAX) {
    const bytes = readFileSync(path)
    if (bytes.length !== size) throw new Error(`${path} changed while it was read`)
    return blobId(bytes, { oidLength })
  }
  const hash = createHash(oidLength === 64 ? 'sha256' : 'sha1').update(`blob ${size}\0`)
  let seen = 0
  for await (const chunk of createReadStream(path)) {
    seen += (chunk as Buffer).length
    hash.update(chunk as Buffer)
  }
  if (seen !== size) throw new Error(`${path} changed while it was read`)
  return hash.digest('hex')
}
