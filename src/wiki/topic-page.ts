// A concept or entity page: front matter, an overview, and one section per source document. The heading of a section, a
// wikilink to the document's summary, says which document it belongs to; front matter `sources` follows from the
// headings.
import type { Contribution, Quote } from '../core/document/compiled.ts'
import type { DocumentRecord, Mention, TopicKind } from '../core/document/document.ts'
import { frontText, sanitizeBody, sanitizeInline, oneLine, plainInline, shownText } from '../core/page/sanitize.ts'
import { ENTITIES, linkTarget, TOPIC_BYTES_MAX, TOPIC_SECTIONS_MAX } from '../core/layout.ts'
import {
  appendSection,
  cutPage,
  dropSection,
  joinPage,
  replaceSection,
  sectionText,
  setFront,
} from '../core/page/page-text.ts'
import type { CutPage, CutSection } from '../core/page/page-text.ts'
import { headingTarget, renderFrontMatter, splitFrontMatter, wikilink, type FrontMatter } from '../core/page/page.ts'
import { placeText } from './place-text.ts'
import { initialOverviewMark, isOwnIntro, markAfterChange } from '../core/page/overview-mark.ts'
import { NO_TARGETS, resolveLinks } from './resolve-links.ts'

const ALIASES_MAX = 12
const QUOTES_MAX = 3
const QUOTE_CHARS_MAX = 420
/** Bytes per section: a page has room for several. */
const SECTION_CHARS_MAX = 6_000

export type Sectioned = Pick<DocumentRecord, 'summary' | 'source' | 'title' | 'kind'>

export type TopicHead = {
  kind: TopicKind
  title: string
  aliases: string[]
  /** What the topic is, in the words of the document `describedBy`. */
  description?: string | undefined
  describedBy?: string | undefined
  type?: string | undefined
}

/** A contribution as it is written on the topic's page. */
export function contributionSection(document: Sectioned, contribution: Contribution): CutSection {
  const says = cutBody(sanitizeBody(contribution.says))
  // If the words are the quote itself, do not repeat it: only its location is added.
  const spoken = resolveLinks(says, NO_TARGETS)
  const same = contribution.quotes.find(({ text }) => {
    const quoted = oneLine(text, QUOTE_CHARS_MAX)
    return quoted === oneLine(plainInline(spoken), QUOTE_CHARS_MAX) || sanitizeInline(quoted) === spoken
  })
  const quotes = contribution.quotes
    .filter((quote) => quote !== same)
    .slice(0, QUOTES_MAX)
    .map((quote) => quoteText(quote, document))
  const body = same === undefined ? says : `${says}${placeText(same.place, document)}`
  return sectionText(sectionHeading(document), [body, ...quotes].filter((part) => part !== '').join('\n\n'))
}

/** The section for an earlier document that only mentioned the topic. */
export function mentionSection(document: Sectioned, mention: Mention): CutSection {
  return sectionText(
    sectionHeading(document),
    `${cutBody(sanitizeBody(mention.says))}${placeText(mention.place, document)}`,
  )
}

function sectionHeading(document: Pick<DocumentRecord, 'summary' | 'title'>): string {
  return wikilink(linkTarget(document.summary), shownText(document.title))
}

function quoteText(quote: Quote, document: Sectioned): string {
  return `> ${sanitizeInline(oneLine(quote.text, QUOTE_CHARS_MAX))}${placeText(quote.place, document)}`
}

function cutBody(body: string): string {
  // A cut in the middle of Markdown could leave something open; in plain text it cannot.
  return body.length <= SECTION_CHARS_MAX ? body : sanitizeInline(oneLine(body, SECTION_CHARS_MAX))
}

