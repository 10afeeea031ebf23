// A document from standard input as a candidate: staged like a fetched page, because planning needs its digest.
import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { extensionOf, stemOf } from '../../core/document/source-path.ts'
import type { Failure } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import type { Candidate } from './url-candidate.ts'

export type StdinDocument = {
  bytes: AsyncIterable<Uint8Array>
  /** A file name: what the document is called, and with its extension its format. Adding under it again is an update. */
  name?: string | undefined
  /** An extension without its dot, for a name without one. Default: by content, else `md`. */
  type?: string | undefined
}

export async function stdinCandidate(
  base: Base,
  { bytes, name, type }: StdinDocument,
  staging: string,
): Promise<Candidate | { kind: 'failed'; origin: string; failure: Failure }> {
  const path = join(staging, 'stdin')
  const hash = createHash('sha256')
  let size = 0
  await using file = await open(path, 'wx')
  for await (const chunk of bytes) {
    size += chunk.length
    if (size > base.config.limits.sourceBytesMax) {
      const message = `Standard input has more than ${base.config.limits.sourceBytesMax} bytes.`
      const hint = 'Split it, or raise limits.source_max in kbgit.yaml.'
      return { kind: 'failed', origin: '-', failure: { code: 'tooLarge', message, hint } }
    }
    hash.update(chunk)
    await file.write(chunk)
  }
  if (size === 0) {
    const failure: Failure = { code: 'empty', message: 'Standard input is empty.', hint: 'There is nothing to add.' }
    return { kind: 'failed', origin: '-', failure }
  }
  const sha256 = hash.digest('hex')
  const called = name ?? `note-${sha256.slice(0, 12)}`
  return {
    kind: 'file',
    origin: `stdin:${called}`,
    path: Buffer.from(path),
    stem: stemOf(called),
    extension: type === undefined ? extensionOf(called) || '.md' : `.${type.toLowerCase().replace(/^\./, '')}`,
    named: true,
    size,
    sha256,
  }
}
