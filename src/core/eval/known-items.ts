// Queries made from a document that should find it again: known-item search, as in Azzopardi, de Rijke and Balog, "Building
// simulated queries for known-item topics" (2007).
import { sample } from '../seeded.ts'

export type KnownItem = { kind: 'title' | 'half sentence' | 'rare words'; query: string }

type Source = {
  title: string
  text: string
  /** How telling each of these words is in the base, in their order; 0 if it does not know one. */
  weigh: (words: string[]) => number[]
}

const TITLE_WORDS_MIN = 2
const RARE_WORDS = 3
/** Words of a text that are weighed. */
const WEIGHED_MAX = 60
/** Words of a sentence that half of it is taken from. */
const SENTENCE_WORDS = { min: 10, max: 40 }

/** At most one query of each kind. */
export function knownItems({ title, text, weigh }: Source, random: () => number): KnownItem[] {
  return [titleQuery(title, random), halfSentence(text, random), rareWords(text, weigh, random)].flatMap(
    (query) => query ?? [],
  )
}

function titleQuery(title: string, random: () => number): KnownItem | undefined {
  const words = [...new Set(title.match(/[\p{L}\p{M}\p{N}]{2,}/gu) ?? [])]
  if (words.length < TITLE_WORDS_MIN) return undefined
  return { kind: 'title', query: sample(words, words.length, random).join(' ') }
}

/** The second half of a sentence of running text. */
function halfSentence(text: string, random: () => number): KnownItem | undefined {
  const sentences = plain(text)
    .split(/\n{2,}|(?<=[.!?])\s+(?=\p{Lu})/u)
    .map((sentence) => sentence.split(/\s+/).filter((word) => word !== ''))
    .filter(({ length }) => length >= SENTENCE_WORDS.min && length <= SENTENCE_WORDS.max)
  const [words] = sample(sentences, 1, random)
  return words === undefined
    ? undefined
    : { kind: 'half sentence', query: words.slice(Math.floor(words.length / 2)).join(' ') }
}

/** The most telling of some words of the text: names and terms that few other documents have. */
function rareWords(text: string, weigh: Source['weigh'], random: () => number): KnownItem | undefined {
  const words = [
    ...new Set(
      plain(text)
        .toLowerCase()
        .match(/\p{L}{4,24}/gu) ?? [],
    ),
  ]
  const some = sample(words, WEIGHED_MAX, random)
  const weights = weigh(some)
  const telling = some
    .map((word, index) => ({ word, weight: weights[index] ?? 0 }))
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .slice(0, RARE_WORDS)
  if (telling.length < RARE_WORDS) return undefined
  return { kind: 'rare words', query: telling.map(({ word }) => word).join(' ') }
}

/** Without code, tables, headings and the signs of Markdown. */
function plain(markdown: string): string {
  return markdown
    .replace(/^(`{3,}|~{3,})[^\n]*\n[\s\S]*?^\1[^\n]*$/gm, '')
    .replace(/^(?:#|\||<|\s{4}).*$/gm, '')
    .replace(/!?\[\[(?:[^\]|]*\|)?([^\]]*)\]\]/g, '$1')
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/^\s*(?:[-*+>]|\d+\.)\s+/gm, '')
    .replace(/[`*_\\]/g, '')
}
