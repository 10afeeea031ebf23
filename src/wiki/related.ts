// Related documents: those that share rare topics, on the summaries of both. An older document learns of a newer one in the
// newer one's own commit, so that reverting that commit takes the link back (docs/decisions/0012).
import type { DocumentRecord } from '../core/document/document.ts'
import { linkTarget, splitPart } from '../core/layout.ts'
import { cutPage } from '../core/page/page-text.ts'
import { splitFrontMatter, wikilink } from '../core/page/page.ts'
import { shownText } from '../core/page/sanitize.ts'
import { topicKey } from '../core/page/topic.ts'
import type { Draft } from './draft.ts'
import { replaceList } from './summary-lists.ts'
import { sectionsOf } from './topic-page.ts'

const KINDS = ['concept', 'entity'] as const
const RELATED_MAX = 4
const TOPICS_SHOWN_MAX = 3
/** A topic of more documents relates none of them. */
const SOURCES_MAX = 12
/** A topic of more documents relates only those that have it in their titles. */
const RARE_SOURCES_MAX = 6
/** Two documents are related by a topic that both are about: it is among the first of each, or in both titles. */
const MAIN_POSITION_MAX = 2
/** Two documents whose main topics are one that no other document has score 1. */
const SCORE_MIN = 0.64
/** Such a topic is enough if no more documents have it and it is in both titles, or if it is what just the two are about. */
const ALONE_SOURCES_MAX = 3
const ALONE_POSITION_MAX = 1
/** Numbers of documents at which a topic begins to say less of them. */
const LESS_TELLING = new Set([3, ALONE_SOURCES_MAX + 1, RARE_SOURCES_MAX + 1])
/** How much more a topic counts that is in both titles. */
const TITLED_FACTOR = 2.5
/** A topic further down a document's list counts less: half at this position. */
const HALF_POSITION = 8

