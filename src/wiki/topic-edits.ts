// Where a document's sections go on the pages of its topics, and how they are removed again.
import type { Catalog, TopicRef } from '../core/document/catalog.ts'
import { serializeRecord } from '../core/document/document.ts'
import { parseRecord } from '../core/document/record.ts'
import type { DocumentRecord, Mention } from '../core/document/document.ts'
import { cutInline, sanitizeInline, oneLine, plainInline } from '../core/page/sanitize.ts'
import { ENTITIES, linkTarget, registryPathOf, splitPart, topicPath, shardOf } from '../core/layout.ts'
import { collisionKey, freeName, titleSlug } from '../core/page/slug.ts'
import type { Contribution } from '../core/document/compiled.ts'
import { headingTarget, parsePage, splitFrontMatter } from '../core/page/page.ts'
import type { ChosenTopic } from './choose-topics.ts'
import type { Draft } from './draft.ts'
import type { Listings } from './listing-page.ts'
import { linkTargets, NO_TARGETS, resolveLinks } from './resolve-links.ts'
import {
  contributionSection,
  continueOn,
  describedBy,
  endHere,
  findSection,
  isEmptyTopicPage,
  isFull,
  mentionSection,
  newTopicPage,
  nextTopicPage,
  putSection,
  takeSection,
} from './topic-page.ts'
import type { Sectioned, TopicHead } from './topic-page.ts'
import type { CutSection } from '../core/page/page-text.ts'
import { sectionDigest, type SectionEdits } from './section-edits.ts'
import { linkMention, type TopicLine } from './summary-lists.ts'

const LINE_CHARS_MAX = 200
const FOLDERS = { concept: 'concepts', entity: 'entities' } as const

/** Puts a document's sections on the chosen pages, creating pages, continuation pages and listing entries as needed. */
export async function putTopics(
  document: Sectioned,
  chosen: ChosenTopic[],
  before: string[],
  draft: Draft,
  listings: Listings,
  edits: SectionEdits,
): Promise<TopicLine[]> {
  const placed = placeTopics(chosen, draft.catalog)
  const targets = linkTargets(placed.map(({ choice, path }) => ({ path, contribution: choice.contribution })))
  const topics: TopicLine[] = []
  for (const { choice, path: first } of placed) {
    const contribution = {
      ...choice.contribution,
      says: resolveLinks(choice.contribution.says, targets, linkTarget(first)),
    }
    let path = first
    if (choice.page === 'existing')
      path = await addToTopic(document, { ...choice, contribution }, before, draft, listings, edits)
    else await makeTopic(document, { ...choice, contribution }, path, draft, listings, edits)
    const kind = choice.page === 'existing' ? choice.topic.kind : contribution.kind
    topics.push({
      kind,
      path,
      title: choice.page === 'existing' ? choice.topic.title : contribution.name,
      ...(kind === 'entity' && contribution.type !== undefined ? { type: contribution.type } : {}),
      line: topicSays(contribution.description, resolveLinks(contribution.says, NO_TARGETS)),
    })
  }
  return topics
}

/** The first page of each topic: existing or planned. */
function placeTopics(chosen: ChosenTopic[], catalog: Catalog): { choice: ChosenTopic; path: string }[] {
  const taken = new Set<string>()
  return chosen.map((choice) => {
    if (choice.page === 'existing') return { choice, path: choice.topic.path }
    const { kind, name } = choice.contribution
    const free = freeName(titleSlug(name), (key) => catalog.topicNameTaken(kind, key) || taken.has(`${kind} ${key}`))
    taken.add(`${kind} ${collisionKey(free)}`)
    return { choice, path: topicPath(kind, free, catalog.openShard(FOLDERS[kind])) }
  })
}

/** One line of sanitized Markdown: what the topic is, or else the beginning of what the document says about it. */
function topicSays(description: string | undefined, says: string): string {
  if (description !== undefined && description !== '') return sanitizeInline(oneLine(description, LINE_CHARS_MAX))
  return cutInline(says.split(/\n\s*\n/)[0] ?? '', LINE_CHARS_MAX)
}

