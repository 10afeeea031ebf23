// Concepts: noun phrases by C-value (Frantzi, Ananiadou and Mima 2000: length times frequency, less what is only part
// of longer phrases), with more weight for what stands in the title and in headings.
import { topicKey } from '../../core/topic.ts'
import { GENERIC_NOUNS, VERBS, WEAK_MODIFIERS } from './english.ts'
import type { Word } from './tag-words.ts'

export type Phrase = {
  key: string
  /** As written most often. */
  name: string
  words: number
  frequency: number
  /** Of these, occurrences that are not part of a longer phrase. */
  alone: number
  /** Sentences that have it, by their place in the list of sentences. */
  sentences: number[]
  inHeadings: number
  inTitle: boolean
  surfaces: Map<string, number>
  score: number
}

const PLAIN_CODE = new Set('self this true false null none some void const func main test bool char string array class return break continue else while match where static public private import export struct enum impl trait type await async yield uint float double long short byte undefined print println todo'.split(' '))
const WORDS_MAX = 4
/** C-value gives one word nothing; documents do have concepts of one word, but most single words are none. */
const SINGLE_WORD_FACTOR = 0.6
/** Different phrases that are kept count of: beyond it, a document of any length brings no new ones. */
const PHRASES_MAX = 60_000

export class PhraseCounter {
  readonly #phrases = new Map<string, Phrase>()
  /** Of surfaces. */
  readonly #keys = new Map<string, string>()
  readonly #generic: boolean
  readonly #joiner: string

  /** `english`: leave out phrases of words that say nothing. `joiner` stands between words: nothing in Chinese. */
  constructor(english: boolean, joiner = ' ') {
    this.#generic = english
    this.#joiner = joiner
  }

  /** Counts the phrases of a sentence; of a heading or title with `where`. */
  count(words: Word[], sentence: number, where: 'text' | 'heading' | 'title' = 'text'): void {
    for (const run of nounRuns(words)) {
      const trimmed = this.#generic ? trimWeak(run) : run
      const length = trimmed.length
      if (length === 0) continue
      if (length <= WORDS_MAX) this.#add(trimmed, sentence, where, true)
      // Phrases within the phrase: those that end where it ends, and those that begin where it begins, if they are nouns.
      for (let from = 1; from < length; from++) this.#addNested(trimmed.slice(from), sentence, where)
      for (let to = length - 1; to >= 1; to--) if (trimmed[to - 1]?.tag === 'N' && to > 1) this.#addNested(trimmed.slice(0, to), sentence, where)
    }
  }

