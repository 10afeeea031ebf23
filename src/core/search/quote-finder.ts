// Finds where a text says what a model claims it says: quotes are checked, never trusted.

/** Minimum number of letters in a quote: a shorter one would be on any page. */
const LETTERS_MIN = 8

/** The target of a wikilink or of a link. */
const ADDRESS = /\[\[[^[\]|\n]*\||\]\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*\)/g

export type Span = { start: number; end: number }

/**
 * Matches regardless of case, Unicode form, runs of white space, kinds of quotation marks and dashes, Markdown
 * emphasis, and where links lead. The result is a span of the original text, in UTF-16 units.
 */
export class QuoteFinder {
  readonly #folded: string
  /** For each unit of the folded text, its position in the original. */
  readonly #origins: Uint32Array
  readonly #text: string

  constructor(text: string) {
    this.#text = text
    const origins: number[] = []
    let folded = ''
    let offset = 0
    const links = addressesIn(text)
    for (const character of text) {
      while ((links[0]?.end ?? Infinity) <= offset) links.shift()
      const piece = (links[0]?.start ?? Infinity) <= offset ? '' : fold(character)
      const space = piece === ' ' && (folded === '' || folded.endsWith(' '))
      if (!space) {
        folded += piece
        for (let unit = 0; unit < piece.length; unit++) origins.push(offset)
      }
      offset += character.length
    }
    this.#folded = folded
    this.#origins = Uint32Array.from(origins)
  }

  /** The first match at or after `from`. A quote with an ellipsis is found by its longest piece. */
  find(quote: string, from = 0): Span | undefined {
    const pieces = quote
      .split(/\s*(?:\.{3}|…|\[\.{3}\]|\[…\])\s*/)
      .map(foldText)
      .filter((piece) => letters(piece) >= LETTERS_MIN)
    const wanted = pieces.toSorted((a, b) => b.length - a.length)[0]
    if (wanted === undefined) return undefined
    for (let index = this.#folded.indexOf(wanted); index !== -1; index = this.#folded.indexOf(wanted, index + 1)) {
      const start = this.#origins[index] ?? 0
      if (start < from) continue
      const last = this.#origins[index + wanted.length - 1] ?? start
      return { start, end: last + ((this.#text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1) }
    }
    return undefined
  }

  /** True if the words of `name` are in the text as whole words, however short they are. */
  mentions(name: string): boolean {
    const wanted = foldText(name)
    if (wanted === '') return false
    for (let index = this.#folded.indexOf(wanted); index !== -1; index = this.#folded.indexOf(wanted, index + 1)) {
      const before = this.#folded[index - 1] ?? ' '
      const after = this.#folded[index + wanted.length] ?? ' '
      if (!joins(wanted[0] ?? '', before) && !joins(wanted.at(-1) ?? '', after)) return true
    }
    return false
  }
}

/** Where links lead, which is not among the words of a text. */
function addressesIn(text: string): Span[] {
  return [...text.matchAll(ADDRESS)].map(({ 0: whole, index }) => ({ start: index, end: index + whole.length }))
}

function foldText(text: string): string {
  let folded = ''
  for (const character of text.replace(ADDRESS, '')) {
    const piece = fold(character)
    if (piece !== ' ' || (folded !== '' && !folded.endsWith(' '))) folded += piece
  }
  return folded.replace(/^[\s"']+|[\s"']+$/g, '')
}

function fold(character: string): string {
  if (/\s/.test(character)) return ' '
  if (/[*_`\\[\]]/.test(character)) return ''
  if (/[‘’‚‛′´]/.test(character)) return "'"
  if (/[“”„‟″«»]/.test(character)) return '"'
  if (/[‐‑‒–—―−]/.test(character)) return '-'
  if (character < '\u0080') return character.toLowerCase()
  return character
    .normalize('NFKC')
    .toLowerCase()
    .replace(/\p{Cf}/gu, '')
}

function letters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}

/** Letters of scripts that are written without spaces never join: their words are adjacent. */
function joins(inside: string, outside: string): boolean {
  return (
    /[\p{L}\p{N}]/u.test(inside) &&
    /[\p{L}\p{N}]/u.test(outside) &&
    !/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}]/u.test(inside)
  )
}
