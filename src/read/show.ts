// `kbgit show`: a page as it is in a commit, and a document's original, wherever its bytes are stored.
import type { AtRevision } from '../core/options.ts'
import { open } from 'node:fs/promises'
import { KbError, systemCode } from '../core/errors.ts'
import { parsePointer, POINTER_BYTES_MAX } from '../core/document/pointer.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import { RAW } from '../core/layout.ts'
import { pageKind, searchKind } from '../core/page/page-kind.ts'
import type { ShowResult } from '../core/results.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { findDocument } from './find-document.ts'
import { pageNamed } from './find-page.ts'
import { largePaths } from '../io/sidecar/large-store.ts'

/** An original's bytes, wherever they are stored. */
export type Original = { document: string; size: number; chunks: AsyncIterable<Uint8Array> }

/** `page` is a path, a wikilink's target, or the name of a page or document (its summary), or a unique part of one. */
export async function show(base: BaseReader, page: string, options: AtRevision = {}): Promise<ShowResult> {
  const at = await commitAt(base, options)
  const path = await pageNamed(base, at, page)
  if (path.startsWith(`${RAW}/`)) {
    throw new KbError('notFound', `${path} is an original, not a page.`, { hint: 'Use "kbgit show --raw <document>".' })
  }
  const body = await base.history.page(at, path)
  if (body === undefined) throw new KbError('notFound', `${path} is not a page at ${at}.`)
  const kind = pageKind(path)
  return { page: path, kind: kind === undefined ? 'page' : searchKind(kind), at, text: body.toString() }
}

/**
 * The bytes that were added, from git or, if `raw/` has a pointer, from git-lfs's store. Throws `KbError`: `notFound` if
 * the document does not exist, `storage` if its bytes are not in this copy of the base.
 */
export async function showRaw(base: BaseReader, document: string, options: AtRevision = {}): Promise<Original> {
  const at = await commitAt(base, options)
  const { record } = await findDocument(base, at, document)
  const oid = await base.history.fileAt(at, record.raw)
  const [size] = oid === undefined ? [] : await base.history.sizes([oid])
  if (oid === undefined || size === undefined)
    throw new KbError('notFound', `The original of ${record.name} is not at ${record.raw}: it was removed.`)
  const pointer = size > POINTER_BYTES_MAX ? undefined : await pointerTo(base, at, record)
  if (pointer === undefined) return { document: record.name, size, chunks: base.history.stream(oid) }
  const paths = (await largePaths(base))(pointer)
  for (const path of paths) {
    const file = await open(path).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return undefined
      throw new KbError('storage', `${path} cannot be read.`, { cause: error })
    })
    if (file !== undefined)
      return { document: record.name, size: (await file.stat()).size, chunks: file.createReadStream() }
  }
  throw new KbError('notFound', `The original of ${record.name} is not in this clone: ${paths[0]} does not exist.`, {
    hint: 'Fetch it with "git lfs fetch --all", copy it from the machine that added it, or add the document again.',
  })
}

/** The digest of the blob that `raw/` points to; undefined if the original itself is in `raw/`. */
async function pointerTo({ history }: BaseReader, at: string, record: DocumentRecord): Promise<string | undefined> {
  const pointer = parsePointer((await history.page(at, record.raw))?.toString() ?? '')
  // A document may itself be a pointer file: then the digest is not that of what it points to.
  return pointer?.sha256 === record.sha256 ? pointer.sha256 : undefined
}
