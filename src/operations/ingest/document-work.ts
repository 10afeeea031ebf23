// Turns a prepared and compiled document into work for the writer: what it is in the base, and what is written.
import { mergePlans, type Change, type Planned } from '../../commit/change.ts'
import type { Snapshot, WorkItem } from '../../commit/work.ts'
import { attachmentLines } from '../../wiki/attachment-lines.ts'
import { planDocument } from '../../wiki/plan-pages.ts'
import type { Compiled } from '../../core/document/compiled.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { DocumentError } from '../../core/errors.ts'
import { documentPaths, LOG_PAGE, shardOf } from '../../core/layout.ts'
import type { PreparedText } from '../../core/document/prepared.ts'
import { collisionKey, freeName } from '../../core/page/slug.ts'
import { treeText } from './document-text.ts'
import { planForgotten } from '../plan-removal.ts'
import { planMessage, type AttachmentEnd } from './plan-message.ts'
import { documentTrailers, planFiles, type ReadyDocument } from './plan-files.ts'
import { timestamp, type Base } from '../../io/base.ts'

/** What happened to a document; known once its work has been planned. */
export type DocumentEnd =
  /** `attachments`: the documents that were added or updated with it. */
  | { kind: 'added' | 'updated'; name: string; attachments?: AttachmentEnd[] }
  | { kind: 'skipped'; reason: 'duplicate' | 'unchanged'; name: string }

export type DocumentWork = WorkItem & { end: () => DocumentEnd | undefined }

/** The work of adding or updating a document. Whether it is new is decided at planning time, under the lock. */
export function documentWork(base: Base, ready: ReadyDocument): DocumentWork {
  let end: DocumentEnd | undefined
  return {
    label: ready.origin,
    end: () => end,
    plan: async (snapshot, apply) => {
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
      const named = { ...ready, name }
      if (ready.attachments !== undefined || known?.attachments !== undefined) {
        const { planned, ends } = await planMessage(base, snapshot, apply, named, known)
        end = { ...end, attachments: ends }
        return planned
      }
      const shard = known === undefined ? snapshot.catalog.openShard('documents') : shardOf(known.summary)
      const planned = await planFiles(base, snapshot, named, known, { shard, lines: [] })
      if (known?.attachedTo === undefined) return planned
      // Messages have the content that it had so far.
      apply(planned.changes)
      return mergePlans([planned, ...(await planForgotten(known, snapshot, apply))])
    },
  }
}

/** A stored document that was compiled again. */
export type RecompiledInput = { record: DocumentRecord; staging: string; prepared: PreparedText; compiled: Compiled }

/** The work of rewriting a document's pages. Nothing is committed if all of them come out the same. */
export function recompileWork(base: Base, ready: RecompiledInput): WorkItem {
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
const PLANNED_FIELDS = new Set(['listed', 'topics', 'mentions', 'sections', 'summaryParts', 'edited', 'model'])

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
  const lines = attachmentLines(known, (linked) => snapshot.catalog.documentByName(linked))
  const { edits, record, kept } = await planDocument(
    {
      record: partial,
      prepared,
      compiled,
      date: timestamp(base.clock),
      operation: 'recompile',
      attachmentLines: lines,
    },
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
