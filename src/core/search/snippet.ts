// The part of a passage that shows why it was found.

/** Characters of a snippet, without ellipses. */
const SNIPPET_LENGTH = 280

/** One line of the passage, where the most different words of the query are closest together. */
export function snippetOf(text: string, asked: string[]): string {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= SNIPPET_LENGTH) return line
  const places = asked.flatMap((word) => occurrences(line.toLowerCase(), word).map((index) => ({ at: index, word })))
  let from = 0
  let most = 0
  for (const { at } of places.sort((a, b) => a.at - b.at)) {
    const inside = new Set(
      places.filter((place) => place.at >= at && place.at < at + SNIPPET_LENGTH).map(({ word }) => word),
    ).size
    if (inside > most) [most, from] = [inside, at]
  }
  from = startOf(line, from)
  let to = Math.min(line.length, from + SNIPPET_LENGTH)
  if (to < line.length) to = endOf(line, from, to)
  const shown = line.slice(from, to).toWellFormed().replaceAll('\uFFFD', '').trim()
  return `${from > 0 ? '… ' : ''}${shown}${to < line.length ? ' …' : ''}`
}

const SENTENCE_START = /[.!?…]["”’)]* (?=[\p{Lu}\p{N}"“‘(*_`])|[。！？]/gu

/** The start of the sentence if it is near, else some words before the match, unless that cuts off the end of the passage. */
function startOf(line: string, match: number): number {
  const before = line.slice(Math.max(0, match - SNIPPET_LENGTH / 2), match)
  if (before.length === match) return 0
  const start = [...before.matchAll(SENTENCE_START)].at(-1)
  if (start !== undefined) return match - before.length + start.index + start[0].length
  const from = Math.max(0, Math.min(match - SNIPPET_LENGTH / 5, line.length - SNIPPET_LENGTH))
  return from > 0 ? line.indexOf(' ', from) + 1 || from : 0
}

/** The end of a sentence in the last third, else of a word. */
function endOf(line: string, from: number, to: number): number {
  const end = [...line.slice(from, to).matchAll(/[.!?…]["”’)]*(?= )|[。！？]/gu)].at(-1)
  if (end !== undefined && end.index > (SNIPPET_LENGTH * 2) / 3) return from + end.index + end[0].length
  return Math.max(line.lastIndexOf(' ', to), from + SNIPPET_LENGTH / 2)
}

/**
 * The positions where the word begins, ignoring endings, because the index compares stems. At most as many as a passage
 * has.
 */
function occurrences(line: string, word: string): number[] {
  const stem = word.length > 5 ? word.slice(0, -2) : word
  const found: number[] = []
  for (let offset = line.indexOf(stem); offset !== -1; offset = line.indexOf(stem, offset + stem.length)) {
    if (offset === 0 || !/[a-z0-9]/.test(line[offset - 1] ?? '') || !/^[a-z]/.test(stem)) found.push(offset)
  }
  return found
}
