// What the first page shows: themes, topics and newest documents as the wiki's front page has them, and growth.
import { INDEX_PAGE } from '../../core/layout.ts'
import { parsePage } from '../../core/page/page.ts'
import type { ListedDocument } from '../../core/results.ts'
import type { Contents, ViewSource } from '../source.ts'
import { entriesOf, sectionOf, withoutTitle, type Entry } from './entries.ts'

export type ThemeTile = Entry & { topics: Entry[] }
/** Documents in the base at the end of a day (`2026-11-30`). */
export type GrowthPoint = { day: string; documents: number }
export type NewDocument = { document: ListedDocument; says: string }
export type HomeData = {
  counts: { documents: number; concepts: number; entities: number; themes: number }
  formats: { format: string; documents: number }[]
  themes: ThemeTile[]
  topics: Entry[]
  newest: NewDocument[]
  growth: GrowthPoint[]
  /** What a person wrote on the front page before its sections. */
  intro: string
}

const THEMES_MAX = 12
const TOPICS_MAX = 24
const TOPICS_PER_THEME = 3
const NEWEST_MAX = 8

export async function loadHome(source: ViewSource, commit: string): Promise<HomeData> {
  const [contents, text] = await Promise.all([source.contents(commit), source.text(commit, INDEX_PAGE)])
  const front = parsePage(text ?? '')
  const themes = await Promise.all(
    entriesOf(sectionOf(front, 'Themes'))
      .slice(0, THEMES_MAX)
      .map((entry) => tileOf(source, commit, entry)),
  )
  const says = new Map(entriesOf(sectionOf(front, 'Newest documents')).map((entry) => [entry.path, entry.says]))
  return {
    counts: {
      documents: contents.documents.length,
      concepts: contents.concepts.length,
      entities: contents.entities.length,
      themes: contents.pages.filter((path) => path.startsWith('wiki/themes/')).length,
    },
    formats: formatsOf(contents),
    themes,
    topics: entriesOf(sectionOf(front, 'Topics')).slice(0, TOPICS_MAX),
    newest: newestOf(contents).map((document) => ({ document, says: says.get(document.summary) ?? '' })),
    growth: growthOf(contents.documents),
    intro: introOf(front.intro),
  }
}

async function tileOf(source: ViewSource, commit: string, entry: Entry): Promise<ThemeTile> {
  const text = await source.text(commit, entry.path)
  const topics = text === undefined ? [] : entriesOf(sectionOf(parsePage(text), 'Central topics'))
  return { ...entry, topics: topics.slice(0, TOPICS_PER_THEME) }
}

function newestOf({ documents }: Contents): ListedDocument[] {
  return documents.toSorted((a, b) => (a.addedAt < b.addedAt ? 1 : a.addedAt > b.addedAt ? -1 : 0)).slice(0, NEWEST_MAX)
}

function formatsOf({ documents }: Contents): HomeData['formats'] {
  const counts = new Map<string, number>()
  for (const { format } of documents) counts.set(format, (counts.get(format) ?? 0) + 1)
  return [...counts].map(([format, count]) => ({ format, documents: count })).sort((a, b) => b.documents - a.documents)
}

/** One point per day on which a document that is still there was added. */
export function growthOf(documents: readonly Pick<ListedDocument, 'addedAt'>[]): GrowthPoint[] {
  const perDay = new Map<string, number>()
  for (const { addedAt } of documents) {
    const day = addedAt.slice(0, 10)
    perDay.set(day, (perDay.get(day) ?? 0) + 1)
  }
  let total = 0
  return [...perDay].sort(([a], [b]) => (a < b ? -1 : 1)).map(([day, added]) => ({ day, documents: (total += added) }))
}

/** Without the title and the line of counts, which the viewer words itself. */
function introOf(intro: string): string {
  return withoutTitle(intro)
    .split('\n')
    .filter((line) => !/^\d[\d,]* documents? \(/.test(line))
    .join('\n')
    .trim()
}
