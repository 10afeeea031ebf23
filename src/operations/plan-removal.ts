// What a removal changes: the document's own files, its part of shared pages, and the attachments added with it.
import { mergePlans, type Planned } from '../commit/change.ts'
import type { Apply, Snapshot } from '../commit/work.ts'
import { serializeRecord, type DocumentRecord } from '../core/document/document.ts'
import { documentPaths, shardOf } from '../core/layout.ts'
import { timestamp, type Base } from '../io/base.ts'
import { attachmentLines, withAttachmentLines } from '../wiki/attachment-lines.ts'
import { Draft } from '../wiki/draft.ts'
import { planFrontPage } from '../wiki/front-page.ts'
import { forgetDocument } from '../wiki/forget-document.ts'
import { planRemoval } from '../wiki/plan-pages.ts'
import { filesOf } from './ingest/plan-files.ts'
import { pagesLinkingTo } from './pages-linking-to.ts'

export type RemovalOptions = { keepRaw?: boolean | undefined; keepEmpty?: boolean | undefined }

/** A document with the attachments that no other message has; messages that it is attached to no longer list it. */
export async function planRemove(
  base: Base,
  record: DocumentRecord,
  snapshot: Snapshot,
  apply: Apply,
  options: RemovalOptions,
): Promise<Planned> {
  const own = await planOne(base, record, snapshot, options)
  const plans: [Planned, ...Planned[]] = [own]
  apply(own.changes)
  plans.push(...(await planForgotten(record, snapshot, apply)))
  for (const name of record.attachments ?? []) {
    const plan = await planDetached(base, name, record.name, snapshot, apply, options)
    if (plan !== undefined) plans.push(plan)
  }
  return mergePlans([...plans, await planFront(own, snapshot)])
}

/** The front page with the figures of what is left. */
async function planFront({ label, subject }: Planned, snapshot: Snapshot): Promise<Planned> {
  const draft = new Draft(snapshot)
  await planFrontPage(snapshot.catalog.figures(), undefined, draft)
  const changes = draft.edits().map(({ path, content }) => ({ path, content: { bytes: content ?? '' } }))
  return { label, subject, trailers: [], changes }
}

/** The messages that a document is attached to no longer list it. */
export async function planForgotten(
  { name, attachedTo = [] }: DocumentRecord,
  snapshot: Snapshot,
  apply: Apply,
): Promise<Planned[]> {
  const plans: Planned[] = []
  for (const each of attachedTo) {
    const message = snapshot.catalog.documentByName(each)
    if (message === undefined) continue
    const left = (message.attachments ?? []).filter((attachment) => attachment !== name)
    const plan = await planLinks(message, { attachments: left }, snapshot)
    apply(plan.changes)
    plans.push(plan)
  }
  return plans
}

/** An attachment leaves a message: it is removed, unless it is attached to another one or was also added on its own. */
export async function planDetached(
  base: Base,
  name: string,
  message: string,
  snapshot: Snapshot,
  apply: Apply,
  options: RemovalOptions,
): Promise<Planned | undefined> {
  const record = snapshot.catalog.documentByName(name)
  if (record?.attachedTo === undefined) return undefined
  const attachedTo = record.attachedTo.filter((each) => each !== message)
  const standalone = attachedTo.length === 0 ? undefined : record.standalone
  const plan =
    attachedTo.length === 0 && record.standalone !== true
      ? await planOne(base, record, snapshot, options)
      : await planLinks(record, { attachedTo, standalone }, snapshot)
  apply(plan.changes)
  return plan
}

/** Changes the attachments or messages of a document: its record, and the links on its summary. */
export async function planLinks(
  before: DocumentRecord,
  links: Pick<DocumentRecord, 'attachments' | 'attachedTo' | 'standalone'>,
  snapshot: Snapshot,
): Promise<Planned> {
  const record = withLinks(before, links)
  const page = await snapshot.read(record.summary)
  const lines = attachmentLines(record, (name) => snapshot.catalog.documentByName(name))
  const linked = page === undefined ? undefined : withAttachmentLines(page, lines)
  return {
    label: record.name,
    subject: `update: ${record.name}`,
    trailers: trailersOf(record),
    changes: [
      { path: registryOf(record), content: { bytes: serializeRecord(record) } },
      ...(linked === undefined || linked === page ? [] : [{ path: record.summary, content: { bytes: linked } }]),
    ],
  }
}

/** The removal of one document, without its attachments. */
async function planOne(
  base: Base,
  record: DocumentRecord,
  snapshot: Snapshot,
  options: RemovalOptions,
): Promise<Planned> {
  const { edits } = await planRemoval(record, snapshot, {
    date: timestamp(base.clock),
    keepEmpty: options.keepEmpty ?? false,
    overviewsStayDue: base.config.model !== 'builtin',
  })
  const edited = new Set(edits.map(({ path }) => path))
  const linking = (await pagesLinkingTo(base, record, snapshot.commit ?? '')).filter((path) => !edited.has(path))
  for (const path of linking) {
    const text = await snapshot.read(path)
    const content = text === undefined ? undefined : forgetDocument(text, record)
    if (content !== undefined && content !== text) edits.push({ path, content })
  }
  const own = [registryOf(record), ...filesOf(record)].filter((path) => options.keepRaw !== true || path !== record.raw)
  for (const { path } of edits) edited.add(path)
  return {
    label: record.name,
    subject: `remove: ${record.name}`,
    trailers: trailersOf(record),
    changes: [
      ...own.filter((path) => !edited.has(path)).map((path) => ({ path, content: null })),
      ...edits.map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
    ],
  }
}

/** The fields in the order of the type, so that equal records are equal files. */
export function withLinks(
  record: DocumentRecord,
  links: Pick<DocumentRecord, 'attachments' | 'attachedTo' | 'standalone'>,
): DocumentRecord {
  const { attachments, attachedTo, standalone, ...rest } = { ...record, ...links }
  const linked = Object.entries({ attachments, attachedTo, standalone }).filter(
    ([, value]) => value !== undefined && (value === true || value.length > 0),
  )
  const entries = Object.entries(rest)
  const index = entries.findIndex(([key]) => key === 'raw')
  return Object.fromEntries([...entries.slice(0, index), ...linked, ...entries.slice(index)]) as DocumentRecord
}

function registryOf({ name, summary }: DocumentRecord): string {
  return documentPaths(name, shardOf(summary), '').registry
}

function trailersOf({ name, sha256 }: DocumentRecord): [string, string][] {
  return [
    ['Kbgit-Document', name],
    ['Kbgit-Digest', `sha256:${sha256}`],
  ]
}
