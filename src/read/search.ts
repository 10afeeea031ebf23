// Words to ranked pages, over the contents of one commit: for each word a page's best passage by BM25, and the page's
// title.
import {
  INDEXED_KINDS,
  pageName,
  searchKind,
  summaryOf,
  type IndexedKind,
  type PageKind,
} from '../core/page/page-kind.ts'
import type { SearchHit } from '../core/results.ts'
import type { AskedWord } from '../core/search/answer-passages.ts'
import { snippetOf } from '../core/search/snippet.ts'
import { queryWords } from '../core/search/words.ts'
import type { PageIndex } from '../io/search/store.ts'
import { PageLookup, type FoundPage, type Scored, type TextTable } from '../io/search/lookup.ts'
import type { PageSet } from '../io/search/page-set.ts'

export type SearchRequest = {
  query: string
  /** Number of hits. */
  limit: number
  /** Default: all. */
  kinds?: PageKind[] | undefined
}

/** Words of a query that are looked up; the rest is ignored. */
const QUERY_WORDS_MAX = 64
/**
 * Rows that one query may score. Rare words go first; a word that would exceed this is the least informative and is
 * left out.
 */
const SCORED_ROWS_MAX = 8_000
/** Rows scored for a word that alone exceeds it, if no other word is more informative. */
const COMMON_ROWS_MAX = 1_000
/** Passages considered in the first round; each further round, if there are too few pages, doubles it. */
const ROUND_PASSAGES = 1_000
/** Pages compared: per wanted hit, and at least. */
const CANDIDATES_PER_HIT = 10
const CANDIDATES_MIN = 200
/** Factor for the score of a page's title. */
const TITLE_WEIGHT = 2.5
/**
 * Factor for the rarity of a word, added whenever a passage has it at all: having one more of the words says more than
 * how often a page has the others (the lower bound of BM25+: Lv and Zhai, "Lower-bounding term frequency
 * normalization", 2011).
 */
const PRESENCE_WEIGHT = 1.5
/**
 * Share of the score of a page's text subtracted for each tenfold of its passages: a long page is more likely to have
 * any word.
 */
const LENGTH_WEIGHT = 0.06
/** Factor for the score of a rare word if the text has another form of it: the full text engine compares stems. */
const INEXACT_WEIGHT = 0.3
/** A word in at most this many passages is rare: its spelling then says more than its stem. */
const RARE_ROWS_MAX = 200

/** A word in fewer passages says no more than one in so many: a name in passing, or a slip of the keyboard. */
const RARE_ROWS_MIN = 5
/** What a word says that nearly every passage has. */
const WEIGHT_MIN = 0.2

/** For each row of a full text table, the score of each of the query's words that it has. */
type WordScores = Map<number, Float64Array>

/** The best pages of the set, one hit per page. Everything in the query is a word; there is no query syntax. */
export function search(index: PageIndex, pageSet: PageSet, request: SearchRequest): SearchHit[] {
  const asked = queryWords(request.query, QUERY_WORDS_MAX)
  if (asked.length === 0 || request.limit <= 0) return []
  const lookup = new PageLookup(index)
  const kinds = INDEXED_KINDS.filter((kind) => request.kinds === undefined || request.kinds.includes(searchKind(kind)))
  const passages = wordScores(lookup, 'passage_text', asked)
  const titles = wordScores(lookup, 'title_text', asked)
  const pages = candidates(
    lookup,
    pageSet,
    kinds,
    passages,
    titles,
    Math.max(CANDIDATES_MIN, request.limit * CANDIDATES_PER_HIT),
  )
  return pages
    .map((page) => rate(lookup, pageSet, page, passages, titles))
    .sort((a, b) => b.score - a.score || (a.page.path < b.page.path ? -1 : 1))
    .slice(0, request.limit)
    .map((rated) => hit(lookup, rated, asked))
}

/**
 * How much each word of a question says: more, the fewer passages have it, up to a bound. A word that no passage has says
 * as much as the others do on average: it may be a name, or a word of the question alone.
 */
