// Originals: what stands in `raw/` is what was hashed when the document was added, or points to it.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { parsePointer, POINTER_BYTES_MAX, type LfsPointer } from '../core/lfs-pointer.ts'
import type { FsckRun } from './fsck.ts'
import type { KnownDocument } from './fsck-registry.ts'
import { blobPaths } from './show.ts'

/** Sizes asked for at once. */
const BATCH = 500

/** Pointers are always followed to their blob and its size; with `rehash` every content is read. */
export async function checkOriginals(run: FsckRun, documents: KnownDocument[], rehash: boolean): Promise<void> {
  const wanted = rehash ? documents : documents.filter(({ raw }) => raw.endsWith('.pointer'))
  for (let at = 0; at < wanted.length; at += BATCH) {
    const batch = wanted.slice(at, at + BATCH).flatMap((document) => {
      const oid = run.files.get(document.raw)
      return oid === undefined ? [] : [{ document, oid }]
    })
    const sizes = await run.base.history.sizes(batch.map(({ oid }) => oid))
    for (const [n, { document, oid }] of batch.entries()) {
      run.goOn()
      run.count('originals')
      await checkOriginal(run, document, { oid, size: sizes[n] ?? 0 }, rehash)
    }
  }
}

async function checkOriginal(run: FsckRun, document: KnownDocument, raw: { oid: string; size: number }, rehash: boolean): Promise<void> {
  const { base, report } = run
  const isPointer = document.raw.endsWith('.pointer')
  const pointer = raw.size > POINTER_BYTES_MAX ? undefined : parsePointer(Buffer.concat(await gather(base.history.stream(raw.oid))).toString())
  if (pointer?.sha256 === document.sha256) {
    await checkBlob(run, document, pointer, rehash)
    return
  }
  if (isPointer) {
    report({ code: 'pointerBroken', path: document.raw, message: `${document.raw} does not point to the original of ${document.name}.`, fix: 'Bring back an earlier version with git.' })
  } else if (rehash && (await sha256Of(base.history.stream(raw.oid))) !== document.sha256) {
    report({ code: 'originalAltered', path: document.raw, message: `${document.raw} is not what was added: it has another digest than ${document.path} says.`, fix: 'Bring back an earlier version with git, or add the changed file.' })
  }
}

async function checkBlob(run: FsckRun, document: KnownDocument, pointer: LfsPointer, rehash: boolean): Promise<void> {
  run.count('blobs')
  for (const path of blobPaths(run.base, pointer.sha256)) {
    const found = await stat(path).catch(() => undefined)
    if (found === undefined) continue
    const whole = found.isFile() && found.size === pointer.size && (!rehash || (await sha256Of(createReadStream(path))) === pointer.sha256)
    if (!whole) {
      run.report({ code: 'blobAltered', path, message: `The original of ${document.name} is damaged: ${path} is not what its name says.`, fix: 'Delete it and add the document again, or copy it from the machine that added it.' })
    }
    return
  }
  run.report({
    code: 'blobMissing', path: document.raw, message: `The original of ${document.name} is not in this copy of the base: there is no blob ${pointer.sha256}.`,
    fix: 'Copy it from the machine that added it, or add the document again.',
  })
}

async function sha256Of(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of chunks) hash.update(chunk)
  return hash.digest('hex')
}

async function gather(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const chunk of chunks) all.push(chunk)
  return all
}
