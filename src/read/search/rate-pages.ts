// The pages that a query may mean, each with what there is to say for it.
import { INDEXED_KINDS, summaryOf, type IndexedKind } from '../../core/page/page-kind.ts'
import type { Asked } from '../../core/search/asked.ts'
import type { FoundPage, PageLookup } from '../../io/search/lookup.ts'
import type { PageSet } from '../../io/search/page-set.ts'
import { Rater, type Features } from './features.ts'
import type { Matches } from './match.ts'

export type RatedPage = { page: FoundPage; features: Features; passage: number | undefined }

/** Files looked up in the first round; each further round, if there are too few pages, doubles it. */
const ROUND_CONTENTS = 200
/** Titles looked at for each word. */
const TITLES_MAX = 2_000

/** At least `wanted` pages of the set, if so many have a word. */
export function ratePages(
  lookup: PageLookup,
  pageSet: PageSet,
  kinds: IndexedKind[],
  matches: Matches,
  asked: Asked,
  wanted: number,
): RatedPage[] {
  const rater = new Rater(matches, asked, lookup.averageSize())
  const pages = new Map<string, FoundPage>()
  const ids = [...matches.contents.values()]
    .map((content) => ({ id: content.id, score: rater.rough(content) }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .map(({ id }) => id)
  for (let from = 0, size = ROUND_CONTENTS; from < ids.length && pages.size < wanted; from += size, size *= 2) {
    for (const page of lookup.pagesWith('content', ids.slice(from, from + size), pageSet, kinds))
      if (pages.size < wanted || from === 0) pages.set(page.path, page)
  }
  for (const page of titled(lookup, pageSet, matches, rater, wanted))
    if (kinds.includes(page.kind)) pages.set(page.path, page)
  const names = namesOf(lookup, pageSet, pages)
  return [...pages.values()].map((page) => {
    const facts = { names: names(page), size: page.words, passages: page.passages }
    return { page, ...rater.rate(matches.contents.get(page.content), facts) }
  })
}

/** Reads the names of all pages at once: a query for each would take longer than all else about it. */
function namesOf(
  lookup: PageLookup,
  pageSet: PageSet,
  pages: ReadonlyMap<string, FoundPage>,
): (page: FoundPage) => string[] {
  const summaryPaths = [...pages.keys()].map(summaryOf).filter((path) => path !== undefined && !pages.has(path))
  const summaries = lookup.pagesAt(summaryPaths as string[], pageSet)
  const title = (page: FoundPage): number | undefined => {
    // The names of a text are its document's, from the summary; a tree's sections have titles of their own.
    if (page.kind === 'tree') return undefined
    const path = summaryOf(page.path)
    const summary = path === undefined ? undefined : (pages.get(path) ?? summaries.get(path))
    return summary?.title ?? page.title
  }
  const names = lookup.names([...pages.values()].map(title).filter((id) => id !== undefined))
  return (page) => names.get(title(page) ?? -1) ?? []
}

/** Pages of the titles that have most of the words, and of a document the text too. */
function titled(lookup: PageLookup, pageSet: PageSet, { terms }: Matches, rater: Rater, wanted: number): FoundPage[] {
  const scores = new Map<number, number>()
  for (const { word, forms, exact, other } of terms) {
    const weight = Math.max(exact, other)
    const own = new Set<number>()
    for (const { term } of forms.length === 0 ? [{ term: word }] : forms)
      for (const id of lookup.titlesWith(term, TITLES_MAX)) own.add(id)
    for (const id of own) scores.set(id, (scores.get(id) ?? 0) + weight)
  }
  const best = [...scores].sort(([a, x], [b, y]) => y - x || a - b).slice(0, wanted)
  const known = lookup.names(best.map(([id]) => id))
  const named = best
    .map(([id]) => {
      const names = (known.get(id) ?? []).map((name) => rater.name(name))
      return { id, score: Math.max(0, ...names.map(({ has, share }) => has * (1 + share))) }
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .map(({ id }) => id)
  const pages = lookup.pagesWith('title', named.slice(0, wanted / 2), pageSet, [...INDEXED_KINDS])
  const texts = pages.flatMap(({ kind, path }) => (kind === 'summary' ? textsOf(path) : []))
  return [...pages, ...lookup.pagesAt(texts, pageSet).values()]
}

function textsOf(summary: string): string[] {
  const stem = summary.replace(/^wiki\/summaries\//, 'wiki/sources/').slice(0, -3)
  return [`${stem}.md`, `${stem}.json`]
}