/** The first page of a topic. */
export function newTopicPage(head: TopicHead, sections: CutSection[]): string {
  const title = oneLine(head.title, 200)
  const description = oneLine(head.description ?? '', 300)
  const overview = sanitizeInline(description)
  const sources = sourcesOf(sections)
  const front = renderFrontMatter({
    type: head.kind,
    title: frontText(title, 200),
    aliases: newAliases([], head),
    description: description === '' ? undefined : frontText(description, 300),
    described_by: head.describedBy,
    entity_type: head.kind === 'entity' ? frontText(head.type ?? 'other', 60) : undefined,
    sources,
    overview: initialOverviewMark(sources, overview),
  })
  const intro = `# ${sanitizeInline(title)}\n\n${overview === '' ? '' : `${overview}\n\n`}`
  return joinPage(sections.reduce(appendSection, { front: front.trimEnd() + '\n', intro: `\n${intro}`, sections: [] }))
}

/** Page `part` of a topic, linked back to the page before it. */
export function nextTopicPage(first: string, part: number, previousPath: string, section: CutSection): string {
  const { front: head } = splitFrontMatter(first)
  const textAt = (key: string): string | undefined => (typeof head[key] === 'string' ? head[key] : undefined)
  const title = oneLine(textAt('title') ?? 'Untitled', 200)
  const front = renderFrontMatter({
    type: previousPath.startsWith(`${ENTITIES}/`) ? 'entity' : 'concept',
    title: frontText(title, 200),
    part,
    entity_type: textAt('entity_type') === undefined ? undefined : frontText(textAt('entity_type') ?? '', 60),
    sources: sourcesOf([section]),
  })
  const intro = `\n# ${sanitizeInline(title)}, page ${part}\n\nContinued from ${wikilink(linkTarget(previousPath), shownText(title))}.\n\n`
  return joinPage(appendSection({ front: front.trimEnd() + '\n', intro, sections: [] }, section))
}

/** Links a full page to the one that continues it. */
export function continueOn(text: string, nextPath: string): string {
  const page = cutPage(text)
  if (page.intro.includes(`[[${linkTarget(nextPath)}|`)) return text
  const space = /\s*$/.exec(page.intro)?.[0] ?? ''
  const line = `Continues on ${wikilink(linkTarget(nextPath), 'the next page')}.`
  return joinPage({
    ...page,
    intro: `${page.intro.slice(0, page.intro.length - space.length)}\n\n${line}${space === '' ? '\n' : space}`,
  })
}

