// PDF: Markdown a page, the section tree, images, metadata. Runs in a process of its own, because PDFium is native.
import { readFile } from 'node:fs/promises'
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask, Converted, ConvertedPage } from './converter.ts'
import { readPrintedContents } from './pdf-contents.ts'
import { openPdf, type PdfFacts } from './pdf-facts.ts'
import { findHeadings } from './pdf-headings.ts'
import { isRunning, readLines, runningText, usualGutter, type Line } from './pdf-lines.ts'
import type { PlacedText } from './pdf-words.ts'
import { mendItems, mendLines, type Mended } from './pdf-ligatures.ts'
import { loadNative, type LaidOut, type Native, type NativeImage, type NativePage } from './pdf-native.ts'
import { unpackLanguageData } from './pdf-ocr.ts'
import { boundText, convertPlain, metadata, pagesWord, withoutText } from './pdf-plain.ts'
import { markSections, rangeSections, type SectionMark } from './pdf-sections.ts'
import { alignHeadings, findTitle, joinBlocks, joinParagraphs, needsOwnOrder, splitBlocks } from './pdf-text.ts'

/** A PDF with more pages is refused: its page tree is as easily forged as a zip bomb. */
const PAGES_MAX = 20_000
/** Pages that PDFium reads at once: bounds its memory. Repeated heads are found within a batch. */
const BATCH_PAGES = 100
/** Pages of one document that text recognition reads, about two seconds each. */
const RECOGNISED_PAGES_MAX = 30
/** Share of the time limit after which no further page is recognised. */
const RECOGNITION_TIME_SHARE = 0.6
/** A whole PDF ends in a trailer; this many bytes at its end are searched for it. */
const TRAILER_BYTES = 1024 * 1024
/** What may stand before the PDF's first line (ISO 32000-1, annex H.3). */
const HEADER_BYTES = 1024

type ReadPage = {
  page: number
  width: number
  height: number
  /** liteparse's own, used where the page has one column and honest fonts. */
  markdown: string
  /** Emptied once the lines are read. */
  items: PlacedText[]
  lines: Line[]
  gutter: number | undefined
  /** Laid out from `lines`. */
  own: boolean
  /** Shows a picture and no text. */
  picture: boolean
  /** Stored already; without a target where it is not shown. */
  images: { name: string; target: string | undefined }[]
}

export async function convert(task: ConvertTask): Promise<Converted> {
  const whole = await readFile(task.path)
  // liteparse takes what does not begin as a PDF for another format and would look for a program to convert it.
  const header = whole.subarray(0, HEADER_BYTES).indexOf('%PDF-')
  if (header < 0)
    throw new DocumentError('corrupt', `${task.label} does not begin as a PDF does.`, 'Download or export it again.')
  const bytes = whole.subarray(header)
  if (!bytes.subarray(-TRAILER_BYTES).includes('startxref')) {
    throw new DocumentError(
      'corrupt',
      `${task.label} ends too early: it is not a whole PDF.`,
      'Download or export it again.',
    )
  }
  // pdf.js takes the memory that it is given.
  const facts = await openPdf(new Uint8Array(bytes), task.label)
  const native = facts.pages > PAGES_MAX ? undefined : await loadNative()
  // The plain text is read from the open file while it is written.
  if (facts.pages <= PAGES_MAX && native === undefined) return convertPlain(task, facts)
  await facts.close()
  if (native === undefined)
    throw new DocumentError(
      'bomb',
      `${task.label} claims ${facts.pages} pages; at most ${PAGES_MAX} are read.`,
      'Split it and add the parts.',
    )
  return convertNative(task, facts, native, bytes)
}

async function convertNative(task: ConvertTask, facts: PdfFacts, native: Native, bytes: Buffer): Promise<Converted> {
  const notes: string[] = []
  const pages = await readPages(task, facts, native, bytes)
  await recognisePictures(task, pages, native, bytes, notes)
  const running = runningText(pages)
  for (const page of pages) page.lines = page.lines.filter((line) => !isRunning(line, page.height, running))
  const lines = pages.flatMap((page) => page.lines)
  const headings = findHeadings(lines)
  const marks = markSections({
    pages: facts.pages,
    outline: facts.outline,
    printed: readPrintedContents(lines, facts.pages),
    headings,
  })
  const title = facts.title ?? findTitle(pages[0]?.lines ?? [], pages[0]?.height ?? 0)
  return {
    ...metadata(facts),
    ...(title === undefined ? {} : { title }),
    ...(marks.length === 0 ? {} : { outline: rangeSections(marks, facts.pages) }),
    body: { kind: 'pages', physical: true, pages: renderPages(pages, marks, title, native) },
    notes,
  }
}

