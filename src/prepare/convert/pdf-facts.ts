// The metadata of a PDF: outline, title, author, date, language.
import type { Engine } from './pdf-engine.ts'

/** One entry of the PDF's own outline. */
export type OutlineMark = {
  title: string
  level: number
  page: number
}

export type PdfFacts = {
  title?: string
  author?: string
  /** `YYYY-MM-DDThh:mm:ss` with the PDF's time zone. */
  date?: string
  language?: string
  outline: OutlineMark[]
}

const OUTLINE_ENTRIES_MAX = 5_000
const OUTLINE_DEPTH_MAX = 6

export function readFacts(engine: Engine): PdfFacts {
  const { pdfium, document } = engine
  const metadata = (key: string): string =>
    engine.utf16((index, bytes) => pdfium.FPDF_GetMetaText(document, key, index, bytes))
  const facts: PdfFacts = { outline: readOutline(engine) }
  const title = honestTitle(metadata('Title'))
  const author = honestTitle(metadata('Author'))
  const date = pdfDate(metadata('CreationDate'))
  const language = plain(engine.utf16((index, bytes) => pdfium.EPDFCatalog_GetLanguage(document, index, bytes)))
  if (title !== undefined) facts.title = title
  if (author !== undefined) facts.author = author
  if (date !== undefined) facts.date = date
  if (language !== undefined) facts.language = language
  return facts
}

/** The outline; entries without a page are omitted, but their children are kept. */
function readOutline(engine: Engine): OutlineMark[] {
  const { pdfium, document } = engine
  const marks: OutlineMark[] = []
  const seen = new Set<number>()
  const walk = (first: number, level: number): void => {
    for (let entry = first; entry !== 0; entry = pdfium.FPDFBookmark_GetNextSibling(document, entry)) {
      // A damaged outline may contain a cycle.
      if (seen.has(entry) || marks.length >= OUTLINE_ENTRIES_MAX) return
      seen.add(entry)
      const title = plain(engine.utf16((index, bytes) => pdfium.FPDFBookmark_GetTitle(entry, index, bytes)))
      const page = pageOf(engine, entry)
      if (page !== undefined && title !== undefined) marks.push({ title, level, page })
      if (level < OUTLINE_DEPTH_MAX) walk(pdfium.FPDFBookmark_GetFirstChild(document, entry), level + 1)
    }
  }
  walk(pdfium.FPDFBookmark_GetFirstChild(document, 0), 1)
  return marks
}

function pageOf({ pdfium, document, pages }: Engine, entry: number): number | undefined {
  const own = pdfium.FPDFBookmark_GetDest(document, entry)
  const action = own === 0 ? pdfium.FPDFBookmark_GetAction(entry) : 0
  const target = action === 0 ? own : pdfium.FPDFAction_GetDest(document, action)
  const page = target === 0 ? -1 : pdfium.FPDFDest_GetDestPageIndex(document, target)
  return page >= 0 && page < pages ? page + 1 : undefined
}

function plain(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return text === '' ? undefined : text
}

/** The title or name that a person entered, not one added by the typesetting program. */
function honestTitle(value: unknown): string | undefined {
  const title = plain(value)?.replace(/^Microsoft (?:Word|PowerPoint|Excel) - /, '')
  if (
    title === undefined ||
    /^untitled|^\(?anonymous\)?$|^\(?unspecified\)?$|\.(?:dvi|docx?|tex|pdf|indd|qxd|pptx?|rtf|ps|eps|odt)$/i.test(
      title,
    )
  )
    return undefined
  return title
}

/** `D:20240410211143+02'00'` → `2024-04-10T21:11:43+02:00` (ISO 32000-1, 7.9.4). */
export function pdfDate(value: unknown): string | undefined {
  const match = /^(?:D:)?(\d{4})(\d{2})?(\d{2})?(\d{2})?(\d{2})?(\d{2})?(?:(Z)|([+-]\d{2})'?(\d{2})?)?/.exec(
    typeof value === 'string' ? value : '',
  )
  if (match === null) return undefined
  const [, year = '', month, day, hour, minute, second, utc, zone, zoneMinutes] = match
  if (month === undefined || day === undefined) return undefined
  if (hour === undefined || minute === undefined) return `${year}-${month}-${day}`
  return `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}${utc ?? (zone === undefined ? '' : `${zone}:${zoneMinutes ?? '00'}`)}`
}
