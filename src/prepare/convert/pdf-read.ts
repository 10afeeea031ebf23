// Reads the pages of a PDF: lines in reading order, pictures, and, by text recognition, pages without letters.
import { DocumentError } from '../../core/errors.ts'
import type { ConvertTask } from './converter.ts'
import { describedByModel } from '../seen-pictures.ts'
import type { SeenPage } from '../../core/document/seen.ts'
import { drawPage } from './pdf-draw.ts'
import { isEngineFailure, type Engine } from './pdf-engine.ts'
import { decoded, isGarbled, plausibility } from './pdf-garbled.ts'
import type { PlacedImage } from './pdf-layout.ts'
import { usualGutter } from './pdf-gutter.ts'
import { readLines, textOfWords, type Line } from './pdf-lines.ts'
import { escapeText } from './markdown.ts'
import { loadNative, type Native } from './pdf-native.ts'
import { garbled, readByModel, recognised, undecoded, withoutText } from './pdf-notes.ts'
import { unpackLanguageData } from './pdf-ocr.ts'
import { readPage, type PageContent, type PageText } from './pdf-page.ts'
import { recognisedWords, type Word } from './pdf-words.ts'

/** Pages whose pictures are extracted at once: bounds the memory for them. */
const BATCH_PAGES = 100
/** Maximum pages per document for text recognition, about two seconds each. */
const RECOGNISED_PAGES_MAX = 30
/** Share of the time limit after which no further page is recognised. */
const RECOGNITION_TIME_SHARE = 0.6
/** Maximum UTF-16 units of text over all pages. */
const TEXT_LENGTH_MAX = 64 * 1024 * 1024
/** Maximum letters next to a full-page picture that are a stamp or a heading rather than the page's text. */
const STAMP_LETTERS_MAX = 150
/** Share of the letters of text recognition that a model's text has at least. */
const TRANSCRIPT_SHARE_MIN = 0.5
/** Share of the time limit after which no further page is drawn. */
const DRAWING_TIME_SHARE = 0.2

/** The lines of a page's text in one direction. */
export type DirectedLines = { lines: Line[]; height: number }
export type ReadPage = DirectedLines & {
  page: number
  width: number
  /** Text in other directions than the page's own. */
  turned: DirectedLines[]
  /** Markdown of overlaid text. */
  extras: string[]
  images: PlacedImage[]
  /** Markdown of what a model read on it; then there are no lines. */
  transcript?: string | undefined
  /** Its words in the order of the file, line by line, for the coverage check. */
  plain: string[]
  /** Shows something that could not be read. */
  lacksText: boolean
}

export async function readPages(
  task: ConvertTask,
  engine: Engine,
  bytes: Buffer,
): Promise<{ pages: ReadPage[]; notes: string[] }> {
  const contents = readContents(task, engine)
  const wanted = contents
    .map((content, index) => ({ content, page: index + 1 }))
    .filter(({ content }) => needsRecognition(content))
  const native = wanted.length > 0 || contents.some(({ pictured }) => pictured) ? await loadNative() : undefined
  const recognition = await recognise(task, { contents, wanted }, native, bytes)
  const images = await readImages(task, contents, native, bytes)
  const targetsOn = (page: number): string[] =>
    images.filter((image) => image.page === page).map(({ target }) => target)
  const pages = contents.map((content, index) => linesOf(content, index + 1))
  const usual = usualGutter(pages.map(({ gutter }) => gutter))
  const read = pages.map(({ gutter, ...page }, index): ReadPage => {
    const content = contents[index] as PageContent
    const again = gutter === undefined && usual !== undefined ? linesOf(content, index + 1, usual) : page
    return {
      page: index + 1,
      ...again,
      extras: content.extras.map((text) => escapeText(text).replaceAll('\n', '\n\n')),
      transcript: content.transcript,
      plain: plainLines(content),
      images: images.filter((image) => image.page === index + 1),
      lacksText: recognition.without.includes(index + 1),
    }
  })
  const notes = [...recognition.notes]
  if (
    read.every(
      ({ lines, extras, turned, transcript, lacksText }) =>
        lines.length + extras.length + turned.length === 0 && transcript === undefined && !lacksText,
    )
  )
    notes.push('No page has text.')
  drawScans(
    task,
    engine,
    wanted.map(({ page }) => ({ page, images: targetsOn(page) })),
  )
  return { pages: read, notes }
}

