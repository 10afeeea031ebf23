// Parts of speech, only as fine as noun phrases need them, from word lists, endings and neighbours. On the papers and
// notes tested, most of the best phrases are the ones a statistical tagger finds (docs/knowledge.md), without the time
// and memory for loading one in each worker.
import {
  ADJECTIVES,
  ADVERB_EXCEPTIONS,
  BE_HAVE,
  DETERMINERS,
  FUNCTION_WORDS,
  IRREGULAR,
  MODALS,
  NOUN_VERBS,
  PREPOSITIONS,
  SUBJECT_PRONOUNS,
  VERBS,
} from './english.ts'

/** noun, adjective, verb, gerund, participle, function word, number, symbol or punctuation, code span */
type Tag = 'N' | 'J' | 'V' | 'G' | 'P' | 'F' | 'D' | 'S' | 'C'

export type Word = {
  text: string
  /** Folded: lower case, without a possessive. */
  lower: string
  tag: Tag
  /** Begins with a capital that is not due to the start of a sentence. */
  proper: boolean
  /** Begins with a capital. */
  capital: boolean
}

export type Tagger = (sentence: string) => Word[]

/** Addresses and file names are not words. */
const ADDRESS = /[/@]|\.(?:com|org|net|edu|gov|io|rs|html?|pdf|md|txt|ai|dev)$/i

const ADVERBS = new Set([
  'often',
  'always',
  'never',
  'also',
  'sometimes',
  'then',
  'still',
  'just',
  'already',
  'not',
  'only',
])

/** `name`, `name!`, `name()`, `#[name]`, `dyn Name`. */
const IDENTIFIER =
  /^`(?:#!?\[)?([A-Za-z_](?:-?\w){2,39}|[a-z]{2,8} [A-Z]\w{2,20}|[A-Z]\w{2,20}\.(?:toml|lock|json|ya?ml|txt|md))(?:!|\(\))?\]?`$/

/** A TeX command is a symbol, not a word. */
const TOKEN =
  /`[^`]+`|\\\p{L}+|[\p{L}\p{N}]+(?:['’.&/_-][\p{L}\p{N}]+)*(?:\+\+|\+(?![\p{L}\p{N}=])|#)?|[^\s\p{L}\p{N}]/gu

export function tagEnglish(sentence: string): Word[] {
  const words: Word[] = []
  let first = true
  for (const token of sentence.match(TOKEN) ?? []) {
    const word = readToken(token, first)
    if (word.tag !== 'S') first = false
    else if (word.text === ':') first = true
    words.push(word)
  }
  for (let index = 0; index < words.length; index++) {
    const word = words[index]
    if (word !== undefined && word.tag === 'N') word.tag = retag(word, words[index - 1], words[index + 1])
  }
  return words
}

function readToken(text: string, first: boolean): Word {
  // Most tokens are plain words; of the rules below only the list of function words applies to them.
  if (/^[A-Z]?[a-z]+$/.test(text)) return plainWord(text, first)
  if (text.startsWith('`') && text.length > 2) {
    const identifier = IDENTIFIER.exec(text)?.[1] ?? text
    return {
      text: identifier,
      lower: identifier.toLowerCase(),
      tag: 'C',
      proper: /[A-Z]/.test(identifier),
      capital: false,
    }
  }
  const capital = /^\p{Lu}/u.test(text)
  const lower = text.replace(/['’]s?$|['’]s$/u, '').toLowerCase()
  if (/^[^\p{L}\p{N}]/u.test(text)) return { text, lower, tag: 'S', proper: false, capital }
  if (/^\p{N}/u.test(text) && !/\p{L}{2}/u.test(text)) return { text, lower, tag: 'D', proper: false, capital }
  if (ADDRESS.test(text)) return { text, lower, tag: 'C', proper: false, capital }
  const spoken = text.toLowerCase().replace('’', "'")
  // `US`, `IT` and `OR` are names if written in capitals.
  const shouted = text.length > 1 && text === text.toUpperCase() && /\p{L}/u.test(text)
  if (!shouted && FUNCTION_WORDS.has(spoken)) return { text, lower, tag: 'F', proper: false, capital }
  return { text, lower, tag: 'N', proper: capital && (!first || shouted || /\p{Ll}\p{Lu}/u.test(text)), capital }
}

function plainWord(text: string, first: boolean): Word {
  const lower = text.toLowerCase()
  const capital = lower !== text
  return FUNCTION_WORDS.has(lower)
    ? { text, lower, tag: 'F', proper: false, capital }
    : { text, lower, tag: 'N', proper: capital && !first, capital }
}

