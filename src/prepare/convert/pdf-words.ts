// The words of a PDF page on their baselines, from its glyphs.
import { composeAccents } from './pdf-accents.ts'
import type { GlyphStyle } from './pdf-fonts.ts'
import { RIGHT_TO_LEFT, type Glyph } from './pdf-glyphs.ts'

/** A word on its baseline, all in one style. */
export type Word = {
  text: string
  x: number
  width: number
  baseline: number
  size: number
  /** The size was derived from the ink alone, so it is approximate. */
  guessed: boolean
  /** Whether a space precedes it, as far as the text says; otherwise the gap decides. */
  spaced: boolean | undefined
  font: string
  bold: boolean
  italic?: boolean
  mono?: boolean
  /** 1: superscript, -1: subscript, relative to its line. */
  shifted?: 1 | -1
  /** Letters that the font does not identify. */
  unmapped?: number
  /** Letters that were guessed by their codes, because the font does not identify them. */
  unsure?: number
  /** The address that the word links to. */
  link?: string
}

const DESCENDS = /[gjpqy,;()[\]{}|Q@_$]/
const ASCENDS = /[bdfhijklt0-9A-Z()[\]{}|'"\\/@&%$]/
const LOW = /[acemnorsuvwxz]/
/** Ink above and below the baseline, as shares of the font size, in common Latin text fonts. */
const ASCENT = 0.7
const X_HEIGHT = 0.44
const DESCENT = 0.22
/** Gap between glyphs that separates words, as a share of the font size. */
const SPACE = 0.13
/** The same if PDFium sees no space. */
const UNHINTED_SPACE = 0.25
/** Gap at a drawn space: if it is smaller, the space was cancelled by moving back. */
const DRAWN_SPACE = 0.03
/** How far a glyph may move back and still belong to the word. */
const STEP_BACK = 0.35

/** Words in the order of the file. */
export function wordsOf(glyphs: Glyph[]): Word[] {
  const words: Word[] = []
  let run: Glyph[] = []
  let spaced: boolean | undefined
  const end = (): void => {
    if (run.length > 0) words.push(makeWord(run, spaced, words.at(-1)))
    run = []
  }
  for (const glyph of composeAccents(glyphs)) {
    const last = run.at(-1)
    if (last === undefined) {
      spaced = undefined
      run.push(glyph)
      continue
    }
    const size = Math.max(sizeOf(last), 1)
    const leftward = glyph.x < last.x && RIGHT_TO_LEFT.test(glyph.text)
    const gap = leftward ? last.x - glyph.right : glyph.x - last.right
    const level = Math.abs(glyph.baseline - last.baseline) < size * 0.1
    const parted =
      gap > size * (glyph.spaced ? DRAWN_SPACE : glyph.hinted ? SPACE : UNHINTED_SPACE) || gap < -size * STEP_BACK
    if (level && !parted && sameStyle(glyph.style, last.style)) {
      run.push(glyph)
      continue
    }
    end()
    spaced = level ? parted : undefined
    run.push(glyph)
  }
  end()
  return shift(unspace(words))
}

/** Type 3 fonts do not state their size, so the ink determines it. */
function sizeOf({ style, above, below }: Glyph): number {
  return style.size > 0 ? style.size : (above + below) * 1.1
}

function sameStyle(a: GlyphStyle, b: GlyphStyle): boolean {
  return (
    a === b || (a.font === b.font && Math.abs(a.size - b.size) < 0.05 && a.bold === b.bold && a.italic === b.italic)
  )
}

function makeWord(run: Glyph[], spaced: boolean | undefined, before: Word | undefined): Word {
  const [first] = run as [Glyph, ...Glyph[]]
  let text = ''
  let [x, right, unmapped, unsure] = [first.x, first.right, 0, 0]
  for (const glyph of run) {
    text += glyph.text
    if (glyph.x < x) x = glyph.x
    if (glyph.right > right) right = glyph.right
    if (glyph.unmapped) unmapped++
    if (glyph.unsure) unsure++
  }
  const { style } = first
  const guessed = style.size <= 0
  return {
    text,
    x,
    width: right - x,
    baseline: first.baseline,
    size: guessed ? guessSize(run, text, before) : style.size,
    guessed,
    spaced,
    font: style.font,
    bold: style.bold,
    ...(style.italic ? { italic: true } : {}),
    ...(style.mono || (guessed && isEven(run)) ? { mono: true } : {}),
    ...(unmapped > 0 ? { unmapped } : {}),
    ...(unsure > 0 ? { unsure } : {}),
  }
}

/** Whether letters of a font without information are evenly spaced, as on a typewriter. */
function isEven(run: Glyph[]): boolean {
  const steps = run.slice(1).map((glyph, index) => glyph.x - (run[index]?.x ?? 0))
  const [least, most] = [Math.min(...steps), Math.max(...steps)]
  return steps.length > 2 && new Set(run.map(({ text }) => text)).size > 2 && most - least < most * 0.03
}

function guessSize(run: Glyph[], text: string, before: Word | undefined): number {
  const ink = inkOf(text)
  const above = Math.max(...run.map((glyph) => glyph.above))
  if (ink !== undefined && above > 0) return above / ink.above
  return before?.guessed === true ? before.size : Math.max(1, (run[0]?.above ?? 0) + (run[0]?.below ?? 0))
}

function inkOf(text: string): { above: number; below: number } | undefined {
  const ascends = ASCENDS.test(text)
  const descends = DESCENDS.test(text)
  if (!ascends && !descends && !LOW.test(text)) return /\p{L}/u.test(text) ? { above: 0.8, below: 0.1 } : undefined
  return { above: ascends ? ASCENT : X_HEIGHT, below: descends ? DESCENT : 0 }
}

/** Minimum number of consecutive letters to read as one spaced-out word. */
const SPACED_LETTERS_MIN = 6

/** Joins words with spaced-out letters: `C O N T E N T S`. The gap between words is wider than that between letters. */
function unspace(words: Word[]): Word[] {
  const joined: Word[] = []
  let from = 0
  const isLetter = (word: Word): boolean => word.text.length <= 3 && /^[\p{L}\p{N}][.,:;]?$/u.test(word.text)
  while (from < words.length) {
    let to = from
    while (to < words.length && isLetter(words[to] as Word) && (to === from || inRow(words[to - 1], words[to]))) to++
    const run = words.slice(from, to)
    joined.push(...(run.length >= SPACED_LETTERS_MIN && isSpacedOut(run) ? joinLetters(run) : run))
    if (to === from) joined.push(words[from++] as Word)
    else from = to
  }
  return joined
}

function inRow(a: Word | undefined, b: Word | undefined): boolean {
  return (
    a !== undefined &&
    b !== undefined &&
    Math.abs(a.baseline - b.baseline) < a.size * 0.1 &&
    b.x >= a.x &&
    b.x - a.x - a.width < a.size * 2.5 &&
    Math.abs(a.size - b.size) < 0.05 * a.size
  )
}

/** An alphabetical index is left alone, and so are figures. */
function isSpacedOut(run: Word[]): boolean {
  const codes = run.map(({ text }) => text.toLowerCase().codePointAt(0) ?? 0)
  const rising = codes.filter((code, index) => index > 0 && code > (codes[index - 1] ?? 0)).length
  return run.filter(({ text }) => /\p{L}/u.test(text)).length > run.length * 0.7 && rising < (run.length - 1) * 0.9
}

function joinLetters(run: Word[]): Word[] {
  const gaps = run.slice(1).map((word, index) => word.x - (run[index]?.x ?? 0) - (run[index]?.width ?? 0))
  const usual = [...gaps].sort((a, b) => a - b)[gaps.length >> 2] ?? 0
  const words: Word[] = []
  run.forEach((letter, index) => {
    const last = words.at(-1)
    if (last === undefined || (gaps[index - 1] ?? 0) > Math.max(usual * 1.7, usual + letter.size * 0.12))
      words.push({ ...letter })
    else {
      last.text += letter.text
      last.width = letter.x + letter.width - last.x
    }
  })
  return words
}

/** Relative size of superscripts and subscripts. */
const SHIFTED_SIZE = 0.88

/** Moves exponents, subscripts and note references to the line that they belong to. */
function shift(words: Word[]): Word[] {
  words.forEach((word, index) => {
    const before = hosts(words[index - 1], word, true)
    const host = before || hosts(words[index + 1], word, false) ? words[index + (before ? -1 : 1)] : undefined
    if (host === undefined) return
    const rise = host.baseline - word.baseline
    if (before) word.spaced = word.x - host.x - host.width > host.size * 0.25
    word.baseline = host.baseline
    word.shifted = rise > 0 ? 1 : -1
  })
  return words
}

/** Note references are separate from their text. */
const NOTE_MARK = /^(?:[([]?\d{1,2}[)\]]?|[*†‡§¶]{1,2})$/

function hosts(host: Word | undefined, word: Word, before: boolean): boolean {
  if (host === undefined) return false
  const rise = (host.baseline - word.baseline) / host.size
  const gap = before ? word.x - host.x - host.width : host.x - word.x - word.width
  if (host.shifted !== undefined)
    return (
      before &&
      Math.abs(word.size - host.size) < host.size * 0.1 &&
      gap > -host.size * 2 &&
      gap < host.size * 0.4 &&
      rise > -0.3 &&
      rise < 1.2 &&
      Math.abs(rise) > 0.12
    )
  return (
    word.size <= host.size * SHIFTED_SIZE &&
    gap > -host.size * 0.3 &&
    gap < host.size * (before ? 0.3 : NOTE_MARK.test(word.text) ? 3 : 0.45) &&
    ((rise > 0.12 && rise < 0.8) || (rise < -0.06 && rise > -0.45))
  )
}

/** A run of text positioned by text recognition. Points, from the top left corner of the page. */
export type PlacedText = {
  text: string
  x: number
  y: number
  width: number
  height: number
  words?: { text: string; x: number; y: number; width: number; height: number }[]
}

/** Recognised words. Their boxes enclose the ink, so "a" is lower than "b"; sizes and baselines are derived from it. */
export function recognisedWords(items: PlacedText[]): Word[] {
  const words: Word[] = []
  for (const item of items) {
    for (const box of item.words !== undefined && item.words.length > 0 ? item.words : [item]) {
      const text = box.text.trim()
      if (text === '') continue
      const last = words.at(-1)
      const ink = inkOf(text)
      const size = ink === undefined ? last?.size : box.height / (ink.above + ink.below)
      if (size === undefined || size <= 0) continue
      const bottom = box.y + box.height
      const beside = last !== undefined && box.x >= last.x && Math.abs(last.baseline - bottom) < size
      const own = ink === undefined ? (beside ? last.baseline : bottom) : bottom - ink.below * size
      const joins = last !== undefined && box.x >= last.x && Math.abs(last.baseline - own) < size * 0.25
      const baseline = joins ? last.baseline : own
      words.push({
        text,
        x: box.x,
        width: box.width,
        baseline,
        size,
        font: '',
        bold: false,
        guessed: true,
        spaced: undefined,
      })
    }
  }
  return words
}
