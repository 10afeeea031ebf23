// Lists of documents and topics, sorted, filtered, one page of them at a time.
import { parsePage } from '../../core/page/page.ts'
import type { ListedDocument, ListedTopic } from '../../core/results.ts'
import type { ViewSource } from '../source.ts'
import { frontText } from './entries.ts'

export const ROWS_PER_PAGE = 60

export type DocumentOrder = 'newest' | 'title'
export type TopicOrder = 'joins' | 'name'

/** `says`: one line of what it is, if its page has one. `rows` is one page of `total`. */
export type Listing<T, Order> = {
  rows: { item: T; title: string; says?: string | undefined }[]
  total: number
  page: number
  pages: number
  order: Order
}
export type DocumentListing = Listing<ListedDocument, DocumentOrder> & {
  format?: string | undefined
  formats: [format: string, documents: number][]
}
export type TopicListing = Listing<ListedTopic, TopicOrder> & { kind: 'concept' | 'entity' }

export type DocumentsAsked = { page: number; order: DocumentOrder; format?: string | undefined }

export async function loadDocuments(
  source: ViewSource,
  commit: string,
  asked: DocumentsAsked,
): Promise<DocumentListing> {
  const { documents } = await source.contents(commit)
  const counts = new Map<string, number>()
  for (const { format } of documents) counts.set(format, (counts.get(format) ?? 0) + 1)
  const wanted = asked.format === undefined ? documents : documents.filter(({ format }) => format === asked.format)
  const sorted = wanted.toSorted(
    asked.order === 'title'
      ? (a, b) => compare(a.title.toLowerCase(), b.title.toLowerCase())
      : (a, b) => compare(b.addedAt, a.addedAt) || compare(a.title, b.title),
  )
  const { rows, ...rest } = pageOf(sorted, asked.page)
  return {
    ...rest,
    order: asked.order,
    format: asked.format,
    formats: [...counts].sort(([, a], [, b]) => b - a),
    rows: await Promise.all(
      rows.map(async (item) => ({
        item,
        title: item.title,
        says: await descriptionOf(source, commit, item.summary),
      })),
    ),
  }
}

export async function loadTopics(
  source: ViewSource,
  commit: string,
  kind: 'concept' | 'entity',
  asked: { page: number; order: TopicOrder },
): Promise<TopicListing> {
  const contents = await source.contents(commit)
  const topics = kind === 'concept' ? contents.concepts : contents.entities
  const byName = (a: ListedTopic, b: ListedTopic): number => compare(a.name.toLowerCase(), b.name.toLowerCase())
  const sorted = topics.toSorted(asked.order === 'name' ? byName : (a, b) => b.sources - a.sources || byName(a, b))
  const { rows, ...rest } = pageOf(sorted, asked.page)
  return {
    ...rest,
    kind,
    order: asked.order,
    rows: await Promise.all(
      rows.map(async (item) => {
        const page = parsePage((await source.text(commit, item.path)) ?? '')
        return { item, title: frontText(page, 'title') ?? item.name, says: frontText(page, 'description') }
      }),
    ),
  }
}

async function descriptionOf(source: ViewSource, commit: string, path: string): Promise<string | undefined> {
  return frontText(parsePage((await source.text(commit, path)) ?? ''), 'description')
}

function pageOf<T>(items: T[], page: number): { rows: T[]; total: number; page: number; pages: number } {
  const pages = Math.max(1, Math.ceil(items.length / ROWS_PER_PAGE))
  const shown = Math.min(page, pages)
  const rows = items.slice((shown - 1) * ROWS_PER_PAGE, shown * ROWS_PER_PAGE)
  return { rows, total: items.length, page: shown, pages }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
