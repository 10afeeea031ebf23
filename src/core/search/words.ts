// Text into the words that search compares: the same for stored text and for queries, on every machine.

/** Scripts that are written without spaces: words are found by dictionary. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD = /[\p{L}\p{M}\p{N}]+/gu
/** Characters; the rest of a longer word is ignored. */
const WORD_LENGTH_MAX = 64
const HANGUL = /^\p{Script=Hangul}+$/u
/** Korean particles, which are written as the end of a noun: the longest that fits is one. */
const PARTICLES =
  /(?:에게서|으로부터|로부터|이라도|에서|에게|으로|부터|까지|처럼|보다|한테|께서|이나|라도|조차|마저|이며|은|는|이|가|을|를|의|에|로|와|과|도|만)$/u
/** Syllables of a noun that is left. */
const NOUN_MIN = 2
let segmenter: Intl.Segmenter | undefined

/** Words that say nothing about a question's subject. Left out of a query that has others. */
const FUNCTION_WORDS = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my not of ' +
    'on or our should so than that the their them then there these they this to us was we were what when where which who ' +
    'why will with would you your'
  ).split(' '),
)

/**
 * The words in order: lower case, Latin letters without marks, NFKC; English endings are left for the index to stem.
 */
export function words(text: string): string[] {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) return (text.toLowerCase().match(/[a-z0-9]+/g) ?? []).map(bounded)
  const folded = text
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})\p{Mn}+/gu, '$1')
    .normalize('NFKC')
    .toLowerCase()
  const found: string[] = []
  for (const [word] of folded.matchAll(WORD)) {
    if (HANGUL.test(word)) found.push(bounded(withoutParticle(word)))
    else if (!UNSPACED.test(word)) found.push(bounded(word))
    else
      for (const { segment, isWordLike } of wordSegmenter().segment(word))
        if (isWordLike === true) found.push(bounded(segment))
  }
  return found
}

/** Of a verb or a name that only looks like it, too: what counts is that text and query become the same. */
function withoutParticle(word: string): string {
  const noun = word.replace(PARTICLES, '')
  return noun.length >= NOUN_MIN ? noun : word
}

/** Created on first use: loading its dictionaries takes longer than many a search. */
function wordSegmenter(): Intl.Segmenter {
  // A fixed locale: with the machine's default, the words would depend on the machine.
  segmenter ??= new Intl.Segmenter('en', { granularity: 'word' })
  return segmenter
}

/** The words of a question, without duplicates, in order of first mention, at most `limit`. */
export function queryWords(text: string, limit: number): string[] {
  const all = [...new Set(words(text))]
  const significant = all.filter((word) => !FUNCTION_WORDS.has(word))
  return (significant.length > 0 ? significant : all).slice(0, limit)
}

function bounded(word: string): string {
  if (word.length <= WORD_LENGTH_MAX) return word
  return word
    .slice(0, WORD_LENGTH_MAX)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
}
