// The glyphs of a PDF page as PDFium places them: exact baselines, the style of each run, its direction.
import type { Engine, Rect } from './pdf-engine.ts'
import { readStyle, type FontFacts, type GlyphStyle } from './pdf-fonts.ts'

/** Coordinates are on the upright page: points from its top left corner once text in this direction is horizontal. */
export type Glyph = {
  text: string
  x: number
  right: number
  baseline: number
  /** Points of ink above and below the baseline, as far as the font says. */
  above: number
  below: number
  style: GlyphStyle
  /** A space was drawn before it. */
  spaced: boolean
  /** PDFium interprets the gap before it as a space. */
  hinted: boolean
  /** It is not known which letter it is. */
  unmapped: boolean
  /** The font does not say which letter it is: `text` is a guess by its code. */
  unsure: boolean
}

/** The glyphs of one direction, and the page turned to match. */
export type Turned = { angle: number; width: number; height: number; glyphs: Glyph[] }

type Raw = {
  wasmExports: {
    FPDFText_GetUnicode: (page: number, index: number) => number
    FPDFText_IsGenerated: (page: number, index: number) => number
    FPDFText_HasUnicodeMapError: (page: number, index: number) => number
    FPDFText_IsHyphen: (page: number, index: number) => number
    FPDFText_GetTextObject: (page: number, index: number) => number
    FPDFText_GetCharOrigin: (page: number, index: number, x: number, y: number) => number
    FPDFText_GetLooseCharBox: (page: number, index: number, rect: number) => number
  }
  HEAPF32: Float32Array
  HEAPF64: Float64Array
}

/** Maximum glyphs per page to read; more are a drawing made of letters. */
const GLYPHS_MAX = 400_000
/** No page is so large: its sides have at most 14,400 units, and few use other units than points. */
const FAR_POINTS = 1_000_000
/** Reads the page's text, starting with the direction that has the most glyphs. */
export function readGlyphs(engine: Engine, textPage: number, box: Rect): Turned[] {
  const { scratch } = engine
  const raw = engine.pdfium.pdfium as unknown as Raw
  const functions = raw.wasmExports
  const styles = new Map<number, GlyphStyle>()
  const fonts = new Map<number, FontFacts>()
  const groups = new Map<number, Turned>()
  const seen = new Map<number, Glyph>()
  const count = Math.min(engine.pdfium.FPDFText_CountChars(textPage), GLYPHS_MAX)
  let [spaced, hinted] = [false, false]
  let [high, before] = [0, 0]
  for (let index = 0; index < count; index++) {
    const code = functions.FPDFText_GetUnicode(textPage, index)
    // PDFium generates spaces and line ends.
    if (code <= 0x20 && functions.FPDFText_IsGenerated(textPage, index) === 1) {
      hinted = true
      continue
    }
    if (isSpace(code)) {
      spaced = true
      continue
    }
    if (code >= 0xd800 && code < 0xdc00) {
      high = code
      continue
    }
    const object = functions.FPDFText_GetTextObject(textPage, index)
    if (object === 0) continue
    let style = styles.get(object)
    if (style === undefined) styles.set(object, (style = readStyle(engine, textPage, index, object, fonts)))
    let group = groups.get(style.angle)
    if (group === undefined) groups.set(style.angle, (group = turnedPage(style.angle, box)))
    functions.FPDFText_GetCharOrigin(textPage, index, scratch, scratch + 8)
    functions.FPDFText_GetLooseCharBox(textPage, index, scratch + 16)
    const originX = raw.HEAPF64[scratch >> 3] ?? 0
    const originY = raw.HEAPF64[(scratch >> 3) + 1] ?? 0
    const loose = (scratch + 16) >> 2
    const glyph = place(group, box, style, originX, originY, raw.HEAPF32, loose)
    glyph.text = textOf(high, code)
    glyph.spaced = spaced
    glyph.hinted = hinted
    if (code < 32 || code === 0xfffe || code === 0xffff) readControl(glyph, raw, textPage, index, code)
    else if (code > 0xe000) glyph.unmapped = isUnmapped(code)
    if (style.unsure) glyph.unsure = functions.FPDFText_HasUnicodeMapError(textPage, index) === 1
    high = 0
    const last = group.glyphs.at(-1)
    if (last !== undefined && object === before && isOneGlyph(last, glyph)) {
      last.text = RIGHT_TO_LEFT.test(glyph.text) ? glyph.text + last.text : last.text + glyph.text
      continue
    }
    before = object
    if (drawnTwice(seen, glyph)) continue
    spaced = hinted = false
    group.glyphs.push(glyph)
  }
  return [...groups.values()].sort((a, b) => b.glyphs.length - a.glyphs.length || a.angle - b.angle)
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0xa0 || code === 0x3000 || code === 9 || (code >= 0x2000 && code <= 0x200b)
}

function textOf(high: number, code: number): string {
  if (high !== 0 && code >= 0xdc00 && code < 0xe000) return String.fromCharCode(high, code)
  return String.fromCodePoint(code)
}

/** Ligatures by their codes in TeX's text encoding (OT1: The TeXbook, appendix F), which its bitmap fonts use. */
const LIGATURES = new Map([
  [11, 'ff'],
  [12, 'fi'],
  [13, 'fl'],
  [14, 'ffi'],
  [15, 'ffl'],
])