function readContents(task: ConvertTask, engine: Engine): PageContent[] {
  let length = 0
  return Array.from({ length: engine.pages }, (_, index) => {
    const content = readPage(engine, index) ?? BLANK
    for (const { words } of content.texts) for (const { text } of words) length += text.length + 1
    for (const extra of content.extras) length += extra.length
    if (length > TEXT_LENGTH_MAX)
      throw new DocumentError(
        'bomb',
        `${task.label} has more than ${TEXT_LENGTH_MAX} letters of text.`,
        'Split it and add the parts.',
      )
    return content
  })
}

/** A damaged page: text recognition may still work. */
const BLANK: PageContent = {
  texts: [{ angle: 0, width: 612, height: 792, words: [] }],
  extras: [],
  pictured: true,
  covered: 1,
  drawn: false,
}

function lettersOf(content: PageContent): number {
  return content.texts.reduce((sum, { words }) => sum + words.reduce((all, { text }) => all + text.length, 0), 0)
}

function needsRecognition(content: PageContent): boolean {
  const letters = lettersOf(content)
  if (letters === 0) return content.pictured || content.drawn
  if (letters < STAMP_LETTERS_MAX && content.covered > 0.5) return true
  return isSenseless(content)
}

function isSenseless(content: PageContent): boolean {
  return isGarbled(plausibility(content.texts.flatMap(({ words }) => words)))
}

/** Recognises pages whose letters are missing or make no sense, within the limits, and reports which have no text. */
async function recognise(
  task: ConvertTask,
  { contents, wanted }: { contents: PageContent[]; wanted: { content: PageContent; page: number }[] },
  native: Native | undefined,
  bytes: Buffer,
): Promise<{ notes: string[]; without: number[] }> {
  const started = performance.now()
  const done: number[] = []
  const unread = new Set(wanted.filter(({ content }) => lettersOf(content) > 0 && isSenseless(content)))
  await using data = wanted.length === 0 || native === undefined ? undefined : await unpackLanguageData(task.path)
  for (const each of data === undefined ? [] : wanted.slice(0, RECOGNISED_PAGES_MAX)) {
    const { content, page } = each
    if (performance.now() - started > task.limits.convertTimeoutMs * RECOGNITION_TIME_SHARE) break
    const read = await native?.recognise(bytes, page, data?.folder ?? '').catch(() => undefined)
    if (read === undefined || read.items.length === 0) continue
    // Recognition that reads no better confirms what is there.
    unread.delete(each)
    if (adopt(content, recognisedWords(read.items), read)) done.push(page)
  }
  const read = adoptTranscripts(task.seen?.pages ?? [], wanted)
  const senseless = [...unread].map(({ page }) => page).filter((page) => !read.includes(page))
  const unknown = contents.flatMap((content, index) => (dropUndecoded(content) ? index + 1 : []))
  const without = wanted.filter(
    ({ content, page }) =>
      lettersOf(content) === 0 && content.extras.length === 0 && !done.includes(page) && !read.includes(page),
  )
  const pages = without.filter(({ content }) => content.pictured).map(({ page }) => page)
  const notes: string[] = []
  if (read.length > 0) notes.push(readByModel(read))
  const alone = done.filter((page) => !read.includes(page))
  if (alone.length > 0) notes.push(recognised(alone))
  if (senseless.length > 0) notes.push(garbled(senseless))
  if (unknown.length > 0) notes.push(undecoded(unknown))
  if (pages.length > 0) notes.push(withoutText(pages))
  return { notes, without: pages }
}

/**
 * Uses what a model read on a page as its text, unless text recognition found far more: a model may leave out most of a
 * page. Returns the pages.
 */
function adoptTranscripts(seen: SeenPage[], wanted: { content: PageContent; page: number }[]): number[] {
  const read: number[] = []
  for (const { content, page } of wanted) {
    const { text, description } = seen.find((one) => one.page === page) ?? { text: '', description: '' }
    const letters = text.replace(/[^\p{L}\p{N}]/gu, '').length
    const known = isSenseless(content) ? 0 : lettersOf(content)
    if (letters < known * TRANSCRIPT_SHARE_MIN || (letters === 0 && description === '')) continue
    const main = content.texts[0] as PageText
    content.texts = [{ ...main, angle: 0, words: [] }]
    content.transcript = [text, describedByModel(description)].filter((part) => part !== '').join('\n\n')
    read.push(page)
  }
  return read
}

