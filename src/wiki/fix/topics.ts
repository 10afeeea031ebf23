// Fixes the pages of topics: two pages of one topic are merged, a page that continues a missing one becomes the first,
// and a missing section that the registry lists is restored.
import { entryAt } from '../../core/document/base-entry.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { linkTarget, splitPart, topicPath, shardOf } from '../../core/layout.ts'
import { cutPage, joinPage, setFront, type CutSection } from '../../core/page/page-text.ts'
import { headingTarget, splitFrontMatter } from '../../core/page/page.ts'
import type { Draft } from '../draft.ts'
import { findSection, mentionSection, putSection, type TopicHead } from '../topic-page.ts'
import { appendSection } from '../topic-edits.ts'

type Parts = { kind: 'concept' | 'entity'; name: string; path: string; parts: number }

/** Moves every section of one topic to another and deletes its pages. Returns which page each was merged into. */
export async function mergeTopics(keep: string, gone: string, draft: Draft): Promise<Map<string, string>> {
  const moves = new Map<string, string>()
  const [into, from] = [await partsOf(keep, draft), await partsOf(gone, draft)]
  if (into === undefined || from === undefined) return moves
  const names = await headOf(gone, from.kind, draft)
  for (let part = 1; part <= from.parts; part++) {
    const path = pathOf(from, part)
    const text = await draft.read(path)
    if (text === undefined) continue
    moves.set(path, keep)
    for (const section of cutPage(text).sections) moves.set(path, await put(section, into, names, draft))
    draft.write(path, undefined)
  }
  const first = await draft.read(keep)
  // Its names lead here from now on, even if no section was moved to the first page.
  if (first !== undefined) draft.write(keep, withAliases(first, [names.title, ...names.aliases]))
  return moves
}

async function put(section: CutSection, into: Parts, names: TopicHead, draft: Draft): Promise<string> {
  const target = headingTarget(section.heading)
  for (let part = 1; target?.startsWith('summaries/') === true && part <= into.parts; part++) {
    const path = pathOf(into, part)
    const text = await draft.read(path)
    if (text === undefined || !findSection(text, target)) continue
    const old = cutPage(text).sections.find(({ heading }) => headingTarget(heading) === target)?.text ?? ''
    const body = section.text.slice(section.text.indexOf('\n') + 1).trim()
    if (!old.includes(body))
      draft.write(path, putSection(text, { ...section, text: `${old.trimEnd()}\n\n${body}\n\n` }))
    return path
  }
  const path = await appendSection(into, section, draft, names)
  into.parts = Math.max(into.parts, splitPart(path).part)
  return path
}

function withAliases(text: string, names: string[]): string {
  const { front } = splitFrontMatter(text)
  const old = Array.isArray(front['aliases']) ? front['aliases'].filter((alias) => typeof alias === 'string') : []
  const seen = new Set([String(front['title'] ?? ''), ...old].map((name) => name.toLowerCase()))
  const added = names.filter((name) => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase()))
  const page = cutPage(text)
  return added.length === 0 ? text : joinPage({ ...page, front: setFront(page.front, { aliases: [...old, ...added] }) })
}

/** Makes a page that continues a missing one the first page of its topic. */
export async function moveFirst(path: string, first: string, draft: Draft): Promise<void> {
  const text = await draft.read(path)
  if (text === undefined) return
  const page = cutPage(text)
  const intro = page.intro.replace(/^(# .*), page \d+$/m, '$1').replace(/^Continued from \[\[[^\]]*\]\]\.\n*/m, '')
  await draft.read(first)
  draft.write(first, joinPage({ ...page, intro, front: setFront(page.front, { part: undefined }) }))
  draft.write(path, undefined)
}

/**
 * Restores the section that a document's record lists on `page`, from what the document's summary says about the topic.
 * Returns the page that has it now, undefined if the summary says nothing.
 */
export async function restoreSection(record: DocumentRecord, page: string, draft: Draft): Promise<string | undefined> {
  const entry = entryAt(page)
  if (entry?.kind !== 'topic') return undefined
  const mention = saidOf((await draft.read(record.summary)) ?? '', [page, entry.first])
  if (mention === undefined) return undefined
  const parts = (await partsOf(entry.first, draft)) ?? {
    kind: entry.topic,
    name: entry.name,
    path: entry.first,
    parts: 1,
  }
  const section = mentionSection(record, { key: '', name: mention.title, kind: entry.topic, says: mention.says })
  return appendSection(parts, section, draft, { kind: entry.topic, title: mention.title, aliases: [] })
}

/** The line of a summary that lists a topic: `- [[concepts/x|Title]] (type): what it says`. */
function saidOf(summary: string, pages: string[]): { title: string; says: string } | undefined {
  for (const { text } of cutPage(summary).sections.filter(
    ({ heading }) => heading === 'Concepts' || heading === 'Entities',
  )) {
    for (const match of text.matchAll(/^- \[\[([^\]|]+)\|([^\]]*)\]\](?: \([^)]*\))?(?:: (.*))?$/gm)) {
      const [, target = '', title = '', says = ''] = match
      if (pages.some((page) => linkTarget(page) === target)) return { title, says }
    }
  }
  return undefined
}

async function headOf(path: string, kind: TopicHead['kind'], draft: Draft): Promise<TopicHead> {
  const { front } = splitFrontMatter((await draft.read(path)) ?? '')
  const aliases = Array.isArray(front['aliases']) ? front['aliases'].filter((alias) => typeof alias === 'string') : []
  return { kind, title: String(front['title'] ?? ''), aliases }
}

/** The topic at its first page as the draft has it; undefined if there is none. */
async function partsOf(first: string, draft: Draft): Promise<Parts | undefined> {
  const entry = entryAt(first)
  if (entry?.kind !== 'topic' || (await draft.read(first)) === undefined) return undefined
  const topic = { kind: entry.topic, name: entry.name, path: first, parts: 1 }
  while ((await draft.read(pathOf(topic, topic.parts + 1))) !== undefined) topic.parts++
  return topic
}

function pathOf({ kind, name, path }: Parts, part: number): string {
  return topicPath(kind, name, shardOf(path), part)
}
