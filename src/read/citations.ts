// Citations of an answer: found in its text, held against the pages that they name, and dropped where they do not hold.
import { inertArticle, inertLine, type LinkResolver } from '../core/inert-markdown.ts'
import { headingTarget, parsePage } from '../core/page.ts'
import { QuoteFinder } from '../core/quote-finder.ts'
import type { Citation } from '../core/results.ts'
import type { QuerySources } from './query-sources.ts'

const CITATIONS_MAX = 30
const QUOTE_CHARACTERS_MAX = 400
const ANSWER_CHARACTERS_MAX = 20_000

/** The line after which an answer lists its sources. */
export const SOURCES_LINE = /^[ \t]*(?:#{1,6}[ \t]*|\*\*)?sources:?(?:\*\*)?:?[ \t]*$/i
const SOURCE = /^\s*(?:[-*]\s+)?\[(\d{1,3})\]:?\s+`?([^\s`"“:]+)`?(?:,?\s+\(?(?:pages?|p\.)\s*(\d{1,6})\)?)?\s*[:,–—-]?\s*["“](.+)["”]\s*$/i

type Claim = { number: number; page: string; pageNumber: number | undefined; quote: string }

/** An answer whose `[n]` are citations that hold, numbered from 1 in the order of the text. Others are taken out. */
export async function checkCitations(raw: string, sources: QuerySources, resolve: LinkResolver): Promise<{ answer: string; citations: Citation[] }> {
  const { body, claims } = splitSources(raw)
  const held = new Map<number, Citation>()
  for (const claim of claims.slice(0, CITATIONS_MAX)) {
    const citation = await checkClaim(claim, sources)
    if (citation !== undefined) held.set(claim.number, citation)
  }
  const order: number[] = []
  const marked = body.replace(/(?:[ \t]*\[\d{1,3}(?:\s*[,;]\s*\d{1,3})*\])+(?!\()/g, (marks) => {
    const numbers = [...new Set([...marks.matchAll(/\d+/g)].map((match) => Number(match[0])))].filter((number) => held.has(number))
    for (const number of numbers) if (!order.includes(number)) order.push(number)
    return numbers.length === 0 ? '' : ` [${numbers.map((number) => order.indexOf(number) + 1).join(', ')}]`
  })
  for (const number of held.keys()) if (!order.includes(number)) order.push(number)
  return { answer: inertArticle(marked, ANSWER_CHARACTERS_MAX, resolve), citations: order.flatMap((number) => held.get(number) ?? []) }
}

function splitSources(raw: string): { body: string; claims: Claim[] } {
  const lines = raw.replace(/\r\n?/g, '\n').split('\n')
  const at = lines.findLastIndex((line) => SOURCES_LINE.test(line))
  if (at === -1) return { body: raw, claims: [] }
  const claims = lines.slice(at + 1).flatMap((line) => {
    const [, number, page = '', pageNumber, quote = ''] = SOURCE.exec(line) ?? []
    return number === undefined ? [] : [{ number: Number(number), page, pageNumber: pageNumber === undefined ? undefined : Number(pageNumber), quote }]
  })
  return { body: lines.slice(0, at).join('\n'), claims }
}

async function checkClaim({ page, pageNumber, quote }: Claim, sources: QuerySources): Promise<Citation | undefined> {
  const document = documentOf(page)
  if (document !== undefined && pageNumber !== undefined) {
    // Models count pages by what is printed on them as readily as by what they were told.
    for (const number of [pageNumber, pageNumber + 1, pageNumber - 1]) {
      const found = await sources.pageText(document, number)
      const text = found === undefined ? undefined : quoted(found.text, quote)
      if (found !== undefined && text !== undefined) return { page: found.page, document, pageNumber: number, quote: text }
    }
  }
  const text = await sources.page(page)
  if (text === undefined) return undefined
  if (page.endsWith('.json')) return document === undefined ? undefined : citeLong(page, document, text, quote)
  const span = new QuoteFinder(text).find(quote)
  if (span === undefined) return undefined
  const from = document ?? sectionDocument(text, quote)
  return { page, document: from ?? '', quote: inertLine(text.slice(span.start, span.end), QUOTE_CHARACTERS_MAX) }
}

function citeLong(page: string, document: string, text: string, quote: string): Citation | undefined {
  for (const entry of text.split('\n').flatMap(parseEntry)) {
    const found = quoted(entry.content, quote)
    if (found !== undefined) return { page, document, pageNumber: entry.page, quote: found }
  }
  return undefined
}

/** A line of the text of a long document: the file is a JSON array with one page a line. */
function parseEntry(line: string): { page: number; content: string }[] {
  try {
    const entry = JSON.parse(line.trim().replace(/^\[(?=\{)|(?:,|\])*$/g, '')) as { page?: unknown; content?: unknown }
    return typeof entry.page === 'number' && typeof entry.content === 'string' ? [{ page: entry.page, content: entry.content }] : []
  } catch {
    return []
  }
}

function quoted(text: string, quote: string): string | undefined {
  const span = new QuoteFinder(text).find(quote)
  return span === undefined ? undefined : inertLine(text.slice(span.start, span.end), QUOTE_CHARACTERS_MAX)
}

/** The document whose summary or text a page is: by its name. */
export function documentOf(page: string): string | undefined {
  return /^wiki\/(?:sources|summaries)\/(?:v\d+\/)?([^/]+?)\.(?:md|json)$/.exec(page)?.[1]
}

/** The document of the section of a topic page that has the quote. */
function sectionDocument(text: string, quote: string): string | undefined {
  const section = parsePage(text).sections.find(({ body }) => new QuoteFinder(body).find(quote) !== undefined)
  const target = section === undefined ? undefined : headingTarget(section.heading)
  return target === undefined ? undefined : documentOf(`wiki/${target}.md`)
}
