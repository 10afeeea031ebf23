// The lines of a PDF page in reading order, from positioned words: handles two columns, running heads, unusual fonts.
import { lowered, raised } from './markdown.ts'
import { findGutter, fitsGutter } from './pdf-gutter.ts'
import { RIGHT_TO_LEFT } from './pdf-glyphs.ts'
import type { Word } from './pdf-words.ts'

export type Line = {
  page: number
  /** 0 is the left column or a line across the page, 1 the right column. */
  column: 0 | 1
  /** Incremented whenever text across the page ends the columns above it. */
  band: number
  text: string
  x: number
  right: number
  /** It has three or more separate words or groups, as in a table. */
  wide: boolean
  /** The text in parts separated by wide gaps. */
  parts: Part[]
  baseline: number
  /** Of its letters, in points. */
  size: number
  /** The size was derived from the ink alone. */
  guessed: boolean
  font: string
  /** Most of its letters are. */
  bold: boolean
  /** All of its letters are monospaced. */
  mono?: boolean
}

export type Part = { text: string; x: number; right: number; words: Word[] }

type PageGeometry = { page: number; width: number; words: Word[] }

/**
 * A page's lines in reading order: text across the page ends the columns above it. `usual` is the gutter of the
 * document's other pages: a page full of figures shows it less clearly.
 */
export function readLines(geometry: PageGeometry, usual?: number): { lines: Line[]; gutter: number | undefined } {
  const rows = gatherRows(geometry.words)
  const gutter =
    findGutter(rows, geometry.width) ?? (usual !== undefined && fitsGutter(rows, usual) ? usual : undefined)
  const bands: { left: Line[]; right: Line[] }[] = [{ left: [], right: [] }]
  for (const row of rows) {
    const pieces = splitRow(row, gutter)
    const spans = gutter !== undefined && pieces.some((piece) => crosses(piece, gutter))
    if (spans) bands.push({ left: [], right: [] })
    const band = bands.at(-1)
    for (const piece of pieces) {
      const first = piece[0]
      if (first === undefined) continue
      const column = gutter !== undefined && !spans && first.x >= gutter ? 1 : 0
      const line = makeLine(piece, geometry.page, column, bands.length)
      ;(column === 1 ? band?.right : band?.left)?.push(line)
    }
    if (spans) bands.push({ left: [], right: [] })
  }
  return { lines: bands.flatMap(({ left, right }) => [...left, ...right]), gutter }
}

/** Words by baseline, top to bottom; each row from left to right. */
function gatherRows(words: Word[]): Word[][] {
  const sorted = [...words].sort((a, b) => a.baseline - b.baseline || a.x - b.x)
  const rows: { baseline: number; words: Word[] }[] = []
  for (const word of sorted) {
    const row = rows.at(-1)
    if (row !== undefined && word.baseline - row.baseline <= Math.max(1, word.size * 0.3)) row.words.push(word)
    else rows.push({ baseline: word.baseline, words: [word] })
  }
  return rows.map((row) => row.words.sort((a, b) => a.x - b.x))
}

function crosses(piece: Word[], gutter: number): boolean {
  const first = piece[0]
  const last = piece.at(-1)
  return first !== undefined && last !== undefined && first.x < gutter && last.x + last.width > gutter
}

/** Cuts a row at the gutter if there is a gap, and at gaps too wide for a space. */
function splitRow(row: Word[], gutter: number | undefined): Word[][] {
  const pieces: Word[][] = []
  let right = -Infinity
  for (const word of row) {
    const gap = word.x - right
    const atGutter = gutter !== undefined && right <= gutter && word.x >= gutter && gap > word.size * 0.3
    const piece = pieces.at(-1)
    if (piece === undefined || atGutter || gap > word.size * 3) pieces.push([word])
    else piece.push(word)
    right = Math.max(right, word.x + word.width)
  }
  return pieces
}

