// The style of glyphs in a PDF: what their font and their matrix say.
import type { Engine } from './pdf-engine.ts'

/** The style of a run of glyphs. */
export type GlyphStyle = {
  font: string
  /** Points, after the text matrix; 0 if the font does not say (Type 3). */
  size: number
  bold: boolean
  italic: boolean
  /** All letters have the same width. */
  mono: boolean
  /** The direction of the text in degrees counterclockwise, on the page as the file has it. */
  angle: number
  /** The font did not say which letter the first one is. */
  unsure: boolean
}

/** Directions that differ by fewer degrees are treated as one. */
const SNAP_DEGREES = 2
/** Font sizes below this are an artefact of Type 3 fonts, whose real size is in their matrix. */
const FONT_SIZE_MIN = 1
/** Font descriptor flags (ISO 32000-1, table 123). */
const FIXED_PITCH = 1
const ITALIC = 64
const FORCE_BOLD = 1 << 18

/** What a font says of itself, without the size. */
export type FontFacts = { named: boolean } & Pick<GlyphStyle, 'font' | 'bold' | 'italic' | 'mono'>

function readFont({ pdfium, utf8 }: Engine, font: number): FontFacts {
  const name = font === 0 ? '' : utf8((index, bytes) => pdfium.FPDFFont_GetBaseFontName(font, index, bytes))
  const flags = font === 0 ? 0 : Math.max(0, pdfium.FPDFFont_GetFlags(font))
  const bare = name.replace(/^[A-Z]{6}\+/, '')
  return {
    named: name !== '',
    font: bare,
    bold: isBold(bare) || (flags & FORCE_BOLD) !== 0,
    italic: /ital|obli|slant|cmti|cmsl|(?:^|[^a-z])it$/i.test(bare) || (flags & ITALIC) !== 0,
    mono:
      (flags & FIXED_PITCH) !== 0 || /mono|courier|cmtt|cmitt|consol|typewriter|fixed|menlo|monaco|code/i.test(bare),
  }
}

/** The style of glyph `index`, which the text object `object` draws. */
export function readStyle(
  engine: Engine,
  textPage: number,
  index: number,
  object: number,
  fonts: Map<number, FontFacts>,
): GlyphStyle {
  const { pdfium } = engine
  const [a = 1, b = 0, c = 0, d = 1] = engine.floats(6, (i) => pdfium.FPDFText_GetMatrix(textPage, index, i ?? 0)) ?? []
  const font = pdfium.FPDFTextObj_GetFont(object)
  let facts = fonts.get(font)
  if (facts === undefined) fonts.set(font, (facts = readFont(engine, font)))
  const { named, ...own } = facts
  const nominal = pdfium.FPDFText_GetFontSize(textPage, index)
  const size = nominal < FONT_SIZE_MIN && !named ? 0 : nominal * Math.hypot(c, d)
  const degrees = (Math.round((Math.atan2(b, a) * 180) / Math.PI) + 360) % 360
  const square = (Math.round(degrees / 90) * 90) % 360
  const off = Math.abs(((degrees - square + 540) % 360) - 180)
  return {
    ...own,
    size: size < FONT_SIZE_MIN && !named ? 0 : size,
    angle: off <= SNAP_DEGREES ? square : degrees,
    unsure: pdfium.FPDFText_HasUnicodeMapError(textPage, index) === 1,
  }
}

function isBold(font: string): boolean {
  return /bold|black|heavy|medi(?!um?ital)|-bx|cmbx|(?:^|[^a-z])bd$/i.test(font)
}