async function addToTopic(
  document: Sectioned,
  { topic, contribution }: ChosenTopic & { page: 'existing' },
  before: string[],
  draft: Draft,
  listings: Listings,
  edits: SectionEdits,
): Promise<string> {
  const section = contributionSection(document, contribution)
  const { name: title, aliases, description } = contribution
  const head = { kind: topic.kind, title, aliases, description }
  const target = linkTarget(document.summary)
  const candidates = [
    topic.path,
    ...before.filter((path) => path !== topic.path && splitPart(path).first === topic.path),
  ]
  for (const path of candidates) {
    const text = await draft.read(path)
    const current = text === undefined ? undefined : findSection(text, target)
    if (text === undefined || current === undefined) continue
    const merged = await edits.merge(path, current, section)
    draft.write(path, putSection(text, merged, path === topic.path ? head : undefined))
    await listDescribed(document, topic, contribution, draft, listings)
    return path
  }
  const path = await appendSection(topic, edits.wrote(section), draft, { ...head, title: topic.title }, head)
  await listDescribed(document, topic, contribution, draft, listings)
  return path
}

/** A topic that the document describes is listed with what it says. */
async function listDescribed(
  document: Sectioned,
  topic: TopicRef,
  contribution: Contribution,
  draft: Draft,
  listings: Listings,
): Promise<void> {
  const { front } = splitFrontMatter((await draft.read(topic.path)) ?? '')
  if (describedBy(front) !== nameOf(document.summary)) return
  const entry = { path: topic.path, title: topic.title, description: listedAs(contribution) }
  await listings.update(FOLDERS[topic.kind], shardOf(topic.path), entry)
}

/**
 * Appends a section to the last page of a topic, or to a new one if that is full, and returns the page. `head` is for a
 * page that has to be created, `names` are added to the first page as aliases.
 */
export async function appendSection(
  topic: Pick<TopicRef, 'kind' | 'path' | 'name' | 'parts'>,
  section: CutSection,
  draft: Draft,
  head: TopicHead,
  names?: TopicHead,
): Promise<string> {
  const last = partPath(topic, Math.max(topic.parts, 1))
  const text = await draft.read(last)
  if (text === undefined) {
    // The page was deleted by hand after the snapshot was taken: create it again.
    draft.write(last, newTopicPage(head, [section]))
    return last
  }
  if (!isFull(text)) {
    draft.write(last, putSection(text, section, last === topic.path ? names : undefined))
    return last
  }
  const part = Math.max(topic.parts, 1) + 1
  const next = partPath(topic, part)
  const first = (await draft.read(topic.path)) ?? text
  await draft.read(next)
  draft.write(next, nextTopicPage(first, part, last, section))
  draft.write(last, continueOn(text, next))
  return next
}

function partPath(topic: Pick<TopicRef, 'kind' | 'path' | 'name'>, part: number): string {
  return topicPath(topic.kind, topic.name, shardOf(topic.path), part)
}

async function makeTopic(
  document: Sectioned,
  { contribution, earlier }: ChosenTopic & { page: 'new' },
  path: string,
  draft: Draft,
  listings: Listings,
  edits: SectionEdits,
): Promise<void> {
  const { kind } = contribution
  const sections = earlier.map((one) => mentionSection(one.document, one.mention))
  await draft.read(path)
  draft.write(
    path,
    newTopicPage(
      {
        kind,
        title: contribution.name,
        aliases: contribution.aliases,
        description: contribution.description,
        describedBy: nameOf(document.summary),
        type: contribution.type,
      },
      [...sections, edits.wrote(contributionSection(document, contribution))],
    ),
  )
  for (const { document: other, mention } of earlier)
    await promote(other, mention, { path, title: contribution.name }, draft)
  await listings.add(FOLDERS[kind], shardOf(path), {
    path,
    title: contribution.name,
    description: listedAs(contribution),
  })
}

