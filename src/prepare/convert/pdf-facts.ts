// What a PDF tells of itself, read in plain JavaScript: outline, metadata, and the text where nothing better can read it.
import { getDocumentProxy } from 'unpdf'
import { DocumentError, messageOf } from '../../core/errors.ts'

/** One entry of the PDF's own outline. */
export type OutlineMark = {
  title: string
  level: number
  page: number
  /** Points from the page's bottom, where the entry says so. */
  bottom?: number
}

export type PdfFacts = {
  pages: number
  title?: string
  author?: string
  /** `YYYY-MM-DDThh:mm:ss` with the zone that the PDF gives. */
  date?: string
  language?: string
  outline: OutlineMark[]
  /** Raw text of each page, from 1 to `last`, in the order of the file. */
  text: (last: number) => AsyncGenerator<string>
  close: () => Promise<void>
}

type PdfDocument = Awaited<ReturnType<typeof getDocumentProxy>>
type OutlineItem = { title: string; dest: string | unknown[] | null; items: OutlineItem[] }

const OUTLINE_ENTRIES_MAX = 5_000
const OUTLINE_DEPTH_MAX = 6

/** Opens a PDF without running anything in it. Throws `DocumentError` (`encrypted`, `corrupt`) naming `label`. */
export async function openPdf(bytes: Uint8Array, label: string): Promise<PdfFacts> {
  let pdf: PdfDocument
  const stray = ignoreStrayRejections()
  try {
    pdf = await getDocumentProxy(bytes, { verbosity: 0, stopAtErrors: false, enableXfa: false })
  } catch (error) {
    await stray.end()
    if ((error as { name?: unknown } | null)?.name === 'PasswordException') {
      throw new DocumentError(
        'encrypted',
        `${label} is encrypted: it opens with a password alone.`,
        'Save a copy without the password and add that.',
      )
    }
    throw new DocumentError(
      'corrupt',
      `${label} cannot be read as a PDF: ${messageOf(error)}`,
      'Download or export it again.',
    )
  }
  const facts: PdfFacts = {
    pages: pdf.numPages,
    outline: await readOutline(pdf).catch(() => []),
    text: (last) => readText(pdf, last),
    close: async () => {
      await pdf.loadingTask.destroy()
      await stray.end()
    },
  }
  const told = await pdf.getMetadata().catch(() => undefined)
  const info = (told?.info ?? {}) as Record<string, unknown>
  const title = honestTitle(info['Title'])
  const author = honestTitle(info['Author'])
  const date = pdfDate(info['CreationDate'])
  const language = plain(info['Language'])
  if (title !== undefined) facts.title = title
  if (author !== undefined) facts.author = author
  if (date !== undefined) facts.date = date
  if (language !== undefined) facts.language = language
  return facts
}

/**
 * While a PDF is open: pdf.js leaves promises for broken parts that nobody waits for, whose rejection would end the
 * process. What matters of them is thrown by the calls that need those parts.
 */
function ignoreStrayRejections(): { end: () => Promise<void> } {
  const ignore = (): void => {}
  process.on('unhandledRejection', ignore)
  return {
    end: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', ignore)
    },
  }
}

async function readOutline(pdf: PdfDocument): Promise<OutlineMark[]> {
  const marks: OutlineMark[] = []
  const pages = new Map<string, number>()
  const walk = async (items: OutlineItem[], level: number): Promise<void> => {
    for (const item of items) {
      if (marks.length >= OUTLINE_ENTRIES_MAX || level > OUTLINE_DEPTH_MAX) return
      const target = typeof item.dest === 'string' ? await pdf.getDestination(item.dest).catch(() => null) : item.dest
      const page = target === null ? undefined : await pageOf(pdf, target[0], pages)
      const title = plain(item.title)
      if (page !== undefined && title !== undefined) {
        const bottom = [target?.[3], target?.[2]].find((value) => typeof value === 'number')
        marks.push({ title, level, page, ...(typeof bottom === 'number' && isAt(target) ? { bottom } : {}) })
      }
      await walk(item.items ?? [], level + 1)
    }
  }
  await walk(((await pdf.getOutline()) ?? []) as OutlineItem[], 1)
  return marks
}

/** Whether a destination says how high on the page it is (ISO 32000-1, 12.3.2.2). */
function isAt(target: unknown[] | null): boolean {
  const kind = (target?.[1] as { name?: unknown } | undefined)?.name
  return kind === 'XYZ' || kind === 'FitH' || kind === 'FitBH'
}

async function pageOf(pdf: PdfDocument, ref: unknown, known: Map<string, number>): Promise<number | undefined> {
  if (typeof ref === 'number') return ref >= 0 && ref < pdf.numPages ? ref + 1 : undefined
  const key = JSON.stringify(ref)
  const hit = known.get(key)
  if (hit !== undefined) return hit
  const page = await pdf.getPageIndex(ref as Parameters<PdfDocument['getPageIndex']>[0]).then(
    (at) => at + 1,
    () => undefined,
  )
  if (page !== undefined) known.set(key, page)
  return page
}

async function* readText(pdf: PdfDocument, last: number): AsyncGenerator<string> {
  for (let n = 1; n <= last; n++) {
    const page = await pdf.getPage(n).catch(() => undefined)
    const content = await page?.getTextContent({ disableNormalization: true }).catch(() => undefined)
    yield (content?.items ?? []).map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join('')
    page?.cleanup()
  }
}

function plain(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const text = value.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return text === '' ? undefined : text
}

/** The title or name that a person gave, not what the typesetter's program put there. */
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
