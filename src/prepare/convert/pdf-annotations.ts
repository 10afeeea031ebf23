// Text that is overlaid on a PDF page: form values, typed text, comments, links.
import type { Engine, Rect } from './pdf-engine.ts'
import { turn } from './pdf-glyphs.ts'
import type { Word } from './pdf-words.ts'

/** A box on the upright page. */
type Box = { x: number; y: number; right: number; bottom: number }
export type Annotations = {
  /** Form values and typed text, with their positions. */
  typed: { text: string; box: Box }[]
  /** Readers' comments, as sentences. */
  comments: string[]
  links: { address: string; box: Box }[]
}

/** Maximum annotations per page to read. */
const ANNOTATIONS_MAX = 5_000
const TEXT_LENGTH_MAX = 100_000
/** Subtypes (fpdf_annot.h). */
const TEXT = 1
const LINK = 2
const FREE_TEXT = 3
const POPUP = 16
const WIDGET = 20
/** Types of form fields (fpdf_formfill.h). */
const CHECK_BOX = 2
const RADIO_BUTTON = 3
const COMBO_BOX = 4
const LIST_BOX = 5
const TEXT_FIELD = 6
/** Annotation flags (ISO 32000-1, table 165): hidden, not viewed. */
const UNSEEN = 2 | 32
/** `PDFACTION_URI` (fpdf_doc.h). */
const URI = 3

/** Reads the annotations of a page; `angle` is the direction of its text. */
export function readAnnotations(engine: Engine, page: number, box: Rect, angle: number): Annotations {
  const { pdfium } = engine
  const found: Annotations = { typed: [], comments: [], links: [] }
  const count = Math.min(pdfium.FPDFPage_GetAnnotCount(page), ANNOTATIONS_MAX)
  for (let index = 0; index < count; index++) {
    const annotation = pdfium.FPDFPage_GetAnnot(page, index)
    if (annotation === 0) continue
    if ((pdfium.FPDFAnnot_GetFlags(annotation) & UNSEEN) === 0) {
      const [left = 0, top = 0, right = 0, bottom = 0] =
        engine.floats(4, (index) => pdfium.FPDFAnnot_GetRect(annotation, index ?? 0)) ?? []
      const [a, b] = [turn(angle, box, left, top), turn(angle, box, right, bottom)]
      take(engine, annotation, found, {
        x: Math.min(a.x, b.x),
        y: Math.min(a.y, b.y),
        right: Math.max(a.x, b.x),
        bottom: Math.max(a.y, b.y),
      })
    }
    pdfium.FPDFPage_CloseAnnot(annotation)
  }
  return found
}

function take(engine: Engine, annotation: number, found: Annotations, box: Box): void {
  const { pdfium, document } = engine
  const value = (key: string): string =>
    clean(engine.utf16((index, bytes) => pdfium.FPDFAnnot_GetStringValue(annotation, key, index, bytes)))
  const subtype = pdfium.FPDFAnnot_GetSubtype(annotation)
  if (subtype === LINK) {
    const link = pdfium.FPDFAnnot_GetLink(annotation)
    const action = link === 0 ? 0 : pdfium.FPDFLink_GetAction(link)
    if (action === 0 || pdfium.FPDFAction_GetType(action) !== URI) return
    const address = engine.utf8((index, bytes) => pdfium.FPDFAction_GetURIPath(document, action, index, bytes)).trim()
    if (/^(?:https?:\/\/|mailto:)\S+$/i.test(address)) found.links.push({ address, box })
  } else if (subtype === WIDGET) {
    const text = engine.form === 0 ? value('V') : fieldValue(engine, annotation)
    if (text !== '') found.typed.push({ text, box })
  } else if (subtype !== POPUP) {
    const text = value('Contents')
    if (text === '') return
    if (subtype === FREE_TEXT) found.typed.push({ text, box })
    else {
      const author = value('T').replace(/\s+/g, ' ')
      const kind = subtype === TEXT ? 'Note' : 'Comment'
      found.comments.push(`${kind}${author === '' ? '' : ` by ${author}`}: ${text.replace(/\s+/g, ' ')}`)
    }
  }
}

function clean(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .slice(0, TEXT_LENGTH_MAX)
    .trim()
}

