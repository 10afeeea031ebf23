// The files of one document as changes to commit: registry, original, text, images, tree, and the wiki's pages.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Change, Planned } from '../../commit/change.ts'
import type { Snapshot } from '../../commit/work.ts'
import { linkTargets } from '../../wiki/document-links.ts'
import { planDocument } from '../../wiki/plan-pages.ts'
import { tokensTrailer, type Compiled } from '../../core/document/compiled.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { relink } from '../../core/document/linked-text.ts'
import { documentPaths } from '../../core/layout.ts'
import { largeAttributes } from '../large-attributes.ts'
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
  placement: Placement,
): Promise<Planned> {
  const { prepared, compiled, staging, name } = ready
  const paths = documentPaths(name, placement.shard, rawExtension(ready))
  const large = prepared.size > base.config.rawGitLimitBytes
  const date = timestamp(base.clock)
  const source = prepared.kind === 'long' ? paths.sourceLong : paths.sourceShort
  const stored = await storedText(staging, prepared, { name, summary: paths.summary, source })
  const newText = async (): Promise<string> => stored?.text ?? readFile(join(staging, prepared.text), 'utf8')
  const { edits, record, kept } = await planDocument(
    {
      record: factsOf(ready, paths, placement, {
        raw: large ? paths.rawLarge : paths.raw,
        source,
        links: stored === undefined || stored.links.length === 0 ? undefined : stored.links,
        addedAt: known?.addedAt ?? date,
      }),
      prepared,
      compiled,
      text: newText,
      date,
      operation: known === undefined ? 'add' : 'update',
      attachmentLines: placement.lines,
    },
    snapshot,
  )
  const change = { before: known, after: record, text: newText }
  const targets = await linkTargets(record, snapshot, change)
  const text = stored === undefined ? undefined : (relink(stored.text, record, targets) ?? stored.text)
  const changes: Change[] = [
    ...(large ? await largeAttributes(base, snapshot) : []),
    ...(await ownFiles(ready, record, paths, { large, text })),
    ...edits.map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
  ]
  const written = new Set(changes.map(({ path }) => path))
  for (const path of known === undefined ? [] : filesOf(known))
    if (!written.has(path)) changes.push({ path, content: null })
  return {
    label: ready.origin,
    subject: `${known === undefined ? 'add' : 'update'}: ${name}`,
    trailers: documentTrailers(record, compiled),
    changes,
    kept,
    ...(large ? { blobs: [{ sha256: prepared.sha256, file: join(staging, prepared.original) }] } : {}),
  }
}

type OwnPaths = ReturnType<typeof documentPaths>

/** The record, without what depends on the pages of the base. The order of its keys is that of the file. */
function factsOf(
  { name, origin, context, prepared, compiled }: ReadyDocument,
  paths: OwnPaths,
  { attachments, attachedTo }: Placement,
  { raw, source, links, addedAt }: Pick<DocumentRecord, 'raw' | 'source' | 'links' | 'addedAt'>,
): Omit<DocumentRecord, 'listed' | 'topics' | 'mentions'> {
  const images = prepared.images.map(({ file }) => `${paths.images}/${file}`)
  return {
    version: 1,
    name,
    title: compiled.title,
    sha256: prepared.sha256,
    format: prepared.format,
    kind: prepared.kind,
    pages: prepared.pages,
    origin,
    context,
    attachments,
    attachedTo,
    raw,
    source,
    tree: prepared.tree === undefined ? undefined : paths.tree,
    summary: paths.summary,
    ...(images.length === 0 ? {} : { images }),
    aliases: prepared.aliases,
    links,
    language: compiled.language,
    coverage: prepared.coverage,
    compiler: compiled.compiler,
    model: compiled.model,
    addedAt,
  }
}

/**
 * Registry, original, text, images and outline of a document. `text`: what to store instead of the staged text, which
 * has no links.
 */
async function ownFiles(
  { name, staging, prepared, compiled }: ReadyDocument,
  record: DocumentRecord,
  paths: OwnPaths,
  { large, text }: { large: boolean; text: string | undefined },
): Promise<Change[]> {
  const original = { file: join(staging, prepared.original), size: prepared.size }
  const staged = { file: join(staging, prepared.text), size: prepared.textSize }
  const files: Change[] = [
    { path: paths.registry, content: { bytes: serializeRecord(record) } },
    { path: record.raw, content: large ? { bytes: serializePointer(prepared) } : original },
    { path: record.source, content: text === undefined ? staged : { bytes: text } },
    ...prepared.images.map(({ file, size }) => ({
      path: `${paths.images}/${file}`,
      content: { file: join(staging, 'images', file), size },
    })),
  ]
  if (record.tree !== undefined)
    files.push({ path: record.tree, content: { bytes: await treeText(staging, prepared, compiled, name) } })
  return files
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
