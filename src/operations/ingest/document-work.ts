// Turns a prepared and compiled document into work for the writer: the files to write and their names.
import { join } from 'node:path'
import type { Change, Planned } from '../../commit/change.ts'
import type { Snapshot, Work } from '../../commit/work.ts'
import { planDocument } from '../../wiki/plan-pages.ts'
import { tokensTrailer, type Compiled } from '../../core/document/compiled.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { DocumentError } from '../../core/errors.ts'
import { documentPaths, LOG_PAGE, shardOf } from '../../core/layout.ts'
import { serializePointer } from '../../core/document/pointer.ts'
import type { Prepared, PreparedText } from '../../core/document/prepared.ts'
import { collisionKey, freeName } from '../../core/page/slug.ts'
import { sourceContent, treeText } from './document-text.ts'
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
}

/** What happened to a document; known once its work has been planned. */
export type DocumentEnd =
  { kind: 'added' | 'updated'; name: string } | { kind: 'skipped'; reason: 'duplicate' | 'unchanged'; name: string }

export type DocumentWork = Work & { end: () => DocumentEnd | undefined }

/** The work of adding or updating a document. Whether it is new is decided at planning time, under the lock. */
export function documentWork(base: Base, ready: ReadyDocument): DocumentWork {
  let end: DocumentEnd | undefined
  return {
    label: ready.origin,
    end: () => end,
    plan: async (snapshot) => {
      const known =
        snapshot.catalog.documentByOrigin(ready.origin) ??
        (ready.previousDigest === undefined ? undefined : snapshot.catalog.documentByDigest(ready.previousDigest))
      const same = snapshot.catalog.documentByDigest(ready.prepared.sha256)
      if (same !== undefined && !(ready.force === true && same.name === known?.name)) {
        end = { kind: 'skipped', reason: same.name === known?.name ? 'unchanged' : 'duplicate', name: same.name }
        return undefined
      }
      const taken = snapshot.catalog.documentNameTaken(collisionKey(ready.name))
      const name =
        known?.name ?? (taken ? freeName(ready.name, (key) => snapshot.catalog.documentNameTaken(key)) : ready.name)
      end = { kind: known === undefined ? 'added' : 'updated', name }
      return planFiles(base, snapshot, { ...ready, name }, known)
    },
  }
}

async function planFiles(
  base: Base,
  snapshot: Snapshot,
  ready: ReadyDocument,
  known: DocumentRecord | undefined,
): Promise<Planned> {
  const { prepared, compiled, staging, name } = ready
  const shard = known === undefined ? snapshot.catalog.openShard('documents') : shardOf(known.summary)
  const paths = documentPaths(name, shard, rawExtension(ready))
  const large = prepared.size > base.config.rawGitLimitBytes
  const date = timestamp(base.clock)
  const images = prepared.images.map(({ file }) => `${paths.images}/${file}`)
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
    raw: large ? paths.rawPointer : paths.raw,
    source: prepared.kind === 'long' ? paths.sourceLong : paths.sourceShort,
    ...(prepared.tree === undefined ? {} : { tree: paths.tree }),
    summary: paths.summary,
    ...(images.length === 0 ? {} : { images }),
    language: compiled.language,
    coverage: prepared.coverage,
    compiler: compiled.compiler,
    model: compiled.model,
    addedAt: known?.addedAt ?? date,
  }
  const { edits, record, kept } = await planDocument(
    { record: partial, prepared, compiled, date, operation: known === undefined ? 'add' : 'update' },
    snapshot,
  )
  const original = join(staging, prepared.original)
  const changes: Change[] = [
    { path: paths.registry, content: { bytes: serializeRecord(record) } },
    {
      path: record.raw,
      content: large ? { bytes: serializePointer(prepared) } : { file: original, size: prepared.size },
    },
    { path: record.source, content: await sourceContent(staging, prepared, record) },
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

/** A stored document that was compiled again. */
export type RecompiledInput = { record: DocumentRecord; staging: string; prepared: PreparedText; compiled: Compiled }

/** The work of rewriting a document's pages. Nothing is committed if all of them come out the same. */
export function recompileWork(base: Base, ready: RecompiledInput): Work {
  const { name, sha256, source } = ready.record
  return {
    label: name,
    plan: async (snapshot) => {
      const known = snapshot.catalog.documentByName(name)
      if (known === undefined) throw new DocumentError('notFound', `${name} was removed while it was being recompiled.`)
      if (known.sha256 !== sha256 || known.source !== source) {
        throw new DocumentError(
          'changedWhileRead',
          `${name} was updated while it was being recompiled.`,
          'Its pages were left as the update wrote them.',
        )
      }
      const planned = await planRecompiled(base, snapshot, ready, known)
      for (const { path, content } of planned.changes) {
        if (
          path !== LOG_PAGE &&
          (await snapshot.read(path)) !== (content !== null && 'bytes' in content ? content.bytes : undefined)
        )
          return planned
      }
      return undefined
    },
  }
}

/** The fields that compiling and planning set again. */
const PLANNED_FIELDS = new Set(['listed', 'topics', 'mentions', 'sections', 'edited', 'model'])

async function planRecompiled(
  base: Base,
  snapshot: Snapshot,
  { staging, prepared, compiled }: RecompiledInput,
  known: DocumentRecord,
): Promise<Planned> {
  const same = Object.entries(known).filter(([key]) => !PLANNED_FIELDS.has(key))
  const partial: Omit<DocumentRecord, 'listed' | 'topics' | 'mentions'> = {
    ...(Object.fromEntries(same) as Omit<DocumentRecord, 'listed' | 'topics' | 'mentions' | 'model'>),
    title: compiled.title,
    language: compiled.language ?? known.language,
    compiler: compiled.compiler,
    model: compiled.model,
  }
  const { edits, record, kept } = await planDocument(
    { record: partial, prepared, compiled, date: timestamp(base.clock), operation: 'recompile' },
    snapshot,
  )
  const changes: Change[] = [
    {
      path: documentPaths(record.name, shardOf(record.summary), '').registry,
      content: { bytes: serializeRecord(record) },
    },
    ...edits.map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
  ]
  if (record.tree !== undefined)
    changes.push({ path: record.tree, content: { bytes: await treeText(staging, prepared, compiled, record.name) } })
  return {
    label: record.name,
    subject: `recompile: ${record.name}`,
    trailers: documentTrailers(record, compiled),
    changes,
    kept,
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
