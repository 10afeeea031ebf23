// The words of the index that a query's word stands for: itself, its other forms, and what begins with it if nothing else is
// there.
import type { SearchLanguage } from '../../core/search/languages.ts'
import type { PageLookup, Term } from '../../io/search/lookup.ts'

/** `share`: how much a place of the form counts beside one of the word itself, which has 1. */
export type Form = Term & { share: number }

/** Words of the index that are compared by their stem. */
const COMPARED_MAX = 4_000
/** Forms that are looked up. */
const FORMS_MAX = 16
/** A longer word is not a form but another one: compounds in German. */
const LONGER_MAX = 7
/** Letters; shorter words have no endings, or too many words begin with them. */
const STEMMED_MIN = 3
const FORM_SHARE = 0.6
const BEGINNING_SHARE = 0.4

/** The word itself is first, with 0 rows if no passage has it. */
export function formsOf(lookup: PageLookup, word: string, languages: readonly SearchLanguage[]): Form[] {
  const stems = languages.map(({ stem }) => ({ stem, own: stem(word) }))
  const beginning = shortest(stems.map(({ own }) => commonBeginning(word, own)))
  const canHaveForms = word.length >= STEMMED_MIN && /^\p{L}+$/u.test(word)
  const near = lookup.termsFrom(canHaveForms ? beginning : word, COMPARED_MAX)
  const own = near.find(({ term }) => term === word) ?? { term: word, rows: lookup.frequency(word, 1) }
  const forms = canHaveForms
    ? near.filter(
        ({ term }) =>
          term !== word &&
          term.length <= word.length + LONGER_MAX &&
          stems.some(({ stem, own }) => own.length >= 2 && stem(term) === own),
      )
    : []
  if (own.rows > 0 || forms.length > 0) return [{ ...own, share: 1 }, ...often(forms, FORM_SHARE)]
  const begun = word.length < STEMMED_MIN ? [] : near.filter(({ term }) => term.startsWith(word))
  return [{ ...own, share: 1 }, ...often(begun, BEGINNING_SHARE)]
}

function often(terms: Term[], share: number): Form[] {
  return terms
    .sort((a, b) => b.rows - a.rows || (a.term < b.term ? -1 : 1))
    .slice(0, FORMS_MAX)
    .map((term) => ({ ...term, share }))
}

/** What all forms of the word begin with: a stem may end in another letter than its words, as "stori" does. */
function commonBeginning(word: string, stem: string): string {
  let length = 0
  while (length < stem.length && word[length] === stem[length]) length++
  const whole = length === stem.length && length > 4 ? length - 1 : length
  return word.slice(0, Math.max(2, whole)).toWellFormed().replaceAll('\uFFFD', '')
}

function shortest(texts: string[]): string {
  return texts.reduce((a, b) => (a.length <= b.length ? a : b))
}
