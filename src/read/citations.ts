// Citations of an answer: found in its text, checked against the pages that they name, and dropped if they fail.
import { sanitizeLine } from '../core/page/sanitize-markdown.ts'
import { headingTarget, parsePage } from '../core/page/page.ts'
import { QuoteFinder } from '../core/search/quote-finder.ts'
import type { Citation } from '../core/results.ts'
import type { CitedSources } from './opened.ts'

const CITATIONS_MAX = 30
const QUOTE_CHARACTERS_MAX = 400

/** The line before the list of an answer's sources, and the line that ends a list that comes first. */
export const SOURCES_LINE = /^[ \t]*(?:#{1,6}[ \t]*|\*\*)?sources:?(?:\*\*)?:?[ \t]*$/i
export const ANSWER_LINE = /^[ \t]*(?:#{1,6}[ \t]*|\*\*)?answer:?(?:\*\*)?:?[ \t]*$/i
const SOURCE =
  /^\s*(?:[-*]\s+)?\[(\d{1,3})\]:?\s+`?([^\s`"“:]+)`?(?:,?\s+\(?(?:pages?|p\.)\s*(\d{1,6})\)?)?\s*[:,–—-]?\s*["“](.+)["”]\s*$/i

type Claim = { number: number; page: string; pageNumber: number | undefined; quote: string }

/** Sources that passed the check, and which of them each mark of the answer refers to, from 1. */
export type HeldSources = { citations: Citation[]; numbers: ReadonlyMap<number, number> }

/** The list of sources and the rest, whichever comes first. */
export function splitAnswer(raw: string): { list: string[]; body: string[] } {
  const lines = raw.replace(/\r\n?/g, '\n').trim().split('\n')
  const answer = SOURCES_LINE.test(lines[0] ?? '') ? lines.findIndex((line) => ANSWER_LINE.test(line)) : -1
  if (answer !== -1) return { list: lines.slice(1, answer), body: lines.slice(answer + 1) }
  const sources = lines.findLastIndex((line) => SOURCES_LINE.test(line))
  return sources === -1 ? { list: [], body: lines } : { list: lines.slice(sources + 1), body: lines.slice(0, sources) }
}

/** Checks each source of the list against the page that it names. */
export async function checkSources(list: string[], sources: CitedSources): Promise<HeldSources> {
  const citations: Citation[] = []
  const numbers = new Map<number, number>()
  for (const line of list.slice(0, CITATIONS_MAX)) {
    const [, number, page = '', pageNumber, quote = ''] = SOURCE.exec(line) ?? []
    if (number === undefined || numbers.has(Number(number))) continue
    const claim = {
      number: Number(number),
      page,
      pageNumber: pageNumber === undefined ? undefined : Number(pageNumber),
      quote,
    }
    const citation = await checkClaim(claim, sources)
    if (citation !== undefined) numbers.set(claim.number, citations.push(citation))
  }
  return { citations, numbers }
}

/** The line with its marks (`[1]`, `[1, 2]`, `[1][2]`) renumbered to the checked sources; other marks are removed. */
export function renumberMarks(line: string, { numbers }: HeldSources): string {
  return line.replace(/(?:[ \t]*\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])+(?!\()/g, (marks) => {
    const held = [...new Set([...marks.matchAll(/\d+/g)].flatMap((match) => numbers.get(Number(match[0])) ?? []))]
    return held.length === 0 ? '' : `${/^[ \t]/.test(marks) ? ' ' : ''}[${held.join(', ')}]`
  })
}

async function checkClaim({ page, pageNumber, quote }: Claim, sources: CitedSources): Promise<Citation | undefined> {
  const document = documentOf(page) ?? (page.includes('/') ? undefined : page)
  if (document !== undefined && pageNumber !== undefined) {
    // Models count pages by their printed numbers as readily as by the given ones.
    for (const number of [pageNumber, pageNumber + 1, pageNumber - 1]) {
      const found = await sources.pageText(document, number)
      const text = found === undefined ? undefined : quoted(found.text, quote)
      if (found !== undefined && text !== undefined)
        return { page: found.page, document, pageNumber: number, quote: text }
    }
  }
  const text = await sources.page(page)
  if (text === undefined) return undefined
  if (page.endsWith('.json')) return document === undefined ? undefined : citeLong(page, document, text, quote)
  const span = new QuoteFinder(text).find(quote)
  if (span === undefined) return undefined
  const from = document ?? sectionDocument(text, quote)
  return { page, document: from ?? '', quote: sanitizeLine(text.slice(span.start, span.end), QUOTE_CHARACTERS_MAX) }
}

function citeLong(page: string, document: string, text: string, quote: string): Citation | undefined {
  for (const entry of text.split('\n').flatMap(parseEntry)) {
    const found = quoted(entry.content, quote)
    if (found !== undefined) return { page, document, pageNumber: entry.page, quote: found }
  }
  return undefined
}

/** A line of the text of a long document: the file is a JSON array with one page per line. */
function parseEntry(line: string): { page: number; content: string }[] {
  try {
    const entry = JSON.parse(line.trim().replace(/^\[(?=\{)|(?:,|\])*$/g, '')) as { page?: unknown; content?: unknown }
    return typeof entry.page === 'number' && typeof entry.content === 'string'
      ? [{ page: entry.page, content: entry.content }]
      : []
  } catch {
    return []
  }
}

function quoted(text: string, quote: string): string | undefined {
  const span = new QuoteFinder(text).find(quote)
  return span === undefined ? undefined : sanitizeLine(text.slice(span.start, span.end), QUOTE_CHARACTERS_MAX)
}

/** The document whose summary or text a page is, by its name. */
export function documentOf(page: string): string | undefined {
  return /^wiki\/(?:sources|summaries)\/(?:v\d+\/)?([^/]+?)\.(?:md|json)$/.exec(page)?.[1]
}

/** The document whose section of a topic page has the quote. */
function sectionDocument(text: string, quote: string): string | undefined {
  const section = parsePage(text).sections.find(({ body }) => new QuoteFinder(body).find(quote) !== undefined)
  const target = section === undefined ? undefined : headingTarget(section.heading)
  return target === undefined ? undefined : documentOf(`wiki/${target}.md`)
}
