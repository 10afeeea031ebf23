// Text into the words that search compares: the same for stored text and for queries, on every machine.

/** Scripts that are written without spaces: words are found by dictionary. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
const WORD = /[\p{L}\p{M}\p{N}]+/gu
/** Characters; the rest of a longer word is ignored. */
const WORD_LENGTH_MAX = 64
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
    if (!UNSPACED.test(word)) found.push(bounded(word))
    else
      for (const { segment, isWordLike } of wordSegmenter().segment(word))
        if (isWordLike === true) found.push(bounded(segment))
  }
  return found
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
