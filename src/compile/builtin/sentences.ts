// Sentences of a block, verbatim.
import type { Block } from './text-blocks.ts'

export type Sentence = {
  text: string
  heading?: string | undefined
  page?: number | undefined
  /** Position in the document, from 0. */
  order: number
  /** Position of its block. */
  block: number
  /** Reads as a sentence of its own: has a beginning and an end, and is neither a fragment nor excessively long. */
  whole: boolean
}

const ABBREVIATION =
  /(?:\b(?:e\.g|i\.e|etc|cf|vs|et al|al|resp|approx|fig|figs|eq|eqs|sec|secs|ch|chap|no|nos|vol|pp|p|ed|eds|inc|ltd|co|corp|dept|univ|def|thm|prop|ca|bzw|z\.b|d\.h|u\.a|nr|abb|ex|viz|w\.r\.t|a\.k\.a|u\.s|u\.k))\.$/i
/** Initials and titles; in lower case, "ms." is a unit at the end of a sentence. */
const BEFORE_NAME = /(?:(?:^|[\s.(])\p{Lu}|\b(?:Dr|Prof|Mr|Mrs|Ms|St|Jr|Sr))\.$/u
const SENTENCE_CHARS_MIN = 25
const SENTENCE_CHARS_MAX = 420

/** Splits at ends of sentences, not at abbreviations, decimals, code spans or initials. */
export function splitSentences(text: string): string[] {
  const sentences: string[] = []
  let start = 0
  // From within a run of marks nothing else is found, but each would read the rest of the run again.
  const ends = /`[^`]*`|(?<![.!?…])[.!?…]+["”’')\]]*(?=\s+(?:["“‘'(]?[\p{Lu}\p{N}`]|[^\p{L}\s]))|[。！？]+[」』”]?/gu
  for (let end = ends.exec(text); end !== null; end = ends.exec(text)) {
    if (end[0].startsWith('`')) continue
    const stop = end.index + end[0].length
    const candidate = text.slice(start, stop)
    // "etc." before a capital is the end.
    const isEnd = /\betc\.$/.test(candidate.slice(-6)) && /^\s+\p{Lu}/u.test(text.slice(stop, stop + 8))
    if (end[0] === '.' && !isEnd && (ABBREVIATION.test(candidate.slice(-16)) || BEFORE_NAME.test(candidate.slice(-6))))
      continue
    sentences.push(candidate.trim())
    start = stop
  }
  const rest = text.slice(start).trim()
  if (rest !== '') sentences.push(rest)
  return sentences
}

export function sentencesOf(blocks: Block[]): Sentence[] {
  const sentences: Sentence[] = []
  for (const [block, { kind, text, heading, page }] of blocks.entries()) {
    if (kind === 'heading') continue
    for (const sentence of splitSentences(text)) {
      sentences.push({
        text: sentence,
        order: sentences.length,
        block,
        whole: isWhole(sentence),
        heading,
        page,
      })
    }
  }
  return sentences
}

function isWhole(text: string): boolean {
  if (/[\u3040-\u30FF\u4E00-\u9FFF]/.test(text))
    return text.length >= 10 && text.length <= SENTENCE_CHARS_MAX && /[。！？]$/.test(text)
  if (text.length < SENTENCE_CHARS_MIN || text.length > SENTENCE_CHARS_MAX) return false
  if (!/^["“‘']?[\p{Lu}\p{N}`\p{Lo}]/u.test(text) || !/[.!?…।؟]["”’')]*$/.test(text)) return false
  if (text.endsWith('?') || /https?:\/\/|@\w+\.\w/.test(text)) return false
  // Two names with initials are a list of authors.
  if ((text.match(/(?:^|\s)\p{Lu}\.(?=\s)/gu)?.length ?? 0) > 1) return false
  const prose = text.replace(/`[^`]*`/g, 'code')
  const letters = prose.replace(/[^\p{L}\s]+/gu, '').length
  let depth = 0
  for (const bracket of prose.match(/[()]/g) ?? []) {
    depth += bracket === '(' ? 1 : -1
    if (depth < 0) return false
  }
  const spaces = text.split(' ').length
  return depth === 0 && letters / prose.length > 0.78 && spaces >= 4 && prose.length / spaces < 14
}
