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
  // Start some words before the first match, unless that would cut off the end of the passage.
  from = Math.max(0, Math.min(from - SNIPPET_LENGTH / 5, line.length - SNIPPET_LENGTH))
  if (from > 0) from = line.indexOf(' ', from) + 1 || from
  let to = Math.min(line.length, from + SNIPPET_LENGTH)
  if (to < line.length) to = Math.max(line.lastIndexOf(' ', to), from + SNIPPET_LENGTH / 2)
  const shown = line.slice(from, to).toWellFormed().replaceAll('\uFFFD', '').trim()
  return `${from > 0 ? '… ' : ''}${shown}${to < line.length ? ' …' : ''}`
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