function fieldValue(engine: Engine, annotation: number): string {
  const { pdfium, form } = engine
  const kind = pdfium.FPDFAnnot_GetFormFieldType(form, annotation)
  if (kind === CHECK_BOX || kind === RADIO_BUTTON) return pdfium.FPDFAnnot_IsChecked(form, annotation) ? '☒' : '☐'
  if (kind === COMBO_BOX || kind === LIST_BOX) {
    const chosen: string[] = []
    const options = Math.min(Math.max(0, pdfium.FPDFAnnot_GetOptionCount(form, annotation)), ANNOTATIONS_MAX)
    for (let option = 0; option < options; option++) {
      if (!pdfium.FPDFAnnot_IsOptionSelected(form, annotation, option)) continue
      chosen.push(
        clean(engine.utf16((index, bytes) => pdfium.FPDFAnnot_GetOptionLabel(form, annotation, option, index, bytes))),
      )
    }
    if (chosen.length > 0) return chosen.join(', ')
  } else if (kind !== TEXT_FIELD) return ''
  return clean(engine.utf16((index, bytes) => pdfium.FPDFAnnot_GetFormFieldValue(form, annotation, index, bytes)))
}

/** Assumed letter width, as a share of the font size, if no drawn text shows the real one. */
const LETTER_WIDTH = 0.5
const LINE_HEIGHT = 1.2
const SIZE_MAX = 10

/**
 * Typed text as words on the page, on the printed line that its box covers. Text typed over print is returned in
 * `over`: its words would end up between the printed ones.
 */
export function placeTyped(typed: Annotations['typed'], printed: Word[]): { words: Word[]; over: string[] } {
  const words: Word[] = []
  const over: string[] = []
  for (const { text, box } of typed) {
    const covered = printed.some(({ x, width, baseline, size }) => {
      const [middle, height] = [x + width / 2, baseline - size * 0.3]
      return middle > box.x && middle < box.right && height > box.y && height < box.bottom
    })
    if (covered && text.length > 1) over.push(text)
    else words.push(...typedWords(text, box, printed))
  }
  return { words, over }
}

function typedWords(text: string, box: Box, printed: Word[]): Word[] {
  const middle = (box.y + box.bottom) / 2
  const [beside] = printed
    .filter(({ baseline }) => baseline > box.y && baseline < box.bottom + 2)
    .sort((a, b) => Math.abs(a.baseline - middle) - Math.abs(b.baseline - middle) || a.baseline - b.baseline)
  const size = beside?.size ?? Math.min(SIZE_MAX, Math.max(4, (box.bottom - box.y) * 0.7))
  const perLine = Math.max(8, Math.floor((box.right - box.x) / (size * LETTER_WIDTH)))
  const lines = text.split('\n').flatMap((line) => wrap(line, perLine))
  const first = lines.length === 1 ? (beside?.baseline ?? middle + size * 0.35) : box.y + size
  return lines.flatMap((line, index) => {
    const letter = Math.min(size * LETTER_WIDTH, (box.right - box.x) / Math.max(1, line.length))
    let x = box.x
    return line.split(/\s+/).map((part) => {
      const width = part.length * letter
      const word: Word = {
        text: part,
        x,
        width,
        baseline: first + index * size * LINE_HEIGHT,
        size,
        guessed: false,
        spaced: true,
        font: beside?.font ?? '',
        bold: false,
      }
      x += width + letter
      return word
    })
  })
}

function wrap(line: string, letters: number): string[] {
  const lines: string[] = []
  for (const word of line.split(/\s+/).filter((part) => part !== '')) {
    const last = lines.at(-1)
    if (last === undefined || last.length + word.length + 1 > letters * 1.3) lines.push(word)
    else lines[lines.length - 1] = `${last} ${word}`
  }
  return lines
}

/** Gives the words inside a link's box the link's address. */
export function linkWords(words: Word[], links: Annotations['links']): void {
  if (links.length === 0) return
  for (const word of words) {
    const [x, y] = [word.x + word.width / 2, word.baseline - word.size * 0.3]
    const link = links.find(({ box }) => x >= box.x - 1 && x <= box.right + 1 && y >= box.y - 1 && y <= box.bottom + 1)
    if (link !== undefined) word.link = link.address
  }
}
