// Words to ranked pages, over the contents of one commit: the best passages of a page, the page as a whole, and its title
// and headings, weighed together; a question is weighed as a question.
import { INDEXED_KINDS, searchKind, type PageKind } from '../core/page/page-kind.ts'
import type { SearchHit } from '../core/results.ts'
import type { AskedWord } from '../core/search/answer-passages.ts'
import { readQuery, type Asked } from '../core/search/asked.ts'
import { ENGLISH, type SearchLanguage } from '../core/search/languages.ts'
import { compounds } from '../core/search/words.ts'
import { PageLookup } from '../io/search/lookup.ts'
import type { PageSet } from '../io/search/page-set.ts'
import type { PageIndex } from '../io/search/store.ts'
import { formsOf } from './search/forms.ts'
import { hitOf } from './search/hit.ts'
import { match, rarity } from './search/match.ts'
import { withOtherNames } from './search/other-names.ts'
import { ratePages, type RatedPage } from './search/rate-pages.ts'
import { score } from './search/weights.ts'

export type SearchRequest = {
  query: string
  /** Number of hits. */
  limit: number
  /** Default: all. */
  kinds?: PageKind[] | undefined
  /** Those whose forms and function words are known. Default: English. */
  languages?: readonly SearchLanguage[]
}

/** Words of a query that are looked up; the rest is ignored. */
export const QUERY_WORDS_MAX = 64
/** Pages compared: per wanted hit, and at least. */
const CANDIDATES_PER_HIT = 5
const CANDIDATES_MIN = 200
/** A word in fewer passages says no more than one in so many: a name in passing, or a slip of the keyboard. */
const RARE_ROWS_MIN = 5
/** Words that texts have in two pieces as well: "read-only". */
const HYPHENATED = /[\p{L}\p{N}]+(?:-[\p{L}\p{N}]+)+/gu
/** Of the natural logarithm of a rarity: what a word says that nearly every passage has. */
const WEIGHT_MIN = 0.2

/** A hit with how much of what the query's words say its page has, from 0 to 1; words that are nowhere do not count. */
export type FoundHit = SearchHit & { cover: number }

/** The best pages of the set, one hit per page. Everything in the query is a word; there is no query syntax. */
export function search(index: PageIndex, pageSet: PageSet, request: SearchRequest): SearchHit[] {
  return ranked(index, pageSet, request).map(({ hit }) => hit)
}

/** The same, with what an answer is judged by. */
export function found(index: PageIndex, pageSet: PageSet, request: SearchRequest): FoundHit[] {
  return ranked(index, pageSet, request).map(({ hit, cover }) => ({ ...hit, cover }))
}

function ranked(index: PageIndex, pageSet: PageSet, request: SearchRequest): { hit: SearchHit; cover: number }[] {
  const languages = request.languages ?? [ENGLISH]
  const asked = readQuery(request.query, languages, QUERY_WORDS_MAX)
  const lookup = new PageLookup(index)
  return candidates(lookup, pageSet, request, asked)
    .map((rated) => ({ ...rated, score: score(rated.features, rated.page.kind, asked.kind) }))
    .sort((a, b) => b.score - a.score || (a.page.path < b.page.path ? -1 : 1))
    .slice(0, request.limit)
    .map((rated) => ({ hit: hitOf(lookup, rated, asked), cover: rated.features.cover }))
}

/** The pages that are compared, for the bench that fits the weights. */
export function candidates(
  lookup: PageLookup,
  pageSet: PageSet,
  { kinds: wanted, limit, languages = [ENGLISH] }: SearchRequest,
  asked: Asked,
): RatedPage[] {
  if (asked.terms.length === 0 || limit <= 0) return []
  const kinds = INDEXED_KINDS.filter((kind) => wanted === undefined || wanted.includes(searchKind(kind)))
  const named = withOtherNames(lookup, pageSet, asked, languages)
  const matches = match(lookup, named, languages)
  return ratePages(lookup, pageSet, kinds, matches, named, Math.max(CANDIDATES_MIN, limit * CANDIDATES_PER_HIT))
}

/**
 * How much each word of a question says, beside a rare word, which has 1: more, the fewer passages have it. A word that no
 * passage has says as much as the others do on average: it may be a name, or a word of the question alone. Of a word with
 * hyphens that no passage has in one piece, only the parts count.
 */
export function wordWeights(
  index: PageIndex,
  question: string,
  languages: readonly SearchLanguage[] = [ENGLISH],
): AskedWord[] {
  const lookup = new PageLookup(index)
  const total = lookup.passageCount()
  const rare = Math.max(1, rarity(RARE_ROWS_MIN, total))
  const joined = new Set(compounds((question.match(HYPHENATED) ?? []).join(' ')).map(({ whole }) => whole))
  const weighed = readQuery(question, languages, QUERY_WORDS_MAX).terms.map(({ word }) => {
    const rows = formsOf(lookup, word, languages).reduce(
      (sum, form) => sum + (form.share === 1 || form.rows > 0 ? form.rows : 0),
      0,
    )
    return { word, known: rows > 0, weight: Math.min(1, Math.max(WEIGHT_MIN, rarity(rows, total)) / rare) }
  })
  const found = weighed.filter(({ word, known }) => known || !joined.has(word))
  const known = found.filter((word) => word.known)
  const average = known.reduce((all, { weight }) => all + weight, 0) / Math.max(1, known.length)
  return found.map((word) => (word.known || known.length === 0 ? word : { ...word, weight: average }))
}