  #addNested(run: Word[], sentence: number, where: 'text' | 'heading' | 'title'): void {
    const trimmed = this.#generic ? trimWeak(run) : run
    if (trimmed.length > 0 && trimmed.length <= WORDS_MAX) this.#add(trimmed, sentence, where)
  }

  #add(run: Word[], sentence: number, where: 'text' | 'heading' | 'title', alone = false): void {
    const last = run[run.length - 1]
    if (last === undefined || (this.#generic && run.length === 1 && !isTelling(last))) return
    if (this.#generic && run.length > 1 && run.every((word) => GENERIC_NOUNS.has(singularOf(word.lower)) || WEAK_MODIFIERS.has(word.lower))) return
    const previous = run[run.length - 2]
    // "stop relying" is a verb and its object.
    if (this.#generic && last.tag === 'G' && previous !== undefined && (VERBS.has(previous.lower) || previous.lower === 'stop')) return
    const surface = run.map((word) => surfaceOf(word, word === last)).join(this.#joiner)
    let key = this.#keys.get(surface)
    if (key === undefined) this.#keys.set(surface, (key = topicKey(surface)))
    if (key === '' || key.length > 80) return
    let phrase = this.#phrases.get(key)
    if (phrase === undefined) {
      if (this.#phrases.size >= PHRASES_MAX) return
      phrase = { key, name: surface, words: Math.max(run.length, key.split(' ').length), frequency: 0, alone: 0, sentences: [], inHeadings: 0, inTitle: false, surfaces: new Map(), score: 0 }
      this.#phrases.set(key, phrase)
    }
    if (where === 'title') phrase.inTitle = true
    else if (where === 'heading') phrase.inHeadings++
    else {
      phrase.frequency++
      if (alone) phrase.alone++
      if (phrase.sentences.at(-1) !== sentence) phrase.sentences.push(sentence)
      phrase.surfaces.set(surface, (phrase.surfaces.get(surface) ?? 0) + 1)
    }
    if (where !== 'text' && !phrase.surfaces.has(surface)) phrase.surfaces.set(surface, 0)
  }

  /** Phrases that occur in running text, scored, best first. `sentences` is how many the document has. */
  ranked(): Phrase[] {
    const phrases = [...this.#phrases.values()].filter((phrase) => phrase.frequency > 0)
    const containers = new Map<string, { sum: number; count: number; largest: number }>()
    for (const phrase of phrases) {
      if (phrase.words < 2) continue
      const words = phrase.key.split(' ')
      for (let from = 0; from < words.length; from++) {
        for (let to = from + 1; to <= words.length; to++) {
          if (to - from === words.length) continue
          const part = words.slice(from, to).join(' ')
          const entry = containers.get(part) ?? { sum: 0, count: 0, largest: 0 }
          entry.sum += phrase.frequency
          entry.count++
          entry.largest = Math.max(entry.largest, phrase.frequency)
          containers.set(part, entry)
        }
      }
    }
    for (const phrase of phrases) {
      const within = containers.get(phrase.key)
      // A part that hardly occurs outside of one longer phrase is that phrase.
      const rest = within === undefined ? phrase.frequency : phrase.frequency - Math.max(within.sum / within.count, within.largest * 0.9)
      // One word is a concept where it stands alone: the head of many phrases is the name of none.
      const own = phrase.words === 1 ? Math.min(rest, phrase.alone) : rest
      const length = phrase.words === 1 ? SINGLE_WORD_FACTOR : Math.log2(phrase.words + 1) * 0.85
      const spread = Math.log2(1 + phrase.sentences.length)
      const boost = 1 + (phrase.inTitle ? 1.2 : 0) + Math.min(phrase.inHeadings, 3) * 0.35
      // "Stabilization details": a head that says nothing makes a weaker phrase.
      const head = this.#generic && GENERIC_NOUNS.has(phrase.key.slice(phrase.key.lastIndexOf(' ') + 1)) ? 0.8 : 1
      phrase.score = own <= 0 ? 0 : length * Math.sqrt(own) * spread * boost * head
      phrase.name = bestSurface(phrase)
    }
    return phrases.filter((phrase) => phrase.score > 0).sort((a, b) => b.score - a.score || (a.key < b.key ? -1 : 1))
  }
}

/** As written, without the capital that only its place gives it; the last word without a possessive. */
function surfaceOf(word: Word, last: boolean): string {
  const text = word.proper || word.tag === 'C' ? word.text : word.text.toLowerCase()
  return last ? text.replace(/['’]s?$|['’]s$/u, '') : text
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
  for (const [at, word] of words.entries()) {
    if (word.tag === 'N' || word.tag === 'J' || (word.tag === 'C' && isIdentifier(word)) || word.tag === 'G' || (word.tag === 'P' && run.length === 0)) {
      if (word.lower.length > 1 && /\p{L}/u.test(word.lower)) run.push(word)
      else close()
    } else if (word.tag === 'P' && words[at + 1]?.tag === 'N' && run.length < 3) run.push(word)
    else close()
  }
  close()
  return runs
}

function isHead(word: Word | undefined): boolean {
  return word !== undefined && (word.tag === 'N' || word.tag === 'G' || word.tag === 'C')
}

/** Code that names one thing, and not what every program has. */
function isIdentifier({ lower }: Word): boolean {
  return /^[a-z_]\w{3,}$/.test(lower) && !PLAIN_CODE.has(lower)
}

function trimWeak(run: Word[]): Word[] {
  let from = 0
  while (from < run.length && (WEAK_MODIFIERS.has(run[from]?.lower ?? '') || (run[from]?.tag === 'P' && run.length - from > 3))) from++
  return run.slice(from)
}

/** Whether one word alone may be a concept. */
function isTelling(word: Word): boolean {
  if (word.tag !== 'N' && word.tag !== 'C' && !(word.tag === 'G' && word.lower.length > 6)) return false
  const { lower } = word
  return lower.length > 2 && !GENERIC_NOUNS.has(lower) && !GENERIC_NOUNS.has(singularOf(lower)) && !WEAK_MODIFIERS.has(lower)
}

function singularOf(lower: string): string {
  return topicKey(lower)
}

/** The form used most; of equals the shorter, which is the singular. */
function bestSurface(phrase: Phrase): string {
  return [...phrase.surfaces].sort(([a, x], [b, y]) => y - x || a.length - b.length || (a < b ? -1 : 1))[0]?.[0] ?? phrase.name
}
