// One page of a PDF: its words by direction, overlaid text, and whether it shows pictures.
import { linkWords, placeTyped, readAnnotations } from './pdf-annotations.ts'
import type { Engine, Rect } from './pdf-engine.ts'
import { readGlyphs } from './pdf-glyphs.ts'
import { wordsOf, type Word } from './pdf-words.ts'

/** Words in one direction, on the page turned to match. */
export type PageText = { angle: number; width: number; height: number; words: Word[] }
export type PageContent = {
  /** The direction with the most letters first; never empty. */
  texts: PageText[]
  /** Text typed over print, and comments. */
  extras: string[]
  /** Has pictures larger than decorations. */
  pictured: boolean
  /** The share of the page that one picture covers, from 0 to 1. */
  covered: number
  /** Has more drawings than a few lines and frames: some may be letters. */
  drawn: boolean
  /** Markdown of what a model read on it, instead of `texts`. */
  transcript?: string | undefined
}

const LETTER: Rect = { left: 0, top: 792, right: 612, bottom: 0 }
/** Points per side below which a picture is a decoration. */
const PICTURE_POINTS_MIN = 16
const OBJECTS_MAX = 20_000
const DRAWING_OBJECTS_MIN = 30
/** Types of page objects (fpdf_edit.h). */
const IMAGE = 3
const FORM = 5
const FORM_DEPTH_MAX = 4

/** Reads page `index`, counted from 0; undefined if it is too damaged. */
export function readPage(engine: Engine, index: number): PageContent | undefined {
  const { pdfium } = engine
  const page = pdfium.FPDF_LoadPage(engine.document, index)
  if (page === 0) return undefined
  const textPage = pdfium.FPDFText_LoadPage(page)
  try {
    const [left, top, right, bottom] =
      engine.floats(4, (index) => pdfium.FPDF_GetPageBoundingBox(page, index ?? 0)) ?? []
    const declared = { left: left ?? 0, top: top ?? 0, right: right ?? 0, bottom: bottom ?? 0 }
    const box = declared.right - declared.left > 1 && declared.top - declared.bottom > 1 ? declared : LETTER
    const turned = textPage === 0 ? [] : readGlyphs(engine, textPage, box)
    const texts = turned.map(({ angle, width, height, glyphs }) => ({ angle, width, height, words: wordsOf(glyphs) }))
    const [main = { angle: 0, width: box.right - box.left, height: box.top - box.bottom, words: [] }, ...others] = texts
    const { typed, comments, links } = readAnnotations(engine, page, box, main.angle)
    const { words, over } = placeTyped(typed, main.words)
    const known = main.words.map(({ text }) => text).join(' ')
    linkWords(main.words, links)
    main.words.push(...words)
    return {
      texts: [main, ...others],
      extras: [...over, ...comments.filter((comment) => !known.includes(comment.replace(/^[^:]*: /, '')))],
      ...look(engine, page, box),
    }
  } finally {
    if (textPage !== 0) pdfium.FPDFText_ClosePage(textPage)
    pdfium.FPDF_ClosePage(page)
  }
}

/** What the page shows in addition to text. */
function look(
  { pdfium, floats }: Engine,
  page: number,
  box: Rect,
): Pick<PageContent, 'pictured' | 'covered' | 'drawn'> {
  let objects = 0
  let largest = 0
  const area = (object: number): number => {
    const [left = 0, bottom = 0, right = 0, top = 0] =
      floats(4, (a, b, c, d) => pdfium.FPDFPageObj_GetBounds(object, a ?? 0, b ?? 0, c ?? 0, d ?? 0)) ?? []
    const [width, height] = [right - left, top - bottom]
    return width >= PICTURE_POINTS_MIN && height >= PICTURE_POINTS_MIN ? width * height : 0
  }
  const visit = (object: number, depth: number): void => {
    if (++objects > OBJECTS_MAX) return
    const kind = pdfium.FPDFPageObj_GetType(object)
    if (kind === IMAGE) largest = Math.max(largest, area(object))
    if (kind !== FORM || depth >= FORM_DEPTH_MAX) return
    const count = Math.min(pdfium.FPDFFormObj_CountObjects(object), OBJECTS_MAX - objects)
    for (let index = 0; index < count; index++) visit(pdfium.FPDFFormObj_GetObject(object, index), depth + 1)
  }
  const count = Math.min(pdfium.FPDFPage_CountObjects(page), OBJECTS_MAX)
  for (let index = 0; index < count; index++) visit(pdfium.FPDFPage_GetObject(page, index), 0)
  const covered = Math.min(1, largest / ((box.right - box.left) * (box.top - box.bottom)))
  return { pictured: largest > 0, covered, drawn: objects >= DRAWING_OBJECTS_MIN }
}
