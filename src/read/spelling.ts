// What a query may have meant that finds nothing: each of its words that no page has becomes the nearest one that a page
// has.
import { editDistance, prefixDistance } from '../core/edit-distance.ts'
import { queryWords, words } from '../core/search/words.ts'
import type { PageLookup } from '../io/search/lookup.ts'

/** Words of a query that are looked at; a longer one is no slip of the keyboard. */
const WORDS_MAX = 6
/** Shorter words are near too many others. */
const LENGTH_MIN = 4
/** Terms of the index whose words are compared. */
const TERMS_MAX = 40
/** Passages that are read to find the word behind a term: the index has stems. */
const PASSAGES_MAX = 3

/** Undefined if each word is found, or nothing near it is. */
export function respelled(lookup: PageLookup, query: string): string | undefined {
  const asked = queryWords(query, WORDS_MAX + 1)
  if (asked.length > WORDS_MAX) return undefined
  const meant = asked.map((word) =>
    lookup.frequency('passage_text', `"${word}"`, 1) > 0 ? word : nearest(lookup, word),
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
  const terms = lookup
    // A stem is shorter than its word.
    .terms(LENGTH_MIN - 1, word.length + limit)
    .map(({ term, rows }) => ({ term, rows, slips: prefixDistance(word, term) }))
    .filter(({ term, slips }) => slips <= limit && term.length + 4 >= word.length)
    .sort((a, b) => a.slips - b.slips || b.rows - a.rows)
    .slice(0, TERMS_MAX)
  let best: { word: string; slips: number; rows: number } | undefined
  for (const { term, rows } of terms) {
    for (const near of wordsOf(lookup, term)) {
      const slips = editDistance(word, near)
      if (slips > limit) continue
      if (best === undefined || slips < best.slips || (slips === best.slips && rows > best.rows))
        best = { word: near, slips, rows }
    }
  }
  return best?.word
}

/** Words of some passages that have the term. */
function wordsOf(lookup: PageLookup, term: string): Set<string> {
  const beginning = term.slice(0, -1)
  const found = lookup.rowsWith(term, PASSAGES_MAX).flatMap((id) => words(lookup.passageText(id)))
  return new Set(found.filter((each) => each.startsWith(beginning)))
}
