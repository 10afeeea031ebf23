// Queries of many kinds made from documents, seeded: each should find the document that it was made from.
import { knownItemQueries } from '../../support/known-items.ts'
import type { Document } from './corpora.ts'

/** `expected`: names of documents; any of them is right. */
export type Query = { kind: string; expected: string[]; query: string }

/** Queries of each kind per document. */
const ROUNDS = 2
const SENTENCE_WORDS_MIN = 10
const HALF_WORDS = [5, 9] as const
/** Documents that may have a name or an identifier of which a query is made. */
const SHARED_MAX = 3

export function queriesFrom(documents: Document[], all: Document[], random: () => number): Query[] {
  const known = knownItemQueries(all, random)
    .filter(({ name }) => documents.some((document) => document.name === name))
    .map(({ kind, name, query }) => ({ kind, expected: [name], query }))
  const vocabularies = new Map(all.map((document) => [document.name, counted(wordsOf(document.text))]))
  const frequency = new Map<string, number>()
  for (const vocabulary of vocabularies.values())
    for (const word of vocabulary.keys()) frequency.set(word, (frequency.get(word) ?? 0) + 1)
  const identifiers = spread(all.map(({ text }) => identifiersIn(text)))
  const names = spread(all.map(({ text }) => namesIn(text)))
  const made = documents.flatMap((document) => {
    const vocabulary = vocabularies.get(document.name) ?? new Map<string, number>()
    const weight = (word: string): number => Math.log(all.length / (frequency.get(word) ?? 1))
    const sentences = sentencesIn(document.text)
    const own = (found: Map<string, number>, texts: string[]): string[] =>
      [...new Set(texts)].filter((text) => (found.get(text) ?? 0) <= SHARED_MAX)
    const makers: Record<string, () => string | undefined> = {
      'rare words of a passage': () => rareWords(document.text, frequency, random),
      'words by weight': () => byWeight(vocabulary, weight, random),
      'half a sentence': () => half(pick(sentences, random), random),
      'one term': () => oneTerm(vocabulary, weight, random),
      name: () => pick(own(names, namesIn(document.text)), random),
      identifier: () => respelt(pick(own(identifiers, identifiersIn(document.text)), random), random),
    }
    return Object.entries(makers).flatMap(([kind, make]) =>
      Array.from({ length: ROUNDS }, make).flatMap((query) =>
        query === undefined ? [] : [{ kind, expected: [document.name], query }],
      ),
    )
  })
  return [...known, ...made]
}

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
}

function counted(words: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** In how many of the lists each text is. */
function spread(lists: string[][]): Map<string, number> {
  return counted(lists.flatMap((list) => [...new Set(list)]))
}

/** Three words near each other that at most one in ten documents has. */
function rareWords(text: string, frequency: Map<string, number>, random: () => number): string | undefined {
  const words = wordsOf(text)
  const most = Math.max(2, frequency.size === 0 ? 2 : 12)
  const from = Math.floor(random() * Math.max(1, words.length - 120))
  const rare = [...new Set(words.slice(from, from + 120))].filter((word) => {
    const count = frequency.get(word) ?? 0
    return count <= most && !/^\d+$/.test(word)
  })
  return rare.length < 3 ? undefined : shuffled(rare, random).slice(0, 3).join(' ')
}

/** Four words, the likelier the more they tell about the document. */
function byWeight(
  vocabulary: Map<string, number>,
  weight: (word: string) => number,
  random: () => number,
): string | undefined {
  // The largest of random()^(1/weight) are a weighted sample: Efraimidis and Spirakis, 2006.
  const drawn = [...vocabulary]
    .map(([word, count]) => ({ word, key: random() ** (1 / (1e-9 + count * weight(word) ** 2)) }))
    .sort((a, b) => b.key - a.key)
    .slice(0, 4)
  return drawn.length < 4 ? undefined : drawn.map(({ word }) => word).join(' ')
}

function oneTerm(
  vocabulary: Map<string, number>,
  weight: (word: string) => number,
  random: () => number,
): string | undefined {
  const best = [...vocabulary]
    .filter(([word]) => word.length >= 4 && !/^\d+$/.test(word))
    .map(([word, count]) => ({ word, score: count * weight(word) }))
    .sort((a, b) => b.score - a.score || (a.word < b.word ? -1 : 1))
  return pick(best.slice(0, 6), random)?.word
}

function sentencesIn(text: string): string[] {
  return prose(text)
    .split(/(?<=[.!?])\s+|\n{2,}/)
    .map((sentence) => sentence.replace(/\s+/g, ' ').trim())
    .filter((sentence) => sentence.split(' ').length >= SENTENCE_WORDS_MIN && /^\p{Lu}/u.test(sentence))
}

/** Consecutive words from anywhere in a sentence. */
function half(sentence: string | undefined, random: () => number): string | undefined {
  if (sentence === undefined) return undefined
  const words = sentence.split(' ')
  const length = HALF_WORDS[0] + Math.floor(random() * (HALF_WORDS[1] - HALF_WORDS[0] + 1))
  const from = Math.floor(random() * Math.max(1, words.length - length))
  return words.slice(from, from + length).join(' ')
}

/** Two or three capitalised words in a row that do not begin a sentence. */
function namesIn(text: string): string[] {
  const found = prose(text).matchAll(/(?<=[\p{Ll},] )\p{Lu}[\p{Ll}\p{Lu}]+(?: \p{Lu}[\p{Ll}\p{Lu}]+){1,2}/gu)
  return [...found].map(([name]) => name)
}

/** Words of programs that have parts: `readExact`, `read_exact`, `read-exact`. */
function identifiersIn(text: string): string[] {
  const found = text.matchAll(/(?<![\p{L}\p{N}_/.-])[a-z]{2,}(?:(?:_[a-z]{2,})+|(?:[A-Z][a-z]+)+)(?![\p{L}\p{N}_/-])/gu)
  return [...found].map(([identifier]) => identifier)
}

/** As it is, or as another language writes it. */
function respelt(identifier: string | undefined, random: () => number): string | undefined {
  const parts = identifier?.split(/_|(?=[A-Z])/).map((part) => part.toLowerCase())
  if (parts === undefined) return undefined
  const camel = parts.map((part, at) => (at === 0 ? part : part.slice(0, 1).toUpperCase() + part.slice(1))).join('')
  return pick([identifier, identifier, parts.join('_'), parts.join('-'), camel, parts.join(' ')], random)
}

function prose(text: string): string {
  return text
    .replace(/^ {0,3}(`{3,}|~{3,})[^\n]*\n[\s\S]*?^ {0,3}\1[ \t]*$/gm, '\n')
    .replace(/!?\[([^\][]*)\]\([^()\s]*\)/g, '$1')
    .replace(/^\s*(?:[#>|].*|(?: {4}|\t).*)$/gm, '')
}

function pick<T>(items: readonly T[], random: () => number): T | undefined {
  return items[Math.floor(random() * items.length)]
}

function shuffled<T>(items: T[], random: () => number): T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}
