// Undoes one commit of kbgit on top of whatever followed it: exactly, if nothing else changed its files; otherwise a
// document is removed as by `remove`, and shared pages are merged three ways. What cannot be done safely is left
// unchanged.
import { isEditablePage } from '../../commit/change.ts'
import type { Catalog } from '../../core/document/catalog.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { parseRecord } from '../../core/document/record.ts'
import { DOCUMENTS, isOfOneDocument, linkTarget, registryPathOf } from '../../core/layout.ts'
import { mergePage } from '../../core/merge/merge.ts'
import { readMessage } from '../../core/transaction/commit-message.ts'
import { timestamp, type Base } from '../../io/base.ts'
import type { DiffEntry, ObjectReader } from '../../io/git/objects.ts'
import type { History } from '../../io/history.ts'
import { attachmentLines, withAttachmentLines } from '../../wiki/attachment-lines.ts'
import type { WikiSnapshot } from '../../wiki/draft.ts'
import { planRemoval } from '../../wiki/plan-pages.ts'
import { SectionEdits } from '../../wiki/section-edits.ts'
import { findSection } from '../../wiki/topic-page.ts'
import { filesOf } from '../ingest/plan-files.ts'
import { withLinks } from '../plan-removal.ts'
import type { RunCommit } from './find-runs.ts'
import type { PendingTree } from './pending-tree.ts'

export type TakeBackTools = {
  base: Base
  objects: ObjectReader
  history: History
  catalog: Catalog
  /** The commit that the undo builds on. */
  head: string
}

/** Returns why the commit was left unchanged, or undefined if `tree` no longer has its changes. */
export async function takeBack(
  commit: RunCommit,
  tree: PendingTree,
  tools: TakeBackTools,
): Promise<string | undefined> {
  const changes: DiffEntry[] = []
  for await (const change of tools.objects.diff(commit.parent, commit.commit, tools.base.prefix)) {
    // Other large originals rely on them.
    if (!change.path.endsWith('.gitattributes')) changes.push(change)
  }
  const current = await Promise.all(changes.map(({ path }) => tree.oid(path)))
  if (changes.every(({ oid }, index) => current[index] === oid)) {
    for (const { path, oldOid } of changes) tree.set(path, oldOid)
    return undefined
  }
  // The merge of a review may have new documents alone.
  const isNew = commit.operation === 'merge' && changes.every(({ path, oldOid }) => !isRecord(path) || oldOid === null)
  return tree.attempt(() =>
    commit.operation === 'add' || isNew ? removeAdded(commit, changes, tree, tools) : mergeBack(changes, tree),
  )
}

/** A commit adds one document, or a message with its attachments; a merge adds those of a review. */
async function removeAdded(
  commit: RunCommit,
  changes: DiffEntry[],
  tree: PendingTree,
  tools: TakeBackTools,
): Promise<string | undefined> {
  const snapshot: WikiSnapshot = { catalog: tools.catalog, read: (path) => tree.text(path) }
  const removed = new Set<string>()
  const shared: DocumentRecord[] = []
  for (const { path, oid, oldOid } of changes.filter((change) => isRecord(change.path))) {
    const text = await tree.text(path)
    // Removed since then: nothing of it is left.
    if (oid === null || text === undefined) continue
    const record = parseRecord(text, path)
    // Attachments that other messages have now, or had before.
    if (oldOid !== null || record.attachedTo?.some((name) => !commit.documents.includes(name)) === true) {
      shared.push(record)
      continue
    }
    const first = parseRecord(await tree.textOf(oid), path)
    if (record.sha256 !== first.sha256) return `${record.name} was updated since`
    const page = (await editedSince(commit, record, tools)) ?? (await editedSection(record, snapshot))
    if (page !== undefined) return `${page} was edited since`
    const { edits } = await planRemoval(record, snapshot, {
      date: timestamp(tools.base.clock),
      overviewsStayDue: tools.base.config.model !== 'builtin',
    })
    for (const { path, content } of edits) {
      if (content === null) tree.set(path, null)
      else tree.write(path, content)
    }
    for (const file of [path, ...filesOf(record)]) tree.set(file, null)
    removed.add(record.name)
  }
  for (const record of shared) await unlink(record, removed, tree, tools)
  return undefined
}

/** A document that stays is no longer attached to the messages that are removed. */
async function unlink(
  before: DocumentRecord,
  removed: ReadonlySet<string>,
  tree: PendingTree,
  { catalog }: TakeBackTools,
): Promise<void> {
  const attachedTo = before.attachedTo?.filter((name) => !removed.has(name))
  if (attachedTo?.length === before.attachedTo?.length) return
  const record = withLinks(before, { attachedTo, standalone: attachedTo?.length === 0 ? undefined : before.standalone })
  tree.write(registryPathOf(record.summary), serializeRecord(record))
  const page = await tree.text(record.summary)
  const lines = attachmentLines(record, (name) => catalog.documentByName(name))
  if (page !== undefined) tree.write(record.summary, withAttachmentLines(page, lines))
}

/** The summary page, if a person changed it after the document was added. */
async function editedSince(
  commit: RunCommit,
  { summary }: DocumentRecord,
  { history, head }: TakeBackTools,
): Promise<string | undefined> {
  for await (const { oid, message } of history.commits({ at: head, paths: [summary] })) {
    if (oid === commit.commit) return undefined
    if (['edit', 'commit'].includes(readMessage(message).operation)) return summary
  }
  return undefined
}

/** The first page on which a person changed the section of the document. */
async function editedSection(record: DocumentRecord, snapshot: WikiSnapshot): Promise<string | undefined> {
  const sections = new SectionEdits(record, snapshot)
  for (const path of record.topics) {
    const text = await snapshot.read(path)
    const section = text === undefined ? undefined : findSection(text, linkTarget(record.summary))
    if (section !== undefined && sections.isEdited(path, section)) return path
  }
  return undefined
}

async function mergeBack(changes: DiffEntry[], tree: PendingTree): Promise<string | undefined> {
  for (const { path, oid: after, oldOid: before } of changes) {
    const now = await tree.oid(path)
    if (now === before) continue
    if (now === after) {
      tree.set(path, before)
      continue
    }
    const isShared = isEditablePage(path) && !isOfOneDocument(path)
    const isMergeable = isEditablePage(path) || isRecord(path)
    // A shared page that is gone has nothing left to undo.
    if (now === null && isShared) continue
    if (now === null || before === null || !isMergeable) return `${path} was changed since`
    const [was, is, old] = await Promise.all([
      after === null ? '' : tree.textOf(after),
      tree.text(path),
      tree.textOf(before),
    ])
    const merged = mergePage(was, is ?? '', old, path, (_, ours) => ({ text: ours, conflict: true }))
    if (merged.conflict) return `${path} was changed since`
    tree.write(path, merged.text)
  }
  return undefined
}

function isRecord(path: string): boolean {
  return path.startsWith(`${DOCUMENTS}/`) && path.endsWith('.json')
}
