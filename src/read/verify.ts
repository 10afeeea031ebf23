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

type CitedFile = { page: string; digest: string; parts: { pageNumber: number | undefined; finder: QuoteFinder }[] }

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
  claim: Claim,
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
  const { quote, pageNumber } = claim
  if (quote === undefined) return { ...found, holds: true }
  const named = parts.filter((part) => pageNumber === undefined || part.pageNumber === pageNumber)
  if (named.some(({ finder }) => has(finder, quote))) return { ...found, holds: true }
  const other = parts.find(({ finder }) => has(finder, quote))
  if (other === undefined) return { ...found, holds: false, reason: 'noQuote' }
  return { ...found, holds: false, reason: 'otherPage', foundOn: other.pageNumber }
}

/** All pieces of a quote with ellipses must be there; a short one as whole words. */
function has(finder: QuoteFinder, quote: string): boolean {
  const pieces = quote.split(ELLIPSIS).filter((piece) => /[\p{L}\p{N}]/u.test(piece))
  return pieces.length > 0 && pieces.every((piece) => finder.find(piece) !== undefined || finder.mentions(piece))
}

/** The page that a claim names; for a document's name, its text. */
async function openFile(base: BaseReader, at: string, { page, document }: Claim): Promise<CitedFile | undefined> {
  const path =
    (await pageByPath(base, at, page)) ?? (await textOf(base, at, page)) ?? (await textOf(base, at, document))
  const body = path === undefined || !path.startsWith('wiki/') ? undefined : await base.history.page(at, path)
  if (path === undefined || body === undefined) return undefined
  const pages = path.endsWith('.json') ? parsePages(body.toString()) : undefined
  const parts = pages?.map(({ page: number, content }) => ({ pageNumber: number, finder: new QuoteFinder(content) }))
  return {
    page: path,
    digest: `sha256:${createHash('sha256').update(body).digest('hex')}`,
    parts: parts ?? [{ pageNumber: undefined, finder: new QuoteFinder(body.toString()) }],
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
