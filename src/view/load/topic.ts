// What a concept's or an entity's page shows: all of its pages joined, and what links to it.
import { KbError } from '../../core/errors.ts'
import { linkTarget } from '../../core/layout.ts'
import { headingTarget, type Page, type Section } from '../../core/page/page.ts'
import type { ListedTopic } from '../../core/results.ts'
import { loadAround, type Around } from '../graph/around-topic.ts'
import { frontText } from './entries.ts'
import type { ViewSource } from '../source.ts'

/** One document's section of a topic. */
export type TopicSection = { document: string; title: string; body: string }

export type TopicData = {
  kind: 'concept' | 'entity'
  topic: ListedTopic
  page: Page
  overview: string
  sections: TopicSection[]
  /** Sections that a person wrote. */
  others: Section[]
  /** Pages of other topics whose text links here, as far as search finds them. */
  linkedFrom: { path: string; name: string }[]
  around: Around
}

const LINKED_MAX = 40
const PARTS_MAX = 200

/** Throws `KbError` (`notFound`). */
export async function loadTopic(
  source: ViewSource,
  commit: string,
  kind: 'concept' | 'entity',
  name: string,
): Promise<TopicData> {
  const contents = await source.contents(commit)
  const topic = contents.topicNamed[kind].get(name)
  if (topic === undefined) throw new KbError('notFound', `There is no ${kind} "${name}" at this moment.`)
  const page = await source.page(commit, topic.path)
  const sections = [...page.sections]
  for (let part = 2; part <= PARTS_MAX; part++) {
    const path = topic.path.replace(/\.md$/, `--${part}.md`)
    if ((await source.text(commit, path)) === undefined) break
    sections.push(...(await source.page(commit, path)).sections)
  }
  const ofDocuments: TopicSection[] = []
  const others: Section[] = []
  for (const section of sections) {
    const target = headingTarget(section.heading)
    if (target?.startsWith('summaries/') !== true) {
      others.push(section)
      continue
    }
    const document = target.slice(target.lastIndexOf('/') + 1)
    const title = contents.documentNamed.get(document)?.title ?? document
    ofDocuments.push({ document, title, body: section.body })
  }
  const title = frontText(page, 'title') ?? name
  const documents = ofDocuments.map(({ document }) => document)
  const [linkedFrom, around] = await Promise.all([
    pagesLinkingTo(source, commit, topic, page),
    loadAround(source, commit, { kind, path: topic.path, title }, documents),
  ])
  return { kind, topic, page, overview: page.intro, sections: ofDocuments, others, linkedFrom, around }
}

/** Topic pages with a link to this one: those that search finds by its title, each checked. */
async function pagesLinkingTo(
  source: ViewSource,
  commit: string,
  { path, name }: ListedTopic,
  page: Page,
): Promise<{ path: string; name: string }[]> {
  const title = typeof page.front['title'] === 'string' ? page.front['title'] : name
  const { hits } = await source.kb.search(title, { at: commit, kinds: ['concept', 'entity'], limit: LINKED_MAX })
  const link = `[[${linkTarget(path)}`
  const found = await Promise.all(
    hits.map(async (hit) => {
      if (hit.page === path) return []
      const text = (await source.text(commit, hit.page)) ?? ''
      return text.includes(`${link}|`) || text.includes(`${link}]`) ? [{ path: hit.page, name: hit.name }] : []
    }),
  )
  const seen = new Set<string>()
  return found.flat().filter((each) => !seen.has(each.name) && seen.add(each.name))
}