async function readPages(task: ConvertTask, facts: PdfFacts, native: Native, bytes: Buffer): Promise<ReadPage[]> {
  const pages: ReadPage[] = []
  const mended: Mended = new Map()
  let length = 0
  for (let first = 1; first <= facts.pages; first += BATCH_PAGES) {
    const last = Math.min(facts.pages, first + BATCH_PAGES - 1)
    const batch = await native.read(bytes, first, last, task.label)
    const read = new Map(batch.pages.map((page) => [page.page, page]))
    for (let n = first; n <= last; n++) {
      const page = readPage(
        n,
        read.get(n),
        storeImages(
          task,
          batch.images.filter((image) => image.page === n),
        ),
        mended,
      )
      length += page.markdown.length
      boundText(length, task.label)
      pages.push(page)
    }
    const usual = usualGutter(pages.map((page) => page.gutter))
    for (const page of pages.slice(first - 1)) {
      if (page.gutter === undefined && usual !== undefined) readOrder(page, usual)
      mendLines(page.lines, mended)
      // What a page needs no more is let go: thousands of pages are read before the first is written.
      page.items = []
      if (!page.own) for (const line of page.lines) line.parts = []
    }
  }
  return pages
}

/** Pictures are large: they go out as they come. */
function storeImages(task: ConvertTask, images: NativeImage[]): ReadPage['images'] {
  return images.map(({ name, bytes }) => ({ name, target: task.images.add(bytes) }))
}

function readPage(n: number, page: NativePage | undefined, images: ReadPage['images'], mended: Mended): ReadPage {
  const empty = { page: n, lines: [], own: false, gutter: undefined, images }
  if (page === undefined) return { ...empty, width: 612, height: 792, markdown: '', items: [], picture: true }
  const { width, height, markdown } = page
  const items = mendItems(page.items, mended)
  const read: ReadPage = {
    ...empty,
    width,
    height,
    markdown: items.length === 0 && images.length === 0 ? '' : markdown.replace(/^```\w*\n\s*```$/gm, ''),
    items,
    picture: items.length === 0 && (page.scanned || images.length > 0),
  }
  readOrder(read)
  return read
}

/** Reads the page's lines; `usual` as in `readLines`. */
function readOrder(page: ReadPage, usual?: number): void {
  const { lines, gutter } = readLines(page, usual)
  page.lines = lines
  page.gutter = gutter
  page.own = needsOwnOrder(lines, gutter)
}

/** Reads pages that are pictures, as far as the bounds go, and says which have no text. */
async function recognisePictures(
  task: ConvertTask,
  pages: ReadPage[],
  native: Native,
  bytes: Buffer,
  notes: string[],
): Promise<void> {
  const pictures = pages.filter((page) => page.picture)
  if (pictures.length === 0) {
    if (pages.every((page) => page.markdown.trim() === '')) notes.push('No page has text.')
    return
  }
  const started = performance.now()
  const recognised: number[] = []
  await using data = await unpackLanguageData(task.path)
  for (const page of data === undefined ? [] : pictures.slice(0, RECOGNISED_PAGES_MAX)) {
    if (performance.now() - started > task.limits.convertTimeoutMs * RECOGNITION_TIME_SHARE) break
    page.items = await native.recognise(bytes, page.page, data?.folder ?? '').catch(() => [])
    readOrder(page)
    page.items = []
    if (page.lines.length === 0) continue
    recognised.push(page.page)
  }
  const without = pictures.map(({ page }) => page).filter((page) => !recognised.includes(page))
  if (recognised.length > 0)
    notes.push(
      `${pagesWord(recognised)} ${recognised.length === 1 ? 'was' : 'were'} read by text recognition: expect mistakes.`,
    )
  if (without.length > 0) notes.push(withoutText(without))
}

function* renderPages(
  pages: ReadPage[],
  marks: SectionMark[],
  title: string | undefined,
  native: Native,
): Generator<ConvertedPage> {
  const byPage = Map.groupBy(marks, (mark) => mark.page)
  for (const page of pages) {
    const blocks: LaidOut[] = page.own ? splitBlocks(page.lines, page.width, page.height) : []
    const text = joinParagraphs(page.own ? joinBlocks(native.layOut(blocks)) : page.markdown)
    const here = byPage.get(page.page) ?? []
    if (page.picture && page.lines.length === 0) {
      yield { content: placeImages(`*Page ${page.page} has no text.*`, page) }
      continue
    }
    yield { content: placeImages(marks.length === 0 ? text : alignHeadings(text, here, title), page) }
  }
}

/**
 * Puts stored images where liteparse saw them, with the caption below as their description, else at the end of the
 * page. Links of those not shown are dropped.
 */
function placeImages(markdown: string, page: ReadPage): string {
  const targets = new Map(page.images.map(({ name, target }) => [name, target]))
  const placed = new Set<string>()
  const text = markdown.replace(
    /!\[([^\]]*)\]\(([^)\s]*)\)(?=(?:\n\n\*{0,2}((?:figure|fig\.|abbildung|abb\.|figura) ?\d[^\n]{0,200}))?)/gi,
    (_, alt: string, name: string, caption?: string) => {
      const target = targets.get(name)
      if (target === undefined || placed.has(name)) return ''
      placed.add(name)
      return `![${alt === '' ? (caption ?? '').replace(/[*[\]\\]/g, '').trim() : alt}](${target})`
    },
  )
  const rest = page.images.filter(({ name }) => !placed.has(name)).flatMap(({ name }) => targets.get(name) ?? [])
  return [text.replace(/\n{3,}/g, '\n\n').trim(), ...new Set(rest.map((target) => `![](${target})`))]
    .filter((part) => part !== '')
    .join('\n\n')
}
