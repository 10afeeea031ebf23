// The words of a PDF page on their baselines, with their sizes, whatever its fonts tell.

/** A run of text as a PDF places it. Points, from the top left corner of the page. */
export type PlacedText = {
  text: string
  x: number
  y: number
  width: number
  height: number
  fontName?: string
  fontSize?: number
  fontWeight?: number
  /** Degrees. */
  rotation?: number
  /** Of the first word, as the file has them; 0 ends it. */
  charCodes?: number[]
  words?: { text: string; x: number; y: number; width: number; height: number }[]
}

/** A word on its baseline. */
export type Word = {
  text: string
  x: number
  width: number
  baseline: number
  size: number
  /** The size was told by the ink alone, so it is rough. */
  guessed: boolean
  /** Whether a space stands before it, as far as the text tells; else the white between the boxes does. */
  spaced: boolean | undefined
  font: string
  bold: boolean
}

const DESCENDS = /[gjpqy,;()[\]{}|Q@_$]/
const ASCENDS = /[bdfhijklt0-9A-Z()[\]{}|'"\\/@&%$]/
const LOW = /[acemnorsuvwxz]/
/** Shares of the font size that ink takes above and below the baseline, in common Latin text fonts. */
const ASCENT = 0.7
const X_HEIGHT = 0.44
const DESCENT = 0.22
/** Font sizes below this are an artefact of Type 3 fonts, whose real size is in their matrix. */
const FONT_SIZE_MIN = 1

/**
 * The words of a page with baselines and sizes. Boxes are of ink: "a" is lower than "b". Where a font does not tell its
 * size (Type 3, recognised text), or tells one that the ink belies, the ink tells it.
 */
export function placeWords(items: PlacedText[]): Word[] {
  const words: Word[] = []
  for (const item of items) {
    const turned = Math.round(item.rotation ?? 0) % 360 !== 0
    if (turned) continue
    const named = item.fontName === 'OCR' || (item.fontSize ?? 0) < FONT_SIZE_MIN ? undefined : item.fontSize
    let read = 0
    for (const box of item.words !== undefined && item.words.length > 0 ? item.words : [item]) {
      const text = box.text.trim()
      if (text === '') continue
      const found = item.text.indexOf(text, read)
      const spaced = found < 0 || read === 0 ? undefined : found > read
      read = found < 0 ? read : found + text.length
      const last = words.at(-1)
      const ink = inkOf(text)
      const inked = ink === undefined ? undefined : box.height / (ink.above + ink.below)
      const told = named !== undefined && (inked === undefined || (named < inked * 1.7 && named > inked * 0.5))
      const size = told ? named : (inked ?? last?.size)
      if (size === undefined || size <= 0) continue
      const bottom = box.y + box.height
      const beside = last !== undefined && box.x >= last.x && Math.abs(last.baseline - bottom) < size
      const own = ink === undefined ? (beside ? last.baseline : bottom) : bottom - ink.below * size
      const joins = last !== undefined && box.x >= last.x && Math.abs(last.baseline - own) < size * 0.25
      words.push({
        text,
        x: box.x,
        width: box.width,
        baseline: joins ? last.baseline : own,
        size,
        font: item.fontName ?? '',
        bold: (item.fontWeight ?? 400) >= 600 || /bold|black|heavy|medi(?!um?ital)|-bx|cmbx/i.test(item.fontName ?? ''),
        guessed: !told,
        spaced,
      })
    }
  }
  return words
}

function inkOf(text: string): { above: number; below: number } | undefined {
  const ascends = ASCENDS.test(text)
  const descends = DESCENDS.test(text)
  if (!ascends && !descends && !LOW.test(text)) return /\p{L}/u.test(text) ? { above: 0.8, below: 0.1 } : undefined
  return { above: ascends ? ASCENT : X_HEIGHT, below: descends ? DESCENT : 0 }
}