/** Draws pages for a model. PDFium is not used after this: a page that it cannot draw may leave it in disorder. */
function drawScans({ scans, limits }: ConvertTask, engine: Engine, wanted: { page: number; images: string[] }[]): void {
  const started = performance.now()
  for (const { page, images } of wanted.slice(0, scans?.pagesMax ?? 0)) {
    if (performance.now() - started > limits.convertTimeoutMs * DRAWING_TIME_SHARE) return
    try {
      const png = drawPage(engine, page - 1)
      if (png !== undefined) scans?.add(page, png, images)
    } catch (error) {
      if (isEngineFailure(error)) return
      throw error
    }
  }
}

/** Uses recognised words as the page's text if they are more plausible or far more numerous. */
function adopt(content: PageContent, words: Word[], { width, height }: { width: number; height: number }): boolean {
  if (words.length === 0) return false
  const own = content.texts.flatMap((text) => text.words)
  const letters = words.reduce((sum, { text }) => sum + text.length, 0)
  const garbled = isGarbled(plausibility(own))
  if (own.length > 0 && garbled && plausibility(words) <= plausibility(own)) return false
  if (own.length > 0 && !garbled && letters < lettersOf(content) * 2) return false
  const text: PageText = { angle: 0, width, height, words }
  content.texts = [text]
  return true
}

/** Drops words with unknown letters; true if that was more than a sign or two. */
function dropUndecoded(content: PageContent): boolean {
  let dropped = 0
  for (const text of content.texts) {
    const kept = decoded(text.words)
    if (kept.length === text.words.length) continue
    dropped +=
      text.words.reduce((sum, word) => sum + word.text.length, 0) -
      kept.reduce((sum, word) => sum + word.text.length, 0)
    text.words = kept
  }
  return dropped > 5
}

/** Pictures are large: each is stored as soon as it is extracted. */
async function readImages(
  task: ConvertTask,
  contents: PageContent[],
  native: Native | undefined,
  bytes: Buffer,
): Promise<(PlacedImage & { page: number })[]> {
  const pictured = contents.flatMap(({ pictured }, index) => (pictured ? index + 1 : []))
  const images: (PlacedImage & { page: number })[] = []
  if (native === undefined) return images
  for (let first = 0; first < pictured.length; first += BATCH_PAGES) {
    const found = await native.images(bytes, pictured.slice(first, first + BATCH_PAGES)).catch(() => [])
    for (const { bytes: image, ...place } of found) {
      const target = task.images.add(image)
      if (target !== undefined) images.push({ ...place, target })
    }
  }
  return images
}

function linesOf(
  { texts }: PageContent,
  page: number,
  usual?: number,
): DirectedLines & { width: number; turned: DirectedLines[]; gutter: number | undefined } {
  const [main, ...others] = texts as [PageText, ...PageText[]]
  const { lines, gutter } = readLines({ page, width: main.width, words: main.words }, usual)
  const turned = others.map((text) => ({ height: text.height, lines: readTurned(text, page) }))
  return { lines, gutter, width: main.width, height: main.height, turned }
}

/** Lines before any layout, as in the file. */
function plainLines({ texts, extras }: PageContent): string[] {
  const lines: string[] = []
  for (const { words } of texts) {
    let from = 0
    words.forEach((word, index) => {
      const next = words[index + 1]
      if (next !== undefined && Math.abs(next.baseline - word.baseline) < 1 && next.x >= word.x) return
      lines.push(textOfWords(words.slice(from, index + 1)))
      from = index + 1
    })
  }
  return [...lines, ...extras]
}

/** Slanted text is one line, word by word: its baselines do not form rows. */
function readTurned({ angle, width, words }: PageText, page: number): Line[] {
  if (angle % 90 === 0) return readLines({ page, width, words }).lines
  const size = words[0]?.size ?? 10
  let x = 0
  const level = words.map((word): Word => {
    const placed = { ...word, x, baseline: 0, spaced: true }
    x += word.width + size * 0.3
    return placed
  })
  return readLines({ page, width: x, words: level }).lines
}
