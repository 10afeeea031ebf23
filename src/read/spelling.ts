// What a query may have meant that finds nothing: each of its words that no page has becomes the nearest one that a page
// has.
import { editDistance } from '../core/edit-distance.ts'
import { ENGLISH, type SearchLanguage } from '../core/search/languages.ts'
import { queryWords } from '../core/search/words.ts'
import type { PageLookup } from '../io/search/lookup.ts'
import { formsOf } from './search/forms.ts'

/** Words of a query that are looked at; a longer one is no slip of the keyboard. */
const WORDS_MAX = 6
/** Shorter words are near too many others. */
const LENGTH_MIN = 4

/** Undefined if each word is found, or nothing near it is. */
export function respelled(
  lookup: PageLookup,
  query: string,
  languages: readonly SearchLanguage[] = [ENGLISH],
): string | undefined {
  const asked = queryWords(query, WORDS_MAX + 1)
  if (asked.length > WORDS_MAX) return undefined
  const meant = asked.map((word) =>
    formsOf(lookup, word, languages).some(({ rows }) => rows > 0) ? word : nearest(lookup, word),
  )
  if (meant.some((word) => word === undefined)) return undefined
  const suggestion = meant.join(' ')
  return suggestion === asked.join(' ') ? undefined : suggestion
}

/** One slip in a short word, two in a longer one. */
function slipsMax(word: string): number {
  return word.length < 7 ? 1 : 2
}

function nearest(lookup: PageLookup, word: string): string | undefined {
  if (word.length < LENGTH_MIN) return undefined
  const limit = slipsMax(word)
  let best: { term: string; slips: number; rows: number } | undefined
  for (const { term, rows } of lookup.terms(Math.max(1, word.length - limit), word.length + limit)) {
    const slips = editDistance(word, term)
    if (slips > limit) continue
    if (best === undefined || slips < best.slips || (slips === best.slips && rows > best.rows))
      best = { term, slips, rows }
  }
  return best?.term
}