/** Called for tokens that are not a function word, number or symbol. */
function retag(word: Word, before: Word | undefined, after: Word | undefined): Tag {
  const { lower } = word
  // "Alternatives Considered", capitalised as a heading, is not a name.
  if (word.proper)
    return lower.endsWith('ed') && (VERBS.has(lower.slice(0, -2)) || VERBS.has(lower.slice(0, -1))) ? 'P' : 'N'
  const previous = before?.lower ?? ''
  if (lower.endsWith('ly') && lower.length > 4 && !ADVERB_EXCEPTIONS.has(lower)) return 'F'
  const afterDeterminer = DETERMINERS.has(previous) || before?.tag === 'J'
  if (ADJECTIVES.has(lower)) return 'J'
  if (lower.endsWith('ing') && lower.length > 5) {
    if (after !== undefined && (DETERMINERS.has(after.lower) || SUBJECT_PRONOUNS.has(after.lower))) return 'V'
    return (BE_HAVE.has(previous) && after?.tag !== 'N') || before?.text === '-' ? 'V' : 'G'
  }
  if (
    lower.endsWith('ed') &&
    lower.length > 3 &&
    !/^(?:seed|speed|need|feed|embed|shed|breed|exceed|proceed|hundred|indeed|weed|steed|greed)$/.test(lower)
  ) {
    if (SUBJECT_PRONOUNS.has(previous) || BE_HAVE.has(previous)) return 'V'
    return 'P'
  }
  if (IRREGULAR.has(lower)) return afterDeterminer ? 'P' : 'V'
  const base = verbBase(lower)
  if (base !== undefined) {
    if (MODALS.has(previous) || SUBJECT_PRONOUNS.has(previous) || ADVERBS.has(previous)) return 'V'
    if (!NOUN_VERBS.has(base)) return afterDeterminer ? 'N' : 'V'
    if (afterDeterminer || PREPOSITIONS.has(previous)) return 'N'
    const takesObject =
      after !== undefined && (DETERMINERS.has(after.lower) || after.lower === 'that' || after.lower === 'how')
    // "the function returns a value"; "Use a lock".
    if (takesObject && (before === undefined || before.tag === 'N' || before.tag === 'F' || before.tag === 'C'))
      return 'V'
    if (
      before === undefined &&
      after !== undefined &&
      after.tag !== 'S' &&
      !lower.endsWith('s') &&
      after.lower !== 'of'
    )
      return 'V'
    return 'N'
  }
  // "an intrinsic that": an adjective has a noun after it.
  if (ARTICLES.has(previous) && isEnd(after)) return 'N'
  if (
    /(?:able|ible|ous|ful|ical|less|ish|ive|ary)$/.test(lower) &&
    !/(?:table|variable|alternative|primitive|directive|archive|objective|perspective|library|boundary|dictionary|binary|summary|vocabulary|derivative|executable|observable|crucible|glossary|representative|commentary|adversary|itinerary|salary|subsidiary)$/.test(
      lower,
    )
  )
    return 'J'
  if (
    /(?:onal|tial|ural|eral|imal|inal|ental|ical|istic|atic|etic|ific|ic|al)$/.test(lower) &&
    lower.length > 5 &&
    !/(?:material|signal|proposal|trial|arrival|approval|removal|retrieval|interval|literal|terminal|journal|manual|tutorial|potential|integral|credential|metal|hospital|capital|criminal|logic|metric|topic|traffic|music|fabric|generic|semantic|heuristic|arithmetic|public|panic|mechanic|rhetoric|clinic|rubric|magic|mosaic|polynomial|differential|residual|eternal|animal|referral|rental|appraisal|dismissal|withdrawal|renewal)$/.test(
      lower,
    )
  )
    return 'J'
  return 'N'
}

const ARTICLES = new Set(['a', 'an', 'the', 'this', 'each', 'every', 'its', 'our'])

/** Neither a noun nor an adjective can follow. */
function isEnd(after: Word | undefined): boolean {
  return after === undefined || (after.tag === 'S' && !/^["“(]/.test(after.text)) || after.tag === 'F'
}

function verbBase(lower: string): string | undefined {
  if (VERBS.has(lower)) return lower
  if (!lower.endsWith('s') || lower.endsWith('ss')) return undefined
  const plain = lower.slice(0, -1)
  if (VERBS.has(plain)) return plain
  if (!lower.endsWith('es')) return undefined
  const short = lower.slice(0, -2)
  if (VERBS.has(short)) return short
  return lower.endsWith('ies') && VERBS.has(`${lower.slice(0, -3)}y`) ? `${lower.slice(0, -3)}y` : undefined
}