function makeLine(words: Word[], page: number, column: 0 | 1, band: number): Line {
  const parts: Part[] = []
  for (const word of words) {
    const part = parts.at(-1)
    const gap = part === undefined ? Infinity : word.x - part.right
    const right = word.x + word.width
    if (part === undefined || gap > word.size * 1.5) parts.push({ text: '', x: word.x, right, words: [word] })
    else {
      part.words.push(word)
      part.right = Math.max(part.right, right)
    }
  }
  for (const part of parts) {
    part.words = inReadingOrder(part.words)
    part.text = textOfWords(part.words)
  }
  const style = mainStyle(words)
  // Rough sizes vary from word to word: the line gets their median, in half points.
  const rough = words
    .filter((word) => word.guessed)
    .map((word) => word.size)
    .sort((a, b) => a - b)
  const even = Math.max(0.5, Math.round((rough[rough.length >> 1] ?? 0) * 2) / 2)
  return {
    page,
    column,
    band,
    text: (isRightToLeft(words) ? parts.toReversed() : parts)
      .map((part) => part.text)
      .join(' ')
      .trim(),
    x: words[0]?.x ?? 0,
    right: Math.max(...parts.map((part) => part.right)),
    wide: parts.length > 2,
    parts,
    baseline: words[0]?.baseline ?? 0,
    size: style?.guessed === true ? even : (style?.size ?? 0),
    guessed: style?.guessed ?? false,
    font: style?.font ?? '',
    bold: style?.bold ?? false,
    mono: words.every((word) => word.mono === true),
  }
}

/** The first word in the style that most letters of the line have; exponents do not count. */
function mainStyle(words: Word[]): Word | undefined {
  const weight = new Map<Word, number>()
  const styles = new Map<string, Word>()
  let style: Word | undefined
  for (const word of words) {
    if (word.shifted !== undefined) continue
    if (style === undefined || !sameLook(style, word)) {
      const key = `${word.font}\n${word.guessed ? '' : word.size}\n${word.bold}`
      style = styles.get(key) ?? word
      styles.set(key, style)
    }
    weight.set(style, (weight.get(style) ?? 0) + word.text.length)
  }
  let [main, most] = [words[0], 0]
  for (const [word, letters] of weight) if (letters > most) [main, most] = [word, letters]
  return main
}

function sameLook(a: Word, b: Word): boolean {
  return a.font === b.font && a.bold === b.bold && (a.guessed ? b.guessed : !b.guessed && a.size === b.size)
}

const IDEOGRAPH = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}、。，．：；！？「」『』（）]/u

/** Whether a space separates `word` from the one before it. */
export function isParted(before: Word, word: Word): boolean {
  const gap = word.x > before.x ? word.x - before.x - before.width : before.x - word.x - word.width
  if (
    word.text.charCodeAt(0) >= 0x2e80 &&
    IDEOGRAPH.test(before.text.slice(-1)) &&
    IDEOGRAPH.test(word.text.slice(0, 1))
  )
    return gap > word.size * 1.2
  return word.spaced ?? gap > word.size * 0.12
}

/** Plain text of the words of one line. */
export function textOfWords(words: Word[]): string {
  let text = ''
  words.forEach((word, index) => {
    const before = words[index - 1]
    const shown =
      word.shifted === 1
        ? raised(word.text)
        : word.shifted === -1
          ? lowered(word.text, text).replace('\\', '')
          : word.text
    text += (before !== undefined && isParted(before, word) ? ' ' : '') + shown
  })
  return text
}

function isRightToLeft(words: Word[]): boolean {
  const letters = words.filter(({ text }) => /\p{L}/u.test(text))
  return letters.filter(({ text }) => RIGHT_TO_LEFT.test(text)).length * 2 > letters.length
}

/** Words of a right-to-left line; left-to-right words keep their order within it. */
function inReadingOrder(words: Word[]): Word[] {
  if (!words.some(({ text }) => RIGHT_TO_LEFT.test(text)) || !isRightToLeft(words)) return words
  const ordered: Word[] = []
  let run: Word[] = []
  for (const word of words.toReversed()) {
    if (/[\p{L}\p{N}]/u.test(word.text) && !RIGHT_TO_LEFT.test(word.text)) run.unshift(word)
    else {
      ordered.push(...run, word)
      run = []
    }
  }
  return [...ordered, ...run]
}
