// Concepts: noun phrases by C-value (Frantzi, Ananiadou and Mima 2000: length times frequency, less what is only part
// of longer phrases), with more weight for those in the title and in headings.
import { topicKey } from '../../core/page/topic.ts'
import { GENERIC_NOUNS, VERBS, WEAK_MODIFIERS } from './english.ts'
import type { Word } from './tag-words.ts'

export type Phrase = {
  key: string
  /** The most frequent spelling. */
  name: string
  words: number
  frequency: number
  /** Of these, occurrences that are not part of a longer phrase. */
  alone: number
  /** Sentences that contain it, as indexes into the list of sentences. */
  sentences: number[]
  inHeadings: number
  inTitle: boolean
  /** In the title, not as a part of a longer phrase. */
  titled: boolean
  /** Begins or ends with an identifier. */
  code: boolean
  spellings: Spelling[]
  /** Of the longer phrases that contain it. */
  longer: { sum: number; count: number; largest: number }
  score: number
}

/** One spelling of a phrase, and its frequency in running text. */
type Spelling = { text: string; count: number; phrase: Phrase }

type Place = 'text' | 'heading' | 'title'

const PLAIN_CODE = new Set(
  'self this true false null none some void const func main test bool char string array class return break continue else while match where static public private import export struct enum impl trait type await async yield uint float double long short byte undefined print todo foo bar baz qux str vec let mut pub ref use mod int usize isize u8 u16 u32 u64 i8 i16 i32 i64 f32 f64 new get set add map box std core src lib bin tmp var def end nil iter next len'.split(
    ' ',
  ),
)
const GENERIC_KEYS = new Set([...GENERIC_NOUNS].map(topicKey))
const WORDS_MAX = 4
/** C-value scores single words zero; documents do have one-word concepts, but most single words are not concepts. */
const SINGLE_WORD_FACTOR = 0.6
/** Minimum share of a word's occurrences that are not part of a longer phrase. */
const OWN_SHARE_MIN = 0.4
/** Maximum number of different phrases counted: beyond it, a longer document yields no new ones. */
const PHRASES_MAX = 60_000

export class PhraseCounter {
  readonly #phrases = new Map<string, Phrase>()
  /** By their text: most phrases recur in the same spelling. */
  readonly #spellings = new Map<string, Spelling>()
  readonly #generic: boolean
  readonly #joiner: string

  /** `english`: leave out phrases of words that say nothing. `joiner` separates words: empty in Chinese. */
  constructor(english: boolean, joiner = ' ') {
    this.#generic = english
    this.#joiner = joiner
  }

