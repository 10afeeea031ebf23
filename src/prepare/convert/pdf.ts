// PDF: Markdown per page, the section tree, pictures, metadata. Runs in a separate process because pictures and text
// recognition use native code.
import { readFile } from 'node:fs/promises'
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask, Converted, ConvertedPage } from './converter.ts'
import type { PlainPart } from '../coverage.ts'
import { withTables } from './pdf-captions.ts'
import { readPrintedContents } from './pdf-contents.ts'
import { corrupt, isEngineFailure, openEngine, type Engine } from './pdf-engine.ts'
import { readFacts } from './pdf-facts.ts'
import { bodyStyle, findHeadings } from './pdf-headings.ts'
import { jointOf } from './pdf-inline.ts'
import { layOut, type LayoutOptions } from './pdf-layout.ts'
import { isRunning, runningText } from './pdf-running.ts'
import { headingsByLine, locateMarks } from './pdf-locate.ts'
import { readPages, type ReadPage } from './pdf-read.ts'
import { markSections, rangeSections } from './pdf-sections.ts'
import { findTitle, headTitle } from './pdf-title.ts'

/** A PDF with more pages is refused: a page tree is as easily forged as a zip bomb. */
const PAGES_MAX = 20_000
/** A complete PDF ends in a trailer; this many bytes at the end are searched for it. */
const TRAILER_BYTES = 1024 * 1024
/** Bytes that may precede the PDF's first line (ISO 32000-1, annex H.3). */
const HEADER_BYTES = 1024

export async function convert(task: ConvertTask): Promise<Converted> {
  const whole = await readFile(task.path)
  const header = whole.subarray(0, HEADER_BYTES).indexOf('%PDF-')
  if (header < 0)
    throw new DocumentError('corrupt', `${task.label} does not begin like a PDF.`, 'Download or export it again.')
  const bytes = whole.subarray(header)
  if (!bytes.subarray(-TRAILER_BYTES).includes('startxref')) {
    throw new DocumentError(
      'corrupt',
      `${task.label} ends too early: part of the PDF is missing.`,
      'Download or export it again.',
    )
  }
  const engine = await openEngine(bytes, task.label)
  if (engine.pages > PAGES_MAX) engine.pages = countPages(engine, task.label)
  try {
    const converted = await convertPages(task, engine, bytes)
    engine.close()
    return converted
  } catch (error) {
    throw isEngineFailure(error) ? corrupt(task.label, error.message) : error
  }
}

/** The number of pages of a document that claims too many. Throws `DocumentError` (`bomb`) if it really has them. */
function countPages({ pdfium, document, pages }: Engine, label: string): number {
  const exists = (index: number): boolean => {
    const page = pdfium.FPDF_LoadPage(document, index)
    if (page !== 0) pdfium.FPDF_ClosePage(page)
    return page !== 0
  }
  if (exists(PAGES_MAX)) {
    throw new DocumentError(
      'bomb',
      `${label} claims ${pages} pages; at most ${PAGES_MAX} are read.`,
      'Split it and add the parts.',
    )
  }
  let [known, beyond] = [0, PAGES_MAX]
  while (known < beyond) {
    const middle = (known + beyond) >> 1
    if (exists(middle)) known = middle + 1
    else beyond = middle
  }
  return known
}

async function convertPages(task: ConvertTask, engine: Engine, bytes: Buffer): Promise<Converted> {
  const facts = readFacts(engine)
  const { pages, notes } = await readPages(task, engine, bytes)
  const dropped = dropRunning(pages)
  const lines = pages.flatMap((page) => page.lines)
  const located = locateMarks(
    markSections({
      pages: engine.pages,
      outline: facts.outline,
      printed: readPrintedContents(lines, engine.pages),
      headings: findHeadings(lines),
    }),
    lines,
  )
  const marks = withTables(located, lines, engine.pages)
  const title = facts.title ?? findTitle(pages[0]?.lines ?? [], pages[0]?.height ?? 0)
  const body = bodyStyle(lines)
  const headings = headingsByLine(marks, lines)
  if (title !== undefined) headTitle(title, lines, headings, body.size)
  const hyphenated = hyphenatedWords(pages)
  const options = { headings, body: body.size, mono: isTypewritten(pages), hyphenated }
  const { outline: _, ...own } = facts
  return {
    ...own,
    ...(title === undefined ? {} : { title }),
    ...(marks.length === 0 ? {} : { outline: rangeSections(marks, engine.pages) }),
    body: { kind: 'pages', physical: true, pages: renderPages(pages, options) },
    notes,
    plain: plainParts(pages, hyphenated),
    dropped,
  }
}

/** Removes running heads and feet, separately for each direction of text, and returns their text. */
function dropRunning(pages: ReadPage[]): string[] {
  const running = runningText(pages.flatMap((page) => [page, ...page.turned]))
  const dropped: string[] = []
  for (const page of pages) {
    for (const text of [page, ...page.turned]) {
      const { lines } = text
      text.lines = lines.filter((line) => {
        const runs = isRunning(line, text.height, running, lines)
        if (runs) dropped.push(line.text)
        return !runs
      })
    }
  }
  return dropped
}

/** For the coverage check, line by line; a word that continues on the next line is joined. */
function* plainParts(pages: ReadPage[], hyphenated: ReadonlySet<string>): Generator<PlainPart> {
  for (const { page, plain } of pages) {
    let text = ''
    for (const line of plain) {
      const { cut, space } = jointOf(text, line, hyphenated)
      if (space === '') text = text.slice(0, text.length - cut) + line
      else {
        yield { text, page }
        text = line
      }
    }
    yield { text, page }
  }
}

function isTypewritten(pages: ReadPage[]): boolean {
  let [mono, all] = [0, 0]
  for (const { lines } of pages) {
    for (const line of lines) {
      all += line.text.length
      if (line.mono === true) mono += line.text.length
    }
  }
  return mono > all * 0.6
}

/** Words with a hyphen inside a line: the same word at a line end keeps it. */
function hyphenatedWords(pages: ReadPage[]): Set<string> {
  const found = new Set<string>()
  for (const { lines } of pages)
    for (const { text } of lines)
      for (const [word] of text.matchAll(/[\p{L}\p{N}]+-[\p{L}\p{N}]+/gu)) found.add(word.toLowerCase())
  return found
}

function* renderPages(pages: ReadPage[], options: Omit<LayoutOptions, 'height'>): Generator<ConvertedPage> {
  for (const page of pages) {
    const texts = [page, ...page.turned].map(({ lines, height }, index) =>
      layOut(lines, index === 0 ? page.images : [], { ...options, height }),
    )
    const missing = page.lacksText ? [`*Page ${page.page} has no text.*`] : []
    yield {
      content: [...missing, ...texts, page.transcript ?? '', ...page.extras].filter((part) => part !== '').join('\n\n'),
    }
  }
}