export function wordWeights(index: PageIndex, question: string): AskedWord[] {
  const lookup = new PageLookup(index)
  const total = lookup.passageCount()
  const rare = Math.max(1, rarity(RARE_ROWS_MIN, total))
  const found = queryWords(question, QUERY_WORDS_MAX).map((word) => {
    const rows = lookup.frequency('passage_text', `"${word}"`, SCORED_ROWS_MAX)
    return { word, known: rows > 0, weight: Math.min(rare, Math.max(WEIGHT_MIN, rarity(rows, total))) }
  })
  const known = found.filter((word) => word.known)
  const average = known.reduce((all, { weight }) => all + weight, 0) / Math.max(1, known.length)
  return found.map((word) => (word.known || known.length === 0 ? word : { ...word, weight: average }))
}

function wordScores(lookup: PageLookup, table: TextTable, asked: string[]): WordScores {
  const found: { match: string; at: number; rows: number }[] = []
  for (const [index, word] of asked.entries()) {
    // A word has only letters and digits, so once quoted the full text engine always reads it as a string.
    const exact = `"${word}"`
    const rows = lookup.frequency(table, exact, SCORED_ROWS_MAX + 1)
    if (rows > 0) found.push({ match: exact, at: index, rows })
    else if (word.length >= 3)
      found.push({ match: `${exact}*`, at: index, rows: lookup.frequency(table, `${exact}*`, SCORED_ROWS_MAX + 1) })
  }
  const scores: WordScores = new Map()
  let budget = SCORED_ROWS_MAX
  for (const { match, at, rows } of found.sort((a, b) => a.rows - b.rows || a.at - b.at)) {
    if (rows === 0) continue
    if (rows > budget && budget < SCORED_ROWS_MAX) break
    const scored = rows > budget ? lookup.bestScores(table, match, COMMON_ROWS_MAX) : lookup.scores(table, match)
    for (const { id, score } of table === 'title_text' ? scored : weighed(lookup, scored, rows, asked[at] ?? '')) {
      let row = scores.get(id)
      if (row === undefined) {
        row = new Float64Array(asked.length)
        scores.set(id, row)
      }
      row[at] = score
    }
    budget -= rows
  }
  return scores
}

/** Candidate pages: those of the best passages, and those of the best titles. */
function candidates(
  lookup: PageLookup,
  pageSet: PageSet,
  kinds: IndexedKind[],
  passages: WordScores,
  titles: WordScores,
  wanted: number,
): FoundPage[] {
  const pages = new Map<string, FoundPage>()
  const ids = best(passages)
  for (let from = 0, size = ROUND_PASSAGES; from < ids.length && pages.size < wanted; from += size, size *= 2) {
    for (const page of lookup.pagesWith('passage', ids.slice(from, from + size), pageSet, kinds))
      pages.set(page.path, page)
  }
  const titled = best(titles).slice(0, wanted)
  for (const page of lookup.pagesWith('title', titled, pageSet, [...INDEXED_KINDS])) {
    if (kinds.includes(page.kind)) pages.set(page.path, page)
    for (const path of page.kind === 'summary' ? textsOf(page.path) : []) {
      const text = lookup.pageAt(path, pageSet)
      if (text !== undefined && kinds.includes(text.kind)) pages.set(path, text)
    }
  }
  return [...pages.values()]
}

function best(scores: WordScores): number[] {
  return [...scores]
    .map(([id, row]) => ({ id, score: sum(row) }))
    .sort((a, b) => b.score - a.score || a.id - b.id)
    .map(({ id }) => id)
}

type Rated = { page: FoundPage; score: number; passage: number | undefined }

