// What a document's commit changes in the wiki, as values. No disk access, and the amount written does not grow with
// the base: a summary, bounded topic pages, one listing page per kind, the bounded log.
import type { TopicRef } from '../core/document/catalog.ts'
import type { Compiled, Contribution } from '../core/document/compiled.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import {
  AGENTS_PAGE,
  ENTITIES,
  INDEX_PAGE,
  LOG_PAGE,
  SUMMARIES,
  linkTarget,
  listingPath,
  splitPart,
  shardOf,
} from '../core/layout.ts'
import type { ListingKind } from '../core/layout.ts'
import type { PreparedText } from '../core/document/prepared.ts'
import { agentsPage } from './agents-page.ts'
import { topicKey } from '../core/page/topic.ts'
import { chooseTopics, DEFAULT_PLAN_LIMITS } from './choose-topics.ts'
import type { PlanLimits } from './choose-topics.ts'
import { relinkOthers } from './document-links.ts'
import { Draft } from './draft.ts'
import type { PageEdit, WikiSnapshot } from './draft.ts'
import { dropFromFront } from './front-page.ts'
import { newIndexPage } from './index-page.ts'
import { Listings, newListingPage } from './listing-page.ts'
import { addLogEntry, newLogPage } from './log-page.ts'
import { rewriteOverviews } from './overviews.ts'
import { listNewest } from './front-page.ts'
import { forgetRelated, planRelated } from './related.ts'
import { SectionEdits } from './section-edits.ts'
import { summaryPage } from './summary-page.ts'
import { dropTopics, putTopics } from './topic-edits.ts'
import { splitFrontMatter } from '../core/page/page.ts'
import { findSection } from './topic-page.ts'

export type { PageEdit } from './draft.ts'

/** Names of a document that its topic gets. */
const OWN_NAMES_MAX = 10

export type DocumentToPlan = {
  /** Paths chosen so far; the results of planning are still missing. */
  record: Omit<DocumentRecord, 'listed' | 'topics' | 'mentions'>
  prepared: PreparedText
  compiled: Compiled
  /** Reads its new text, without links between documents; undefined if that stays. */
  text?: (() => Promise<string>) | undefined
  /** Commit time, ISO 8601, UTC. */
  date: string
  operation: 'add' | 'update' | 'recompile'
  /** Links to its attachments or to the messages that have it, for the summary; see `attachment-lines.ts`. */
  attachmentLines?: string[]
}

/**
 * The page edits of one document (summary, topic pages, listings, log) and its completed record. For an update or
 * recompile the catalog still has the document's previous record: sections that it no longer has are removed. The
 * document's registry file, text, images and original are the caller's; registry files of earlier documents whose
 * mentions became sections are among the edits.
 */
export async function planDocument(
  document: DocumentToPlan,
  snapshot: WikiSnapshot,
  limits: PlanLimits = DEFAULT_PLAN_LIMITS,
): Promise<{ edits: PageEdit[]; record: DocumentRecord; kept: readonly string[] }> {
  const { record, prepared, compiled, text, date, operation, attachmentLines = [] } = document
  const draft = new Draft(snapshot)
  const listings = new Listings(draft)
  const old = operation === 'add' ? undefined : snapshot.catalog.documentByName(record.name)
  const before = old === undefined ? [] : old.topics
  // Recompiling the same text creates no further pages; a changed text may replace pages that it now shares.
  const held = ({ path, sources }: TopicRef): boolean =>
    before.some((page) => splitPart(page).first === path) && (operation === 'recompile' || sources <= 1)
  const contributions = withOwnNames(compiled.contributions, record)
  const { chosen, mentions } = chooseTopics(record.name, contributions, snapshot.catalog, limits, held)

  const sections = new SectionEdits(old, snapshot)
  const topics = await putTopics(record, chosen, before, draft, listings, sections)
  const now = new Set(topics.map(({ path }) => path))
  for (const path of before.filter((page) => !now.has(page))) {
    const text = await draft.read(path)
    const section = text === undefined ? undefined : findSection(text, linkTarget(record.summary))
    if (section === undefined || !sections.isEdited(path, section)) continue
    sections.keep(path, section)
    now.add(path)
    const kind = path.startsWith(`${ENTITIES}/`) ? 'entity' : 'concept'
    topics.push({ kind, path, title: String(splitFrontMatter(text ?? '').front['title'] ?? ''), line: '' })
  }
  if (old !== undefined)
    await dropTopics(
      old,
      before.filter((path) => !now.has(path)),
      false,
      draft,
      listings,
    )

  const entry = { path: record.summary, title: record.title, description: compiled.description }
  const listed =
    old !== undefined && (await listings.replace(old.listed, entry))
      ? old.listed
      : await listings.add('documents', shardOf(record.summary), entry)

  const page = await draft.read(record.summary)
  const mentioned = mentions.map(({ name }) => name)
  const summary = summaryPage({ record, prepared, compiled, topics, mentioned, attachmentLines }, page)
  draft.write(record.summary, await sections.mergeSummary(record.summary, page, summary))
  await log(draft, { date, operation, name: record.name, title: record.title })
  const completedRecord = { ...completed(record, listed, [...now], mentions), ...sections.record }
  await planRelated(completedRecord, draft)
  await listNewest(entry, draft, { isNew: old === undefined })
  await relinkOthers({ before: old, after: completedRecord, text }, draft)
  // Topic pages without a section any more; the front page is written again only after the last document.
  const gone = draft.edits().flatMap(({ path, content }) => (content === null ? [linkTarget(path)] : []))
  await dropFromFront(new Set(gone), draft)
  return { edits: draft.edits(), record: completedRecord, kept: sections.kept }
}