const SETTINGS = new Set(['product', 'place'])
/** A topic of more documents than fit on one page. */
const CONTINUED = /^Continues on \[\[/m

type Shared = {
  path: string
  title: string
  score: number
  /** Both documents are about it. */
  main: boolean
  /** Relates them by itself. */
  alone: boolean
  /** Few documents have it. */
  rare: boolean
}
type Related = { target: string; title: string; score: number; topics: Shared[] }

/** Writes the documents that a document is related to, on its summary and on theirs. */
export async function planRelated(document: DocumentRecord, draft: Draft): Promise<void> {
  const reader = new TopicReader(draft, document)
  const related = await reader.relatedOf(document)
  await writeRelated(document, related, draft)
  for (const { target, topics } of related) {
    const other = reader.document(target)
    if (other === undefined) continue
    // The catalog does not have its mentions that have just become sections.
    const all = [...new Set([...other.topics, ...topics.map(({ path }) => path)])]
    await writeRelated(other, await reader.relatedOf({ ...other, topics: all }), draft)
  }
  const known = new Set([linkTarget(document.summary), ...related.map(({ target }) => target)])
  for (const target of await reader.lessTelling(document)) {
    const other = known.has(target) ? undefined : reader.document(target)
    if (other !== undefined) await writeRelated(other, await reader.relatedOf(other), draft)
  }
}

/** A document that goes is no longer related to the ones on its summary. */
export async function forgetRelated({ summary }: DocumentRecord, draft: Draft): Promise<void> {
  const own = linkTarget(summary)
  for (const target of relatedTargets((await draft.read(summary)) ?? '')) {
    const path = `wiki/${target}.md`
    const text = await draft.read(path)
    if (text === undefined) continue
    const lines = relatedLines(text).filter((line) => !line.startsWith(`- [[${own}|`))
    if (lines.length < relatedLines(text).length) draft.write(path, replaceList(text, 'Related', lines))
  }
}

function relatedLines(summary: string): string[] {
  const section = cutPage(summary).sections.find(({ heading }) => heading === 'Related')
  return section?.text.split('\n').filter((line) => line.startsWith('- ')) ?? []
}

function relatedTargets(summary: string): string[] {
  return relatedLines(summary).flatMap((line) => /^- \[\[(summaries\/[^\]|#]+)/.exec(line)?.[1] ?? [])
}

async function writeRelated({ summary }: DocumentRecord, related: Related[], draft: Draft): Promise<void> {
  const text = await draft.read(summary)
  if (text !== undefined) draft.write(summary, replaceList(text, 'Related', related.map(relatedLine)))
}

function relatedLine({ target, title, topics }: Related): string {
  const links = topics
    .toSorted((a, b) => b.score - a.score || (a.path < b.path ? -1 : 1))
    .slice(0, TOPICS_SHOWN_MAX)
    .map((topic) => wikilink(linkTarget(topic.path), shownText(topic.title)))
  return `- ${wikilink(target, title)}: ${links.join(', ')}`
}

type TopicPage = {
  title: string
  /** A product or a place of which a document speaks says little about it, unless the document is about it. */
  isSetting: boolean
  sections: { target: string; title: string }[]
}

class TopicReader {
  readonly #draft: Draft
  readonly #planned: DocumentRecord
  readonly #pages = new Map<string, TopicPage | undefined>()

  constructor(draft: Draft, planned: DocumentRecord) {
    this.#draft = draft
    this.#planned = planned
  }

  /** The catalog does not have the planned document yet. */
  document(target: string): DocumentRecord | undefined {
    if (target === linkTarget(this.#planned.summary)) return this.#planned
    return this.#draft.catalog.documentByName(target.slice(target.lastIndexOf('/') + 1))
  }

  /** Documents with a topic that the document has just made too frequent to relate them as before. */
  async lessTelling({ topics }: DocumentRecord): Promise<Set<string>> {
    const targets = new Set<string>()
    for (const path of topics) {
      const sections = (await this.#page(path))?.sections ?? []
      if (LESS_TELLING.has(sections.length)) for (const { target } of sections) targets.add(target)
    }
    return targets
  }

  /** The best first. */
  async relatedOf(document: DocumentRecord): Promise<Related[]> {
    const own = linkTarget(document.summary)
    const related = new Map<string, Related>()
    for (const [position, path] of document.topics.entries()) {
      const page = await this.#page(path)
      const count = page?.sections.length ?? 0
      if (page === undefined || count < 2 || count > SOURCES_MAX || splitPart(path).part > 1) continue
      for (const { target, title } of page.sections) {
        const other = target === own ? undefined : this.document(target)
        if (other === undefined) continue
        // A mention that has just become a section is last.
        const index = other.topics.indexOf(path)
        const place = index === -1 ? other.topics.length : index
        const titled = this.#isTitled(page.title, document.title, other.title)
        if ((count > RARE_SOURCES_MAX || page.isSetting) && !titled) continue
        const score = ((share(position) * share(place)) / Math.log2(count)) * (titled ? TITLED_FACTOR : 1)
        const last = Math.max(position, place)
        const main = titled || last <= MAIN_POSITION_MAX
        const alone = titled ? count <= ALONE_SOURCES_MAX : count === 2 && last <= ALONE_POSITION_MAX
        const rare = count <= RARE_SOURCES_MAX
        const entry = related.get(target) ?? { target, title, score: 0, topics: [] }
        entry.score += score
        entry.topics.push({ path, title: page.title, score, main, alone, rare })
        related.set(target, entry)
      }
    }
    return [...related.values()]
      .filter(({ score, topics }) => score >= SCORE_MIN && isEnough(topics))
      .sort((a, b) => b.score - a.score || (a.target < b.target ? -1 : 1))
      .slice(0, RELATED_MAX)
  }

  /** Whether a word of a topic's title is in both documents' titles, and is not one of what much of the base is about. */
  #isTitled(topic: string, one: string, other: string): boolean {
    const words = topicKey(one).split(' ')
    const both = new Set(
      topicKey(other)
        .split(' ')
        .filter((word) => words.includes(word)),
    )
    return topicKey(topic)
      .split(' ')
      .some((word) => word.length > 2 && both.has(word) && !this.#isCommon(word))
  }

  #isCommon(word: string): boolean {
    const { catalog } = this.#draft
    return KINDS.some((kind) => catalog.documentFrequency(kind, word) > SOURCES_MAX)
  }

  async #page(path: string): Promise<TopicPage | undefined> {
    if (!this.#pages.has(path)) {
      const text = await this.#draft.read(path)
      this.#pages.set(path, text === undefined || CONTINUED.test(text) ? undefined : topicPage(text))
    }
    return this.#pages.get(path)
  }
}

function topicPage(text: string): TopicPage {
  const { title, entity_type: type } = splitFrontMatter(text).front
  return { title: String(title ?? ''), isSetting: SETTINGS.has(String(type)), sections: sectionsOf(text) }
}

function share(position: number): number {
  return 1 / (1 + position / HALF_POSITION)
}

/** A topic that relates them by itself, or one that both are about and another rare one that is not a part of it. */
function isEnough(topics: readonly Shared[]): boolean {
  return topics.some(
    ({ title, main, alone }) => alone || (main && topics.some((other) => other.rare && !isWithin(other.title, title))),
  )
}

/** Whether one name has a word of the other: "type alias" and "alias". */
function isWithin(one: string, other: string): boolean {
  const words = new Set(topicKey(one).split(' '))
  return topicKey(other)
    .split(' ')
    .some((word) => words.has(word))
}
