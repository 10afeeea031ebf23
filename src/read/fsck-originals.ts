// Originals: each file in `raw/` is what was hashed when the document was added, or points to it.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parsePointer, POINTER_BYTES_MAX, type Pointer } from '../core/document/pointer.ts'
import type { FsckRun, KnownDocument } from './fsck-run.ts'
import { blobPaths } from './show.ts'

/** Sizes requested in one batch. */
const BATCH = 500
/** Originals up to this size are read in batches, larger ones chunk by chunk. */
const SMALL_BYTES_MAX = 256 * 1024

type Original = { document: KnownDocument; oid: string; size: number }

/** Pointers are always followed to their blob and its size; with `rehash` every content is read. */
export async function checkOriginals(run: FsckRun, documents: KnownDocument[], rehash: boolean): Promise<void> {
  const { history } = run.base
  const wanted = rehash ? documents : documents.filter(({ raw }) => raw.endsWith('.pointer'))
  for (let index = 0; index < wanted.length; index += BATCH) {
    const present = wanted.slice(index, index + BATCH).filter(({ raw }) => run.files.has(raw))
    const oids = present.map(({ raw }) => run.files.get(raw) ?? '')
    const sizes = await history.sizes(oids)
    const originals = present.map((document, n) => ({ document, oid: oids[n] ?? '', size: sizes[n] ?? 0 }))
    run.count('originals', originals.length)
    const small = originals.filter(({ size }) => size <= SMALL_BYTES_MAX)
    for await (const { item, body } of history.contents(small, ({ oid }) => oid)) {
      run.goOn()
      await checkSmall(run, item, body, rehash)
    }
    for (const { document, oid } of originals.filter(({ size }) => size > SMALL_BYTES_MAX)) {
      run.goOn()
      checkDigest(run, document, await sha256Of(history.stream(oid)), rehash)
    }
  }
}

async function checkSmall(run: FsckRun, { document, size }: Original, body: Buffer, rehash: boolean): Promise<void> {
  const pointer = size > POINTER_BYTES_MAX ? undefined : parsePointer(body.toString())
  if (pointer?.sha256 === document.sha256) await checkBlob(run, document, pointer, rehash)
  else checkDigest(run, document, createHash('sha256').update(body).digest('hex'), rehash)
}

/** A file that does not point to the document's original must be the original itself. */
function checkDigest({ report }: FsckRun, document: KnownDocument, digest: string, rehash: boolean): void {
  if (document.raw.endsWith('.pointer')) {
    report({
      code: 'pointerBroken',
      path: document.raw,
      message: `${document.raw} does not point to the original of ${document.name}.`,
      fix: 'Restore an earlier version with git.',
    })
  } else if (rehash && digest !== document.sha256) {
    report({
      code: 'originalAltered',
      path: document.raw,
      message: `${document.raw} is not what was added: its digest differs from the one in ${document.path}.`,
      fix: 'Restore an earlier version with git, or add the changed file.',
    })
  }
}

async function checkBlob(run: FsckRun, document: KnownDocument, pointer: Pointer, rehash: boolean): Promise<void> {
  run.count('blobs')
  for (const path of blobPaths(run.base, pointer.sha256)) {
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    const whole =
      found.isFile() &&
      found.size === pointer.size &&
      (!rehash || (await sha256Of(createReadStream(path))) === pointer.sha256)
    if (!whole) {
      run.report({
        code: 'blobAltered',
        path,
        message: `The original of ${document.name} is damaged: the content of ${path} does not match its name.`,
        fix: 'Delete it and add the document again, or copy it from the machine that added it.',
      })
    }
    return
  }
  run.report({
    code: 'blobMissing',
    path: document.raw,
    message: `The original of ${document.name} is not in this copy of the base: missing blob ${pointer.sha256}.`,
    fix: 'Copy it from the machine that added it, or add the document again.',
  })
}

async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}
