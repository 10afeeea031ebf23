// Acronyms with their long forms, after Schwartz and Hearst, "A simple algorithm for identifying abbreviation
// definitions in biomedical text" (2003): the letters of the short form are matched, from the right, in the preceding
// words.

export type Acronym = { short: string; long: string }

const SHORT = /\(\s*([A-Z][A-Za-z\d/&-]{1,9})s?\s*\)/g

/** Acronyms that a sentence defines: `Long Form (LF)`. */
export function acronymsOf(sentence: string): Acronym[] {
  if (!sentence.includes('(')) return []
  const found: Acronym[] = []
  for (const match of sentence.matchAll(SHORT)) {
    const short = (match[1] ?? '').replace(/s$/, '')
    if ((short.match(/[A-Z]/g)?.length ?? 0) < 2) continue
    const before =
      sentence
        .slice(0, match.index)
        .trim()
        .split(/[,;:()]/)
        .at(-1)
        ?.trim() ?? ''
    const words = before.split(/\s+/).slice(-Math.min(short.length + 5, short.length * 2))
    const long = longForm(short, words.join(' '))
    if (long !== undefined) found.push({ short, long })
  }
  return found
}

function longForm(short: string, before: string): string | undefined {
  let offset = before.length - 1
  for (let letter = short.length - 1; letter >= 0; letter--) {
    const wanted = short[letter]?.toLowerCase() ?? ''
    if (!/[a-z\d]/.test(wanted)) continue
    offset = lastAt(before, wanted, offset, letter === 0)
    if (offset < 0) return undefined
    offset--
  }
  const start = before.lastIndexOf(' ', offset + 1) + 1
  const long = before.slice(start).replace(/^(?:the|a|an)\s+/i, '')
  const words = long.split(/\s+/).length
  return words >= 2 && words <= short.length + 3 && long.length > short.length && !/[.`]/.test(long) ? long : undefined
}

/** The last position of `wanted` at or before `from`; -1 if there is none. The first letter must begin a word. */
function lastAt(text: string, wanted: string, from: number, beginsWord: boolean): number {
  let offset = from
  while (offset >= 0) {
    const inWord = offset > 0 && /[\p{L}\p{N}]/u.test(text[offset - 1] ?? '')
    if (text[offset]?.toLowerCase() === wanted && !(beginsWord && inWord)) return offset
    offset--
  }
  return -1
}
