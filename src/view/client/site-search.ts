// Search in the exported site: its index is a script, loaded when someone first types.
import MiniSearch, { type SearchResult } from 'minisearch'
import { SITE_SEARCH } from '../site/site-search-options.ts'
import { loadData } from './load-data.ts'
import type { Found } from './palette.ts'

const HITS_MAX = 12

let loading: Promise<MiniSearch> | undefined

export async function findInSite(source: string, words: string): Promise<Found> {
  loading ??= loadData<object>('search', source).then((index) =>
    MiniSearch.loadJS(index as Parameters<typeof MiniSearch.loadJS>[0], SITE_SEARCH),
  )
  const index = await loading
  // Addresses of the index are from the site's first page, which is where the data folder is.
  const root = new URL('..', new URL(source, location.href)).href
  const options = { prefix: true, fuzzy: 0.15, boost: { name: 3 }, combineWith: 'AND' as const }
  const seen = new Set<string>()
  const hits: SearchResult[] = []
  // A document's summary and pieces of its text are one hit: the best of them.
  for (const hit of index.search(words, options)) {
    if (seen.has(String(hit['of']))) continue
    seen.add(String(hit['of']))
    if (hits.push(hit) === HITS_MAX) break
  }
  return { words, hits: hits.map((hit) => shown(hit, root)) }
}

function shown(hit: SearchResult, root: string): Found['hits'][number] {
  const text = (name: string): string => String((hit as Record<string, unknown>)[name] ?? '')
  return {
    title: text('title'),
    kind: text('kind'),
    where: text('where'),
    passage: text('whole') === '' ? text('passage') : around(text('whole'), Object.keys(hit.match)),
    shown: text('shown') || undefined,
    address: new URL(text('address'), root).href,
  }
}

const BEFORE_CHARS = 50
const SHOWN_CHARS = 170

/** The part of a text around the first of the words that were found. */
function around(text: string, words: readonly string[]): string {
  const lower = text.toLowerCase()
  const found = words.map((word) => lower.indexOf(word)).filter((at) => at !== -1)
  const first = Math.max(0, Math.min(...found, text.length) - BEFORE_CHARS)
  const from = first === 0 ? 0 : lower.indexOf(' ', first) + 1
  const end = from + SHOWN_CHARS
  const to = end >= text.length ? text.length : text.lastIndexOf(' ', end)
  return `${from === 0 ? '' : '… '}${text.slice(from, to)}${to === text.length ? '' : ' …'}`
}
