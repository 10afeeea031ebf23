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
  for (const page of titled(lookup, pageSet, matches, rater, wanted)) {
    if (kinds.includes(page.kind)) pages.set(page.path, page)
    for (const path of page.kind === 'summary' ? textsOf(page.path) : []) {
      const text = lookup.pageAt(path, pageSet)
      if (text !== undefined && kinds.includes(text.kind)) pages.set(path, text)
    }
  }
  const names = namesBy(lookup)
  return [...pages.values()].map((page) => {
    const facts = {
      names: names(titleOf(lookup, pageSet, page)),
      size: page.words,
      passages: page.passages,
    }
    return { page, ...rater.rate(matches.contents.get(page.content), facts) }
  })
}

/** Each title is read once: several pages have it. */
function namesBy(lookup: PageLookup): (title: number | undefined) => string[] {
  const known = new Map<number, string[]>()
  return (title) => {
    if (title === undefined) return []
    const names = known.get(title) ?? lookup.names(title)
    known.set(title, names)
    return names
  }
}

/** Pages of the titles that have most of the words. */
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
  const named = best
    .map(([id]) => {
      const names = lookup.names(id).map((name) => rater.name(name))
      return { id, score: Math.max(0, ...names.map(({ has, share }) => has * (1 + share))) }
    })
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .map(({ id }) => id)
  return lookup.pagesWith('title', named.slice(0, wanted / 2), pageSet, [...INDEXED_KINDS])
}

/** The names of a text are its document's, from the summary; a tree's sections have titles of their own. */
function titleOf(lookup: PageLookup, pageSet: PageSet, page: FoundPage): number | undefined {
  if (page.kind === 'tree') return undefined
  const summary = summaryOf(page.path)
  return (summary === undefined ? undefined : lookup.pageAt(summary, pageSet)?.title) ?? page.title
}

function textsOf(summary: string): string[] {
  const stem = summary.replace(/^wiki\/summaries\//, 'wiki/sources/').slice(0, -3)
  return [`${stem}.md`, `${stem}.json`]
}
