// Text into the words that search compares: the same for stored text and for queries, on every machine.
import { foldLetters } from './fold-letters.ts'

/** Scripts that are written without spaces: words are found by dictionary. */
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u
/** A word with its parts: `read_exact`, `read-exact`. */
const COMPOUND = /[\p{L}\p{M}\p{N}]+(?:[_-]+[\p{L}\p{M}\p{N}]+)*/gu
const ASCII_COMPOUND = /[A-Za-z0-9]+(?:[_-]+[A-Za-z0-9]+)*/g
/** Of a word in ASCII that may have parts: most have none, which is seen at once. */
const SEVERAL_PARTS = /[_-]|[a-z][A-Z]|[A-Z]{2}[a-z]/
/** Where a part of `readExact` or `HTTPServer` begins. */
const CAPITAL_PART = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/u
/** Parts of a word that is also found in one piece; one with more is a path or a list. */
const PARTS_MAX = 6
/** Characters; the rest of a longer word is ignored. */
const WORD_LENGTH_MAX = 64
const HANGUL = /^\p{Script=Hangul}+$/u
/** Korean particles, which are written as the end of a noun: the longest that fits is one. */
const PARTICLES =
  /(?:에게서|으로부터|로부터|이라도|에서|에게|으로|부터|까지|처럼|보다|한테|께서|이나|라도|조차|마저|이며|은|는|이|가|을|를|의|에|로|와|과|도|만)$/u
/** Syllables of a noun that is left. */
const NOUN_MIN = 2
let segmenter: Intl.Segmenter | undefined

/** English words that say nothing about a question's subject. Left out of a query that has others. */
export const FUNCTION_WORDS: ReadonlySet<string> = new Set(
  (
    'a an and are as at be been but by can could did do does for from had has have how i if in into is it its me my not of ' +
    'on or our should so than that the their them then there these they this to us was we were what when where which who ' +
    'why will with would you your'
  ).split(' '),
)

/** A word of a text, and its parts if it is written as several: `readExact` is `readexact`, of `read` and `exact`. */
export type Compound = { parts: string[]; whole?: string }

/**
 * The words in order: lower case, without marks, NFKC, each as it is spelled; forms of a word are joined when a query is
 * asked. A word of several parts is there in parts and then in one piece, so that `readExact`, `read_exact` and
 * `read-exact` have the same words.
 */
export function words(text: string): string[] {
  // eslint-disable-next-line no-control-regex
  if (/^[\x00-\x7f]*$/.test(text)) {
    const found: string[] = []
    for (const word of text.match(ASCII_COMPOUND) ?? []) addCompound(found, word)
    return found
  }
  return compounds(text).flatMap(({ parts, whole }) => (whole === undefined ? parts : [...parts, whole]))
}

/** The same, each with its parts. */
export function compounds(text: string): Compound[] {
  const found: Compound[] = []
  for (const [word] of foldLetters(text).matchAll(COMPOUND)) {
    if (HANGUL.test(word)) found.push({ parts: [bounded(withoutParticle(word))] })
    else if (!UNSPACED.test(word)) found.push(compound(word))
    else
      for (const { segment, isWordLike } of wordSegmenter().segment(word))
        if (isWordLike === true) found.push({ parts: [bounded(segment.toLowerCase())] })
  }
  return found
}

function addCompound(found: string[], word: string): void {
  if (!SEVERAL_PARTS.test(word)) found.push(bounded(word.toLowerCase()))
  else {
    const { parts, whole } = compound(word)
    found.push(...parts)
    if (whole !== undefined) found.push(whole)
  }
}

function compound(text: string): Compound {
  const parts = text
    .split(/[_-]+/)
    .flatMap((part) => part.split(CAPITAL_PART))
    .map((part) => bounded(part.toLowerCase()))
  const whole = parts.join('')
  return parts.length === 1 || parts.length > PARTS_MAX || whole.length > WORD_LENGTH_MAX ? { parts } : { parts, whole }
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
  const all = [...new Set(compounds(text).flatMap(({ parts }) => parts))]
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
