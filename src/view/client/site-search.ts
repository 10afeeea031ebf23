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
  const options = { prefix: true, fuzzy: 0.15, boost: { title: 3 }, combineWith: 'AND' as const }
  const hits = index.search(words, options).slice(0, HITS_MAX)
  return { words, hits: hits.map((hit) => shown(hit, root)) }
}

function shown(hit: SearchResult, root: string): Found['hits'][number] {
  const text = (name: string): string => String((hit as Record<string, unknown>)[name] ?? '')
  return {
    title: text('title'),
    kind: text('kind'),
    where: text('where'),
    passage: text('passage'),
    shown: text('shown') || undefined,
    address: new URL(text('address'), root).href,
  }
}
