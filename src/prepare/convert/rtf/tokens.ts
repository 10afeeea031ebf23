// RTF as tokens (RTF 1.9.1, "Basic Entities").

export type Token = {
  text: string
  /** The name of a control word; its number is separate. */
  word?: string | undefined
  number?: number | undefined
  /** The first in its group, or the first after `\*`. */
  first: boolean
  /** After `\*`: a group that readers skip if they do not know it. */
  starred: boolean
}

const TOKEN = /\\([a-zA-Z]+)(-?\d+)? ?|\\'[\da-fA-F]{2}|\\[^a-zA-Z]|[{}]|[^\\{}]+/g

/** In order; the bytes of a `\bin` are the token's `text`. `source` is bytes as Latin-1. Linear. */
export function* rtfTokens(source: string): Generator<Token> {
  const pattern = new RegExp(TOKEN)
  let first = false
  let starred = false
  for (let match = pattern.exec(source); match !== null; match = pattern.exec(source)) {
    const [text, word, digits] = match
    const number = digits === undefined ? undefined : Number(digits)
    if (word === 'bin') {
      // Bytes that may look like anything.
      const from = pattern.lastIndex
      pattern.lastIndex = Math.min(source.length, from + Math.max(0, number ?? 0))
      yield { text: source.slice(from, pattern.lastIndex), word, number, first, starred }
    } else yield { text, word, number, first, starred }
    // Line ends in the file have no meaning.
    const isBlank = /^[\r\n]+$/.test(text)
    starred = text === '\\*' || (starred && isBlank)
    first = text === '{' || (first && (starred || isBlank))
  }
}