  /** Counts the phrases of a sentence; `where` marks a heading or title. */
  count(words: Word[], sentence: number, where: Place = 'text'): void {
    for (const nouns of nounRuns(words)) {
      const run = nouns.map((word) => partOf(word, this.#generic))
      const start = this.#start(run, 0, run.length)
      const length = run.length - start
      if (length === 0) continue
      if (length <= WORDS_MAX) this.#add(run, start, run.length, sentence, where, true)
      // Phrases within the phrase: those with the same end, and, if they are nouns, those with the same beginning.
      for (let from = start + 1; from < run.length; from++) this.#addNested(run, from, run.length, sentence, where)
      for (let to = run.length - 1; to > start + 1; to--)
        if (run[to - 1]?.tag === 'N') this.#addNested(run, start, to, sentence, where)
    }
  }

  #addNested(run: Part[], from: number, to: number, sentence: number, where: Place): void {
    const start = this.#start(run, from, to)
    if (start < to && to - start <= WORDS_MAX) this.#add(run, start, to, sentence, where)
  }

  /** Where the phrase begins after words that say nothing. */
  #start(run: Part[], from: number, to: number): number {
    let start = from
    if (this.#generic)
      while (start < to && (run[start]?.weak === true || (run[start]?.tag === 'P' && to - start > 3))) start++
    return start
  }

  /** Counts the words of `run` from `from` up to `to`. */
  #add(run: Part[], from: number, to: number, sentence: number, where: Place, alone = false): void {
    if (this.#generic && !saysSomething(run, from, to)) return
    const text = textOf(run, from, to, this.#joiner)
    const spelling = this.#spellings.get(text) ?? this.#newSpelling(text, run, from, to)
    if (spelling === undefined) return
    const { phrase } = spelling
    if (where === 'title') {
      phrase.inTitle = true
      phrase.titled ||= alone
    } else if (where === 'heading') phrase.inHeadings++
    else {
      phrase.frequency++
      if (alone) phrase.alone++
      if (phrase.sentences.at(-1) !== sentence) phrase.sentences.push(sentence)
      spelling.count++
    }
  }

  #newSpelling(text: string, run: Part[], from: number, to: number): Spelling | undefined {
    const key = this.#joiner === '' ? topicKey(text) : keyOf(run, from, to)
    if (key === '' || key.length > 80) return undefined
    let phrase = this.#phrases.get(key)
    if (phrase === undefined) {
      if (this.#phrases.size >= PHRASES_MAX) return undefined
      phrase = {
        key,
        name: text,
        words: Math.max(to - from, key.split(' ').length),
        frequency: 0,
        alone: 0,
        sentences: [],
        inHeadings: 0,
        inTitle: false,
        titled: false,
        code: run[from]?.tag === 'C' || run[to - 1]?.tag === 'C',
        spellings: [],
        longer: { sum: 0, count: 0, largest: 0 },
        score: 0,
      }
      this.#phrases.set(key, phrase)
    }
    const spelling = { text, count: 0, phrase }
    phrase.spellings.push(spelling)
    this.#spellings.set(text, spelling)
    return spelling
  }

  /** Phrases that occur in running text, scored, best first. Call once, after everything is counted. */
  ranked(): Phrase[] {
    const phrases = [...this.#phrases.values()].filter((phrase) => phrase.frequency > 0)
    for (const { words, key, frequency } of phrases) {
      if (words < 2) continue
      for (const part of partsOf(key)) {
        const longer = this.#phrases.get(part)?.longer
        if (longer === undefined) continue
        longer.sum += frequency
        longer.count++
        longer.largest = Math.max(longer.largest, frequency)
      }
    }
    for (const phrase of phrases) {
      const { longer } = phrase
      // "resolution" in the title "Name resolution" is only a part, unless the text has it alone as well.
      if (phrase.words === 1 && !phrase.titled && phrase.alone < phrase.frequency * OWN_SHARE_MIN)
        phrase.inTitle = false
      // A part that rarely occurs outside of one longer phrase is that phrase.
      const rest =
        longer.count === 0
          ? phrase.frequency
          : phrase.frequency - Math.max(longer.sum / longer.count, longer.largest * 0.9)
      // One word is a concept if it occurs alone: the head of many phrases is the name of none.
      const own = phrase.words === 1 ? Math.min(rest, phrase.alone) : rest
      if (own <= 0) continue
      const length = phrase.words === 1 ? SINGLE_WORD_FACTOR : Math.log2(phrase.words + 1) * 0.85
      const spread = Math.log2(1 + phrase.sentences.length)
      const boost = 1 + (phrase.inTitle ? 1.2 : 0) + Math.min(phrase.inHeadings, 3) * 0.35
      // "Stabilization details": a head that says nothing makes a weaker phrase.
      const head = this.#generic && GENERIC_KEYS.has(phrase.key.slice(phrase.key.lastIndexOf(' ') + 1)) ? 0.8 : 1
      phrase.score = length * Math.sqrt(own) * spread * boost * head
      phrase.name = bestSpelling(phrase)
    }
    return phrases.filter((phrase) => phrase.score > 0).sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
  }
}

/** Shorter runs of the words of a key. */
function partsOf(key: string): string[] {
  const parts: string[] = []
  for (let from = 0; ;) {
    for (let end = key.indexOf(' ', from); end >= 0; end = key.indexOf(' ', end + 1)) parts.push(key.slice(from, end))
    if (from > 0) parts.push(key.slice(from))
    const space = key.indexOf(' ', from)
    if (space < 0) return parts
    from = space + 1
  }
}

/** A word of a run, precomputed for the many phrases that it is part of. */
type Part = Pick<Word, 'tag' | 'lower'> & {
  /** As written, without a capital that is only due to its position. */
  text: string
  /** The same at the end of a phrase, without a possessive. */
  last: string
  /** Cannot begin a phrase. */
  weak: boolean
  /** A word without meaning of its own. */
  empty: boolean
  key: string
}

function partOf({ tag, lower, proper, text: written }: Word, english: boolean): Part {
  const text = proper || tag === 'C' ? written : written.toLowerCase()
  const weak = english && WEAK_MODIFIERS.has(lower)
  // The plural of an acronym is known by its capitals: "APIs".
  const key = topicKey(/^\p{Lu}{2,}s$/u.test(written) ? written : lower)
  const empty = weak || (english && GENERIC_KEYS.has(key))
  return { tag, lower, text, last: text.replace(/['’]s?$|['’]s$/u, ''), weak, empty, key }
}

/** The same as `topicKey` of the words. */
function keyOf(run: Part[], from: number, to: number): string {
  let key = run[from]?.key ?? ''
  for (let index = from + 1; index < to; index++) key += ` ${run[index]?.key ?? ''}`
  return key
}

function textOf(run: Part[], from: number, to: number, joiner: string): string {
  let text = ''
  for (let index = from; index < to - 1; index++) text += (run[index]?.text ?? '') + joiner
  return text + (run[to - 1]?.last ?? '')
}

/** Runs of words that may be noun phrases: modifiers and nouns, ending in a noun. */
function nounRuns(words: Word[]): Word[][] {
  const runs: Word[][] = []
  let run: Word[] = []
  const close = (): void => {
    while (run.length > 0 && !isHead(run[run.length - 1])) run.pop()
    if (run.length > 0) runs.push(run)
    run = []
  }
  for (const [index, word] of words.entries()) {
    if (
      word.tag === 'N' ||
      word.tag === 'J' ||
      (word.tag === 'C' && (isIdentifier(word) || isKeyword(word, words[index + 1]))) ||
      word.tag === 'G' ||
      (word.tag === 'P' && run.length === 0)
    ) {
      if (word.lower.length > 1 && HAS_LETTER.test(word.lower)) run.push(word)
      else close()
    } else if (word.tag === 'P' && words[index + 1]?.tag === 'N' && run.length < 3) run.push(word)
    else close()
  }
  close()
  return runs
}

/** The first character decides for most words. */
const HAS_LETTER = /^[a-z]|\p{L}/u

function isHead(word: Word | undefined): boolean {
  return word !== undefined && (word.tag === 'N' || word.tag === 'G' || word.tag === 'C')
}

/** Code that names one specific thing, not something that every program has. */
function isIdentifier({ lower }: Word): boolean {
  return /^[a-z_][\w .-]{2,}$/.test(lower) && !PLAIN_CODE.has(lower)
}

/** A word of the language as the name of a part of it: "`where` clause". */
function isKeyword({ lower }: Word, next: Word | undefined): boolean {
  return next?.tag === 'N' && PLAIN_CODE.has(lower) && lower.length > 1
}

/** In English: whether the words are a concept and not a verb. */
function saysSomething(run: Part[], from: number, to: number): boolean {
  const last = run[to - 1]
  if (last === undefined) return false
  if (to - from === 1) return isInformative(last)
  const previous = run[to - 2]
  // "stop relying" is a verb and its object.
  if (last.tag === 'G' && previous !== undefined && (VERBS.has(previous.lower) || previous.lower === 'stop'))
    return false
  for (let index = from; index < to; index++) if (run[index]?.empty === false) return true
  // Two words that say nothing apart may be a term together: "language feature".
  return to - from === 2 && run[from]?.weak === false && previous?.tag !== 'G' && last.tag !== 'G'
}

/** Whether one word alone may be a concept. */
function isInformative({ tag, lower, empty }: Part): boolean {
  if (tag !== 'N' && tag !== 'C' && !(tag === 'G' && lower.length > 6)) return false
  return lower.length > 2 && !empty && !GENERIC_NOUNS.has(lower)
}

/** The most frequent form; of equals the shorter, which is the singular. */
function bestSpelling({ name, spellings }: Phrase): string {
  if (spellings.length < 2) return name
  return (
    [...spellings].sort((a, b) => b.count - a.count || a.text.length - b.text.length || (a.text < b.text ? -1 : 1))[0]
      ?.text ?? name
  )
}
