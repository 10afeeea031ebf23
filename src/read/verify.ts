// `kbgit verify`: whether what a text cites is on the pages that it names, at a commit.
import { createHash } from 'node:crypto'
import { KbError } from '../core/errors.ts'
import { parsePages } from '../core/document/stored-text.ts'
import { documentPaths, shardOf } from '../core/layout.ts'
import type { AtRevision } from '../core/options.ts'
import type { CheckedCitation, VerifyResult } from '../core/results.ts'
import { claimsIn, ELLIPSIS, type Claim } from '../core/search/cited-quotes.ts'
import { QuoteFinder } from '../core/search/quote-finder.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { pageByPath } from './find-page.ts'
import { lookForDocument } from './find-document.ts'

const TEXT_CHARACTERS_MAX = 32 * 1024 ** 2
/** Files kept in memory with their folded text. */
const FILES_KEPT_MAX = 20

type CitedFile = {
  page: string
  digest: string
  parts: { pageNumber: number | undefined; text: string; finder: QuoteFinder }[]
}

/** Throws `KbError`: `usage` for a text that is too long, `notFound` for an unknown revision. */
export async function verify(base: BaseReader, text: string, options: AtRevision = {}): Promise<VerifyResult> {
  if (text.length > TEXT_CHARACTERS_MAX) throw new KbError('usage', 'The text to verify is over 32 MiB.')
  const at = await commitAt(base, options)
  const files = new Map<string, Promise<CitedFile | undefined>>()
  const citations: CheckedCitation[] = []
  for (const claim of claimsIn(text)) citations.push(await check(base, at, claim, files))
  const held = citations.filter(({ holds }) => holds).length
  return { at, ok: held === citations.length && held > 0, checked: citations.length, held, citations }
}

async function check(
  base: BaseReader,
  at: string,
  { others = [], isDangling, ...claim }: Claim,
  files: Map<string, Promise<CitedFile | undefined>>,
): Promise<CheckedCitation> {
  if (isDangling === true) return { ...claim, holds: false, reason: 'noSource' }
  const { quote, line } = claim
  let first: CheckedCitation | undefined
  for (const place of [claim, ...others]) {
    const checked = await checkOne(base, at, { ...place, quote, line }, files)
    if (checked.holds) return checked
    first ??= checked
  }
  return first as CheckedCitation
}

async function checkOne(
  base: BaseReader,
  at: string,
  { heading, ...claim }: Omit<Claim, 'others' | 'isDangling'>,
  files: Map<string, Promise<CitedFile | undefined>>,
): Promise<CheckedCitation> {
  const key = `${claim.page}\0${claim.document ?? ''}`
  let opening = files.get(key)
  if (opening === undefined) {
    if (files.size >= FILES_KEPT_MAX) files.delete(files.keys().next().value ?? '')
    opening = openFile(base, at, claim)
    files.set(key, opening)
  }
  const file = await opening
  if (file === undefined) return { ...claim, holds: false, reason: 'noPage' }
  const { page, digest, parts } = file
  const found = { ...claim, page, digest }
  const { quote } = claim
  const named = namedParts(file, claim)
  if (named.length === 0) return { ...found, holds: false, reason: 'noPage' }
  if (quote === undefined) {
    if (heading === undefined || hasHeading(file, heading)) return { ...found, holds: true }
    return { ...found, holds: false, reason: 'noHeading', heading }
  }
  if (named.some(({ finder }) => has(finder, quote)) || (named.length > 1 && has(joined(named), quote)))
    return { ...found, holds: true }
  const other = parts.find(({ finder }) => has(finder, quote))
  if (other === undefined) return { ...found, holds: false, reason: 'noQuote' }
  return { ...found, holds: false, reason: 'otherPage', foundOn: other.pageNumber }
}

/** The pages that a claim names; the text of a short document has none, so that it is looked through as a whole. */
function namedParts({ parts }: CitedFile, { pageNumber, lastPage = pageNumber }: Claim): CitedFile['parts'] {
  if (pageNumber === undefined) return parts
  return parts.filter(
    ({ pageNumber: number }) => number === undefined || (number >= pageNumber && number <= (lastPage ?? 0)),
  )
}

/** Words that run on over the end of a page. */
function joined(parts: CitedFile['parts']): QuoteFinder {
  return new QuoteFinder(parts.map(({ text }) => text).join(' '))
}

/** A heading of a page; in the text of a long document, any words. */
function hasHeading({ parts, page }: CitedFile, heading: string): boolean {
  const wanted = heading.slice(heading.lastIndexOf('#') + 1).trim()
  if (wanted === '' || wanted.startsWith('^')) return true
  if (page.endsWith('.json')) return parts.some(({ finder }) => finder.mentions(wanted))
  const lines = parts.flatMap(({ text }) => text.split('\n').filter((line) => /^ {0,3}#{1,6}\s/.test(line)))
  return new QuoteFinder(lines.join('\n')).mentions(wanted)
}

/** All pieces of a quote with ellipses must be there, in their order; a short one as whole words. */
function has(finder: QuoteFinder, quote: string): boolean {
  const pieces = quote.split(ELLIPSIS).filter((piece) => /[\p{L}\p{N}]/u.test(piece))
  let from = 0
  for (const piece of pieces) {
    const span = finder.find(piece, from)
    if (span === undefined && !finder.mentions(piece)) return false
    if (span === undefined && finder.find(piece) !== undefined) return false
    from = span?.end ?? from
  }
  return pieces.length > 0
}

/** The page that a claim names; for a document's name, its text. */
async function openFile(base: BaseReader, at: string, { page, document }: Claim): Promise<CitedFile | undefined> {
  const path =
    (await pageByPath(base, at, page)) ?? (await textOf(base, at, page)) ?? (await textOf(base, at, document))
  const body = path === undefined || !path.startsWith('wiki/') ? undefined : await base.history.page(at, path)
  if (path === undefined || body === undefined) return undefined
  const pages = path.endsWith('.json') ? parsePages(body.toString()) : undefined
  const part = (pageNumber: number | undefined, text: string) => ({ pageNumber, text, finder: new QuoteFinder(text) })
  return {
    page: path,
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    parts: pages?.map(({ page: number, content }) => part(number, content)) ?? [part(undefined, body.toString())],
  }
}

async function textOf(base: BaseReader, at: string, named: string | undefined): Promise<string | undefined> {
  if (named === undefined || named === '') return undefined
  const linked = /^(?:wiki\/)?sources\/(?:v\d+\/)?([^/]+?)(?:\.(?:md|json))?$/.exec(named)?.[1]
  const name = linked ?? (named.includes('/') ? undefined : named)
  if (name === undefined) return undefined
  const found = await lookForDocument(base, at, name).catch((error: unknown) => {
    // Several documents fit, so the text does not say which one it means.
    if (error instanceof KbError && error.code === 'notFound') return undefined
    throw error
  })
  if (found === undefined || (found.record.name !== name && named !== name)) return undefined
  const paths = documentPaths(found.record.name, shardOf(found.path), '')
  return found.record.kind === 'long' ? paths.sourceLong : paths.sourceShort
}