function readControl(glyph: Glyph, raw: Raw, textPage: number, index: number, code: number): void {
  const ligature = glyph.style.size === 0 || glyph.style.size === undefined ? LIGATURES.get(code) : undefined
  if (raw.wasmExports.FPDFText_IsHyphen(textPage, index) === 1) glyph.text = '-'
  else if (ligature !== undefined) glyph.text = ligature
  else {
    glyph.unmapped = true
    glyph.text = '\ufffd'
  }
}

/** Private use, or nothing at all: the letter is unknown to any reader. */
function isUnmapped(code: number): boolean {
  return (code >= 0xe000 && code <= 0xf8ff) || code === 0xfffd || code >= 0xf0000
}

export const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]/

/** A ligature is returned as its letters, each at the position of the whole; right-to-left ones are reversed. */
function isOneGlyph(last: Glyph, { x, right, baseline, spaced }: Glyph): boolean {
  return !spaced && last.x === x && last.right === right && last.baseline === baseline && right > x
}

/** Bold is often imitated by drawing letters twice. Places whose keys are equal may differ, so they are compared. */
function drawnTwice(seen: Map<number, Glyph>, glyph: Glyph): boolean {
  const { x, right, text, style } = glyph
  // All that is far away is in one place.
  if (Math.abs(x) >= FAR_POINTS || Math.abs(glyph.baseline) >= FAR_POINTS) return false
  const near = Math.max(0.2, (right - x) * 0.3)
  const column = Math.round(x)
  const row = Math.round(glyph.baseline)
  const key = Math.imul(text.charCodeAt(0), 0x9e3779b1) ^ (row << 13)
  for (let at = column - 1; at <= column + 1; at++) {
    const other = seen.get(key ^ at)
    if (
      other !== undefined &&
      Math.abs(other.x - x) < near &&
      other.text === text &&
      Math.round(other.baseline) === row &&
      other.style.angle === style.angle
    )
      return true
  }
  seen.set(key ^ column, glyph)
  return false
}

/** The page turned so that text in this direction is horizontal. */
function turnedPage(angle: number, { left, top, right, bottom }: Rect): Turned {
  const { cos, sin } = direction(angle)
  const [w, h] = [right - left, top - bottom]
  return {
    angle,
    width: Math.abs(w * cos) + Math.abs(h * sin),
    height: Math.abs(w * sin) + Math.abs(h * cos),
    glyphs: [],
  }
}

function direction(angle: number): { cos: number; sin: number } {
  const radians = (angle * Math.PI) / 180
  return { cos: Math.round(Math.cos(radians) * 1e9) / 1e9, sin: Math.round(Math.sin(radians) * 1e9) / 1e9 }
}

/** Converts a point of the file to one on the upright page. Points that damage put far away are at its edge. */
export function turn(angle: number, box: Rect, x: number, y: number): { x: number; y: number } {
  const [u, v] = [bounded(x - box.left), bounded(box.top - y)]
  if (angle === 0) return { x: u, y: v }
  const { cos, sin } = direction(angle)
  const [w, h] = [box.right - box.left, box.top - box.bottom]
  const along = u * cos - v * sin
  const down = u * sin + v * cos
  // The corner that becomes the top left one.
  return {
    x: along - Math.min(0, w * cos) - Math.min(0, -h * sin),
    y: down - Math.min(0, w * sin) - Math.min(0, h * cos),
  }
}

function bounded(points: number): number {
  return Math.max(-FAR_POINTS, Math.min(FAR_POINTS, points)) || 0
}

function place(
  { angle }: Turned,
  box: Rect,
  style: GlyphStyle,
  originX: number,
  originY: number,
  heap: Float32Array,
  loose: number,
): Glyph {
  // FS_RECTF: left, top, right, bottom.
  const [left, top, right, bottom] = [
    heap[loose] ?? 0,
    heap[loose + 1] ?? 0,
    heap[loose + 2] ?? 0,
    heap[loose + 3] ?? 0,
  ]
  if (angle === 0) {
    // As below, for most glyphs.
    const x = bounded(originX - box.left)
    const baseline = bounded(box.top - originY)
    const ends = Math.max(bounded(left - box.left), bounded(right - box.left), x)
    const [a, b] = [bounded(box.top - top), bounded(box.top - bottom)]
    return makeGlyph(style, x, ends, baseline, baseline - Math.min(a, b), Math.max(a, b) - baseline)
  }
  const a = turn(angle, box, left, top)
  const b = turn(angle, box, right, bottom)
  const { x, y } = turn(angle, box, originX, originY)
  return angle % 90 === 0
    ? makeGlyph(style, x, Math.max(a.x, b.x, x), y, y - Math.min(a.y, b.y), Math.max(a.y, b.y) - y)
    : makeGlyph(style, x, x + style.size * 0.5, y, style.size * 0.7, style.size * 0.2)
}

function makeGlyph(style: GlyphStyle, x: number, right: number, baseline: number, above: number, below: number): Glyph {
  return {
    text: '',
    x,
    right,
    baseline,
    above,
    below,
    style,
    spaced: false,
    hinted: false,
    unmapped: false,
    unsure: false,
  }
}