function rate(lookup: PageLookup, pageSet: PageSet, page: FoundPage, passages: WordScores, titles: WordScores): Rated {
  let most = 0
  let passage: number | undefined
  let spread: Float64Array | undefined
  const ids = lookup.passagesOf(page.content)
  for (const id of ids) {
    passage ??= id
    const scores = passages.get(id)
    if (scores === undefined) continue
    const score = sum(scores)
    if (score > most) [most, passage] = [score, id]
    spread = spread === undefined ? scores : spread.map((score, index) => Math.max(score, scores[index] ?? 0))
  }
  const text = (spread === undefined ? 0 : sum(spread)) * (1 - LENGTH_WEIGHT * Math.log10(Math.max(1, ids.length)))
  const title = titleOf(lookup, pageSet, page)
  const titled = title === undefined ? undefined : titles.get(title)
  return { page, passage, score: text + TITLE_WEIGHT * (titled === undefined ? 0 : sum(titled)) }
}

/** Scores of a word in passages: its presence counts, and if it is rare, its spelling. */
function weighed(lookup: PageLookup, scored: Scored[], rows: number, word: string): Scored[] {
  const presence = PRESENCE_WEIGHT * rarity(rows, lookup.passageCount())
  const present = scored.map(({ id, score }) => ({ id, score: score + presence }))
  return rows <= RARE_ROWS_MAX ? bySpelling(lookup, present, word) : present
}

/**
 * Scores of a rare word by spelling: exact matches as if the word's other forms were other words, so that they weigh by
 * how rare the spelling is, and the others less.
 */
function bySpelling(lookup: PageLookup, scored: Scored[], word: string): Scored[] {
  // Only English has stems: a word of another script is always spelled as requested.
  if (!/^[a-z0-9]+$/.test(word)) return scored
  const spelling = new RegExp(`(?<![a-z0-9])${word}(?![a-z0-9])`, 'i')
  const exact = new Set(scored.filter(({ id }) => spelling.test(lookup.passageText(id))).map(({ id }) => id))
  const total = lookup.passageCount()
  const gain = rarity(exact.size, total) / rarity(scored.length, total)
  return scored.map(({ id, score }) => ({ id, score: score * (exact.has(id) ? gain : INEXACT_WEIGHT) }))
}

/** The weight that BM25 gives to a word in `count` of `total` texts, as the full text engine computes it. */
function rarity(count: number, total: number): number {
  return Math.max(1e-6, Math.log((total - count + 0.5) / (count + 0.5)))
}

/** The title of a text is its document's, from the summary; a tree's sections have titles of their own. */
function titleOf(lookup: PageLookup, pageSet: PageSet, page: FoundPage): number | undefined {
  if (page.kind === 'tree') return undefined
  const summary = summaryOf(page.path)
  return (summary === undefined ? undefined : lookup.pageAt(summary, pageSet)?.title) ?? page.title
}

function textsOf(summary: string): string[] {
  const stem = summary.replace(/^wiki\/summaries\//, 'wiki/sources/').slice(0, -3)
  return [`${stem}.md`, `${stem}.json`]
}

function hit(lookup: PageLookup, { page, passage, score }: Rated, asked: string[]): SearchHit {
  const kind = searchKind(page.kind)
  const name = pageName(page.path)
  const text = shownPassage(lookup, page, passage)
  return {
    page: page.path,
    kind,
    name,
    ...(kind === 'source' || kind === 'summary' || kind === 'node' ? { document: name } : {}),
    heading: text === undefined || text.heading === '' ? undefined : text.heading,
    pageNumber: text?.page,
    score: Math.round(score * 1e4) / 1e4,
    snippet: snippetOf(text?.text ?? '', asked),
  }
}

/** The best passage; if that is only a heading, the first with words of its own. */
function shownPassage(
  lookup: PageLookup,
  page: FoundPage,
  best: number | undefined,
): ReturnType<PageLookup['passage']> {
  const text = best === undefined ? undefined : lookup.passage(best)
  if (text === undefined || text.text !== '') return text
  for (const id of lookup.passagesOf(page.content)) {
    const other = lookup.passage(id)
    if (other !== undefined && other.text !== '') return other
  }
  return text
}

function sum(row: Float64Array): number {
  let total = 0
  for (const score of row) total += score
  return total
}