/** A topic that has a name of the document has its other names too. */
function withOwnNames(
  contributions: Contribution[],
  { title, aliases = [] }: Pick<DocumentRecord, 'title' | 'aliases'>,
): Contribution[] {
  if (aliases.length === 0) return contributions
  const keys = new Set([title, ...aliases].map(topicKey))
  return contributions.map((contribution) => {
    const own = [contribution.name, ...contribution.aliases]
    if (!own.some((name) => keys.has(topicKey(name)))) return contribution
    const more = [title, ...aliases].slice(0, OWN_NAMES_MAX).filter((name) => !own.includes(name))
    return { ...contribution, aliases: [...contribution.aliases, ...more] }
  })
}

/** The fields in the order of the type, so that equal records are equal files. */
function completed(
  record: DocumentToPlan['record'],
  listed: string,
  topics: string[],
  mentions: NonNullable<DocumentRecord['mentions']>,
): DocumentRecord {
  const { language, coverage, compiler, model, addedAt, ...head } = record
  return {
    ...head,
    listed,
    language,
    coverage,
    compiler,
    model,
    addedAt,
    topics,
    ...(mentions.length === 0 ? {} : { mentions }),
  }
}

/**
 * The page edits that remove a document: its summary, its sections, its entry. Topic pages that become empty are
 * deleted too, unless `keepEmpty` or a person wrote on them. Registry file, text, images and original are the caller's.
 */
export async function planRemoval(
  record: DocumentRecord,
  snapshot: WikiSnapshot,
  options: { date: string; keepEmpty?: boolean; overviewsStayDue?: boolean },
): Promise<{ edits: PageEdit[] }> {
  const draft = new Draft(snapshot)
  const listings = new Listings(draft)
  await forgetRelated(record, draft)
  await dropTopics(record, record.topics, options.keepEmpty ?? false, draft, listings)
  await rewriteOverviews(record.topics, draft, { stayDue: options.overviewsStayDue ?? false })
  await relinkOthers({ before: record }, draft)
  await listings.drop('documents', shardOf(record.summary), record.summary)
  if (record.summary.startsWith(`${SUMMARIES}/`) && (await draft.read(record.summary)) !== undefined)
    draft.write(record.summary, undefined)
  const gone = draft.edits().flatMap(({ path, content }) => (content === null ? [linkTarget(path)] : []))
  await dropFromFront(new Set(gone), draft)
  await log(draft, { date: options.date, operation: 'remove', name: record.name, title: record.title })
  return { edits: draft.edits() }
}

async function log(draft: Draft, entry: Parameters<typeof addLogEntry>[1]): Promise<void> {
  draft.write(LOG_PAGE, addLogEntry(await draft.read(LOG_PAGE), entry))
}

/** The pages of an empty wiki. */
export function initialPages(): PageEdit[] {
  const kinds: ListingKind[] = ['documents', 'concepts', 'entities']
  return [
    { path: AGENTS_PAGE, content: agentsPage() },
    ...kinds.map((kind) => ({ path: listingPath(kind, 1), content: newListingPage(kind, 1, 1) })),
    { path: INDEX_PAGE, content: newIndexPage() },
    { path: LOG_PAGE, content: newLogPage() },
  ].sort((a, b) => (a.path < b.path ? -1 : 1))
}
