// The files of one document as changes to commit: registry, original, text, images, tree, and the wiki's pages.
import { join } from 'node:path'
import type { Change, Planned } from '../../commit/change.ts'
import type { Snapshot } from '../../commit/work.ts'
import { linkTargets } from '../../wiki/document-links.ts'
import { planDocument } from '../../wiki/plan-pages.ts'
import { tokensTrailer, type Compiled } from '../../core/document/compiled.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { relink } from '../../core/document/linked-text.ts'
import { documentPaths } from '../../core/layout.ts'
import { serializePointer } from '../../core/document/pointer.ts'
import type { Prepared } from '../../core/document/prepared.ts'
import { storedText, treeText } from './document-text.ts'
import { timestamp, type Base } from '../../io/base.ts'

export type ReadyDocument = {
  /** Path or URL as shown to the user; the document's identity. */
  origin: string
  context?: string | undefined
  /** For a renamed file, the digest of the document under its earlier name. */
  previousDigest?: string | undefined
  /** Process the document even if its content is already known: it was read with other settings. */
  force?: boolean | undefined
  /** The file's extension, lower case with the dot, or ''. */
  extension: string
  /** Reserved in scan order; replaced if another command has taken it since. */
  name: string
  staging: string
  prepared: Prepared
  compiled: Compiled
  /** For a message: the attachments that become documents in the same commit. */
  attachments?: ReadyDocument[]
}

/** The location of a document, and the documents that it is linked with. */
export type Placement = Pick<DocumentRecord, 'attachments' | 'attachedTo'> & { shard: number; lines: string[] }

/** The files of a document; `known` is its record so far, if it is an update. */
export async function planFiles(
  base: Base,
  snapshot: Snapshot,
  ready: ReadyDocument,
  known: DocumentRecord | undefined,
  { shard, attachments, attachedTo, lines }: Placement,
): Promise<Planned> {
  const { prepared, compiled, staging, name } = ready
  const paths = documentPaths(name, shard, rawExtension(ready))
  const large = prepared.size > base.config.rawGitLimitBytes
  const date = timestamp(base.clock)
  const images = prepared.images.map(({ file }) => `${paths.images}/${file}`)
  const source = prepared.kind === 'long' ? paths.sourceLong : paths.sourceShort
  const stored = await storedText(staging, prepared, { name, summary: paths.summary, source })
  const partial: Omit<DocumentRecord, 'listed' | 'topics' | 'mentions'> = {
    version: 1,
    name,
    title: compiled.title,
    sha256: prepared.sha256,
    format: prepared.format,
    kind: prepared.kind,
    pages: prepared.pages,
    origin: ready.origin,
    context: ready.context,
    attachments,
    attachedTo,
    raw: large ? paths.rawPointer : paths.raw,
    source,
    tree: prepared.tree === undefined ? undefined : paths.tree,
    summary: paths.summary,
    ...(images.length === 0 ? {} : { images }),
    aliases: prepared.aliases,
    links: stored === undefined || stored.links.length === 0 ? undefined : stored.links,
    language: compiled.language,
    coverage: prepared.coverage,
    compiler: compiled.compiler,
    model: compiled.model,
    addedAt: known?.addedAt ?? date,
  }
  const { edits, record, kept } = await planDocument(
    {
      record: partial,
      prepared,
      compiled,
      date,
      operation: known === undefined ? 'add' : 'update',
      attachmentLines: lines,
    },
    snapshot,
  )
  const targets = linkTargets(record, snapshot.catalog, { before: known, after: record })
  const original = join(staging, prepared.original)
  const changes: Change[] = [
    { path: paths.registry, content: { bytes: serializeRecord(record) } },
    {
      path: record.raw,
      content: large ? { bytes: serializePointer(prepared) } : { file: original, size: prepared.size },
    },
    {
      path: record.source,
      content:
        stored === undefined
          ? { file: join(staging, prepared.text), size: prepared.textSize }
          : { bytes: relink(stored.text, record, targets) ?? stored.text },
    },
    ...prepared.images.map(({ file, size }) => ({
      path: `${paths.images}/${file}`,
      content: { file: join(staging, 'images', file), size },
    })),
    ...edits.map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
  ]
  if (record.tree !== undefined)
    changes.push({ path: record.tree, content: { bytes: await treeText(staging, prepared, compiled, name) } })
  const written = new Set(changes.map(({ path }) => path))
  for (const path of known === undefined ? [] : filesOf(known))
    if (!written.has(path)) changes.push({ path, content: null })
  return {
    label: ready.origin,
    subject: `${known === undefined ? 'add' : 'update'}: ${name}`,
    trailers: documentTrailers(record, compiled),
    changes,
    kept,
    ...(large ? { blobs: [{ sha256: prepared.sha256, file: original }] } : {}),
  }
}

/** Files that belong to this document alone, not pages it shares with others. */
export function filesOf(record: DocumentRecord): string[] {
  return [record.raw, record.source, record.tree ?? [], record.images ?? [], record.summary].flat()
}

/** The document's trailers in the commit message. */
export function documentTrailers(
  record: Pick<DocumentRecord, 'name' | 'sha256' | 'compiler' | 'model'>,
  { usage }: Pick<Compiled, 'usage'>,
): [string, string][] {
  const trailers: [string, string][] = [
    ['Kbgit-Document', record.name],
    ['Kbgit-Digest', `sha256:${record.sha256}`],
    ['Kbgit-Compiler', record.compiler],
  ]
  if (record.model !== undefined) trailers.push(['Kbgit-Model', record.model])
  if (usage !== undefined) trailers.push(...tokensTrailer(usage))
  return trailers
}

/** The extension of the stored original: its own if it is a plain one, otherwise the format's. */
function rawExtension({ extension, prepared }: ReadyDocument): string {
  return /^\.[a-z0-9]{1,12}$/.test(extension) ? extension : `.${prepared.format}`
}