/** Removes the link to a page that no longer exists. */
export function endHere(text: string, nextPath: string): string {
  const page = cutPage(text)
  const line = new RegExp(
    `\\n*^Continues on \\[\\[${escapeRegExp(linkTarget(nextPath))}\\|[^\\]]*\\]\\]\\.[ \\t]*$`,
    'm',
  )
  return joinPage({ ...page, intro: page.intro.replace(line, '') })
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/**
 * Adds or replaces the section of its document, and updates front matter: an overview that quotes the old section
 * becomes due, and a description in the document's own words is rewritten.
 */
export function putSection(text: string, section: CutSection, head?: TopicHead): string {
  const page = cutPage(text)
  const index = sectionIndex(page, headingTarget(section.heading))
  const next = index === -1 ? appendSection(page, section) : replaceSection(page, index, section)
  const changes: Record<string, unknown> = { sources: sourcesOf(next.sections) }
  const { front } = splitFrontMatter(text)
  const name = sourcesOf([section])[0] ?? ''
  if (index !== -1 && page.sections[index]?.text.trimEnd() !== section.text.trimEnd()) {
    const mark = markAfterChange(front, name)
    if (mark !== undefined) changes['overview'] = mark
  }
  if (head !== undefined) {
    const isUndescribed = typeof front['description'] !== 'string' && (head.description ?? '') !== ''
    if (describedBy(front) === name || isUndescribed) Object.assign(changes, descriptionFront(head.description, name))
    const old = Array.isArray(front['aliases']) ? front['aliases'].filter((alias) => typeof alias === 'string') : []
    const aliases = newAliases(old, { ...head, title: String(front['title'] ?? head.title) }, head.title)
    if (aliases.length > old.length) changes['aliases'] = aliases
  }
  return joinPage({ ...next, front: setFront(page.front, changes) })
}

/** Removes a document's section. `empty` if only kbgit's own words are left. Undefined if there is none. */
export function takeSection(text: string, target: string): { text: string; empty: boolean } | undefined {
  const page = cutPage(text)
  const index = sectionIndex(page, target)
  if (index === -1) return undefined
  const next = dropSection(page, index)
  const name = sourcesOf(page.sections.slice(index, index + 1))[0] ?? ''
  const old = splitFrontMatter(page.front).front
  const mark = markAfterChange(old, name)
  const front = setFront(page.front, {
    sources: sourcesOf(next.sections),
    ...(mark === undefined ? {} : { overview: mark }),
    ...(describedBy(old) === name ? descriptionFront(undefined, sourcesOf(next.sections)[0]) : {}),
  })
  return { text: joinPage({ ...next, front }), empty: isEmpty(page.front, next) }
}

/** Without the description, whose document is gone; the first one that is left describes the topic from now on. */
export function undescribed(text: string): string {
  const page = cutPage(text)
  return joinPage({ ...page, front: setFront(page.front, descriptionFront(undefined, sourcesOf(page.sections)[0])) })
}

/** The document whose words describe the topic. Pages of earlier versions do not say; there it is the first source. */
export function describedBy(front: FrontMatter): string | undefined {
  const { described_by: name, sources } = front
  if (typeof name === 'string') return name
  return Array.isArray(sources) && typeof sources[0] === 'string' ? sources[0] : undefined
}

function descriptionFront(description: string | undefined, name: string | undefined): Record<string, unknown> {
  const line = oneLine(description ?? '', 300)
  return { description: line === '' ? undefined : frontText(line, 300), described_by: name }
}

/**
 * Whether a page has no section and an introduction that kbgit wrote: deleting it loses nothing that a person wrote.
 */
function isEmpty(front: string, page: CutPage): boolean {
  return page.sections.length === 0 && isOwnIntro(page.intro, splitFrontMatter(front).front)
}

export function isEmptyTopicPage(text: string): boolean {
  const page = cutPage(text)
  return isEmpty(page.front, page)
}

/** The section of a document, by the target of its summary. */
export function findSection(text: string, target: string): CutSection | undefined {
  if (!text.includes(`## [[${target}`)) return undefined
  const page = cutPage(text)
  return page.sections[sectionIndex(page, target)]
}

/** Whether a page cannot take another section. */
export function isFull(text: string): boolean {
  if (Buffer.byteLength(text) >= TOPIC_BYTES_MAX) return true
  return (
    text.split('\n## ').length > TOPIC_SECTIONS_MAX && sourcesOf(cutPage(text).sections).length >= TOPIC_SECTIONS_MAX
  )
}

/** The documents with a section on a page: targets of their summaries and displayed titles, in order. */
export function sectionsOf(text: string): { target: string; title: string }[] {
  return cutPage(text).sections.flatMap(({ heading }) => {
    const target = headingTarget(heading)
    if (target?.startsWith('summaries/') !== true) return []
    return [{ target, title: /\|([^\]]*)\]\]$/.exec(heading)?.[1] ?? target }]
  })
}

function sectionIndex(page: CutPage, target: string | undefined): number {
  return target === undefined ? -1 : page.sections.findIndex(({ heading }) => headingTarget(heading) === target)
}

/** Names of the documents that have a section, in order. */
export function sourcesOf(sections: Pick<CutSection, 'heading'>[]): string[] {
  return sections.flatMap(({ heading }) => {
    const target = headingTarget(heading)
    return target?.startsWith('summaries/') === true ? [target.slice(target.lastIndexOf('/') + 1)] : []
  })
}

function newAliases(old: string[], head: TopicHead, ...more: string[]): string[] {
  const seen = new Set([head.title, ...old].map((name) => name.toLowerCase()))
  const aliases = [...old]
  for (const name of [...more, ...head.aliases].map((alias) => frontText(alias, 120))) {
    if (aliases.length >= ALIASES_MAX) break
    if (name === '' || seen.has(name.toLowerCase())) continue
    seen.add(name.toLowerCase())
    aliases.push(name)
  }
  return aliases
}
