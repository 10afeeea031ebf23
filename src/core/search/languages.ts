// What search knows of languages: which words are forms of one, and which say nothing about a question's subject.
import { stemmer } from '@orama/stemmers/english'
import { stopwords } from '@orama/stopwords/english'
import { FUNCTION_WORDS, words } from './words.ts'

export type SearchLanguage = {
  /** ISO 639-1. */
  code: string
  /** Forms of one word have the same stem. Takes a word as `words` gives it. */
  stem: (word: string) => string
  functionWords: ReadonlySet<string>
}
type Stemmer = { stemmer: (word: string) => string }
type StopWords = { stopwords: string[] }

/** Codes and the packages' modules. Loaded when a base has documents in the language. */
const MODULES: Record<string, () => Promise<[Stemmer, StopWords]>> = {
  ar: () => Promise.all([import('@orama/stemmers/arabic'), import('@orama/stopwords/arabic')]),
  bg: () => Promise.all([import('@orama/stemmers/bulgarian'), import('@orama/stopwords/bulgarian')]),
  da: () => Promise.all([import('@orama/stemmers/danish'), import('@orama/stopwords/danish')]),
  de: () => Promise.all([import('@orama/stemmers/german'), import('@orama/stopwords/german')]),
  el: () => Promise.all([import('@orama/stemmers/greek'), import('@orama/stopwords/greek')]),
  es: () => Promise.all([import('@orama/stemmers/spanish'), import('@orama/stopwords/spanish')]),
  fi: () => Promise.all([import('@orama/stemmers/finnish'), import('@orama/stopwords/finnish')]),
  fr: () => Promise.all([import('@orama/stemmers/french'), import('@orama/stopwords/french')]),
  hu: () => Promise.all([import('@orama/stemmers/hungarian'), import('@orama/stopwords/hungarian')]),
  id: () => Promise.all([import('@orama/stemmers/indonesian'), import('@orama/stopwords/indonesian')]),
  it: () => Promise.all([import('@orama/stemmers/italian'), import('@orama/stopwords/italian')]),
  lt: () => Promise.all([import('@orama/stemmers/lithuanian'), import('@orama/stopwords/lithuanian')]),
  nl: () => Promise.all([import('@orama/stemmers/dutch'), import('@orama/stopwords/dutch')]),
  no: () => Promise.all([import('@orama/stemmers/norwegian'), import('@orama/stopwords/norwegian')]),
  pt: () => Promise.all([import('@orama/stemmers/portuguese'), import('@orama/stopwords/portuguese')]),
  ro: () => Promise.all([import('@orama/stemmers/romanian'), import('@orama/stopwords/romanian')]),
  ru: () => Promise.all([import('@orama/stemmers/russian'), import('@orama/stopwords/russian')]),
  sr: () => Promise.all([import('@orama/stemmers/serbian'), import('@orama/stopwords/serbian')]),
  sv: () => Promise.all([import('@orama/stemmers/swedish'), import('@orama/stopwords/swedish')]),
  tr: () => Promise.all([import('@orama/stemmers/turkish'), import('@orama/stopwords/turkish')]),
  uk: () => Promise.all([import('@orama/stemmers/ukrainian'), import('@orama/stopwords/ukrainian')]),
}
/** The letters of pieces such as `t` and `ll`, which are left of "can't" and "we'll". */
const PIECE_LENGTH_MAX = 2

export const ENGLISH: SearchLanguage = language('en', [{ stemmer }, { stopwords: [...FUNCTION_WORDS, ...stopwords] }])
const loaded = new Map<string, Promise<SearchLanguage>>()

/** English, and those of these languages (BCP 47) that search knows. */
export async function searchLanguages(tags: Iterable<string>): Promise<SearchLanguage[]> {
  const codes = new Set([...tags].map((tag) => tag.toLowerCase().split('-')[0] ?? ''))
  const known = Object.keys(MODULES).filter((code) => codes.has(code))
  return [ENGLISH, ...(await Promise.all(known.map(load)))]
}

function load(code: string): Promise<SearchLanguage> {
  let found = loaded.get(code)
  if (found === undefined) {
    found = (MODULES[code]?.() ?? Promise.reject(new Error(code))).then((modules) => language(code, modules))
    loaded.set(code, found)
  }
  return found
}

function language(code: string, [{ stemmer }, { stopwords }]: [Stemmer, StopWords]): SearchLanguage {
  const functionWords = stopwords.flatMap((each) => {
    const pieces = words(each)
    return pieces.length === 1 ? pieces : pieces.filter((piece) => piece.length <= PIECE_LENGTH_MAX)
  })
  return { code, stem: stemmer, functionWords: new Set(functionWords) }
}