/** The contents page's line about a topic. */
function listedAs({ description, says }: Pick<Contribution, 'description' | 'says'>): string {
  return description ?? plainInline(resolveLinks(says, NO_TARGETS))
}

function nameOf(summary: string): string {
  return linkTarget(summary).slice(linkTarget(summary).lastIndexOf('/') + 1)
}

/** In an earlier document's record and on its summary, a mention becomes a topic. */
async function promote(
  document: DocumentRecord,
  mention: Mention,
  page: { path: string; title: string },
  draft: Draft,
): Promise<void> {
  const path = registryPathOf(document.summary)
  const text = await draft.read(path)
  if (text === undefined) return
  const { topics, mentions = [], sections = [], edited, displaced, ...record } = parseRecord(text, path)
  const left = mentions.filter(({ kind, key }) => kind !== mention.kind || key !== mention.key)
  draft.write(
    path,
    serializeRecord({
      ...record,
      topics: [...topics, page.path],
      ...(left.length === 0 ? {} : { mentions: left }),
      sections: [...new Set([...sections, sectionDigest(mentionSection(document, mention))])].sort(),
      ...(edited === undefined ? {} : { edited }),
      ...(displaced === undefined ? {} : { displaced }),
    }),
  )
  const summary = await draft.read(document.summary)
  if (summary === undefined) return
  const { name, says, type } = mention
  const kind = page.path.startsWith(`${ENTITIES}/`) ? 'entity' : 'concept'
  draft.write(document.summary, linkMention(summary, name, { kind, ...page, type, line: topicSays(undefined, says) }))
}

/** Removes the sections of a document from `pages`; a page that becomes empty is deleted, with its entry. */
export async function dropTopics(
  record: DocumentRecord,
  pages: string[],
  keepEmpty: boolean,
  draft: Draft,
  listings: Listings,
): Promise<void> {
  for (const path of pages) {
    const text = await draft.read(path)
    const left = text === undefined ? undefined : takeSection(text, linkTarget(record.summary))
    if (left === undefined) continue
    draft.write(path, left.text)
    if (left.empty && !keepEmpty) await dropEmptyPages(path, draft, listings)
    else if (describedBy(splitFrontMatter(text ?? '').front) === nameOf(record.summary))
      await listAgain(path, left.text, listings)
  }
}

/** A topic that loses the document describing it is listed with the words of the first remaining one. */
export async function listAgain(path: string, text: string, listings: Listings): Promise<void> {
  const page = parsePage(text)
  const kind = path.startsWith(`${ENTITIES}/`) ? 'entities' : 'concepts'
  const first = page.sections.find(({ heading }) => headingTarget(heading)?.startsWith('summaries/') === true)
  const description = plainInline(resolveLinks(first?.body.split(/\n\s*\n/)[0] ?? '', NO_TARGETS))
  await listings.update(kind, shardOf(path), { path, title: String(page.front['title'] ?? ''), description })
}

/**
 * Only the last page of a topic can be deleted, so that the parts stay a chain; then the one before may be the last.
 */
export async function dropEmptyPages(path: string, draft: Draft, listings: Listings): Promise<void> {
  const { first, part } = splitPart(path)
  const pathOf = (number: number) => (number === 1 ? first : first.replace(/\.md$/, `--${number}.md`))
  const text = await draft.read(path)
  if (text === undefined || !isEmptyTopicPage(text) || (await draft.read(pathOf(part + 1))) !== undefined) return
  draft.write(path, undefined)
  if (part === 1) {
    const kind = path.startsWith('wiki/entities/') ? 'entities' : 'concepts'
    await listings.drop(kind, shardOf(path), path)
    return
  }
  const previous = pathOf(part - 1)
  const before = await draft.read(previous)
  if (before === undefined) return
  draft.write(previous, endHere(before, path))
  await dropEmptyPages(previous, draft, listings)
}
