// `kbgit review show`: what accepting a review would change now, in words.
import type { DocumentRecord } from '../../core/document/document.ts'
import { isOfOneDocument } from '../../core/layout.ts'
import { pageKind } from '../../core/page/page-kind.ts'
import { parsePage } from '../../core/page/page.ts'
import { plainLine } from '../../core/page/sanitize-markdown.ts'
import type { ReviewedDocument, ReviewedPage, ReviewShowResult } from '../../core/results.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import { requireGit } from '../../io/git/git.ts'
import { ObjectReader, type DiffEntry } from '../../io/git/objects.ts'
import { openReview } from './branches.ts'
import type { DocumentOfReview } from './documents.ts'
import { readReview } from './list.ts'

const PAGES_MAX = 200
/** Per page and direction; and characters of a statement. */
const STATEMENTS_MAX = 20
const STATEMENT_CHARACTERS_MAX = 300
/** Larger pages are named, but not read. */
const PAGE_BYTES_MAX = 1024 ** 2

/** Throws `KbError` (`notFound`). */
export async function showReview(base: Base, number: number): Promise<ReviewShowResult> {
  requireGit(base)
  await using objects = new ObjectReader(base.git)
  const review = await openReview(base, number)
  const { summary, documents, head } = await readReview(base, objects, review)
  // The summary of a new document is the document; of a known one, it says what changes.
  const own = new Set(documents.flatMap(({ current, after }) => (current === undefined ? [after?.summary] : [])))
  const pages: ReviewedPage[] = []
  let morePages = 0
  for await (const entry of objects.diff(summary.base, review.tip, base.prefix)) {
    const { path, oid } = entry
    if (!isReviewed(path) || own.has(path)) continue
    const now = (await objects.header(`${head}:${repoPathOf(base, path)}`))?.oid ?? null
    if (now === oid) continue
    const page = await pageOf(objects, { ...entry, now })
    if (page === undefined) continue
    if (pages.length < PAGES_MAX) pages.push(page)
    else morePages++
  }
  return { ...summary, changes: { documents: documents.map(describe), pages, morePages } }
}

/** Pages with statements: listings, the front page and the log follow from them. */
function isReviewed(path: string): boolean {
  return (
    /^wiki\/.*\.md$/.test(path) &&
    !/^wiki\/(?:contents\/|sources\/|reports\/|(?:index|log)\.md$)/.test(path) &&
    (!isOfOneDocument(path) || path.startsWith('wiki/summaries/'))
  )
}

function describe({ name, before, after, current, accepted }: DocumentOfReview): ReviewedDocument {
  const record = after ?? before
  return {
    name,
    title: record?.title ?? name,
    change: changeOf(accepted ? before : current, after),
    accepted,
    format: record?.format,
    pages: record?.pages,
    compiler: record?.compiler,
    model: record?.model,
    ...(record?.coverage === undefined
      ? {}
      : {
          warnings: [
            { code: 'textLost' as const, message: `The text has ${Math.round(record.coverage * 100)}% of its words.` },
          ],
        }),
  }
}

function changeOf(before: DocumentRecord | undefined, after: DocumentRecord | undefined): ReviewedDocument['change'] {
  if (before === undefined) return 'new'
  if (after === undefined) return 'removed'
  return before.sha256 === after.sha256 ? 'recompiled' : 'updated'
}

/**
 * Like a merge, in words: what the review gained and lost, as far as the current branch does not have or lack it already.
 * Undefined if nothing of it is left.
 */
async function pageOf(
  objects: ObjectReader,
  { path, oid, oldOid, now }: DiffEntry & { now: string | null },
): Promise<ReviewedPage | undefined> {
  const [before, after, current] = await Promise.all([oldOid, oid, now].map((each) => textOf(objects, each)))
  const [was, is, has] = [before, after, current].map((text) => statementsOf(text ?? ''))
  if (was === undefined || is === undefined || has === undefined) return undefined
  const added = [...is].filter((statement) => !was.has(statement) && !has.has(statement))
  const dropped = [...was].filter((statement) => !is.has(statement) && has.has(statement))
  if (now !== oldOid && now !== null && oid !== null && added.length + dropped.length === 0) return undefined
  const title = parsePage(after || current || before || '').front['title']
  return {
    path,
    kind: pageKind(path) ?? 'page',
    title: typeof title === 'string' ? title : path.slice(path.lastIndexOf('/') + 1, -'.md'.length),
    change: now === null ? 'new' : oid === null ? 'deleted' : 'changed',
    added: added.slice(0, STATEMENTS_MAX),
    dropped: dropped.slice(0, STATEMENTS_MAX),
  }
}

async function textOf(objects: ObjectReader, oid: string | null): Promise<string> {
  if (oid === null || ((await objects.header(oid))?.size ?? 0) > PAGE_BYTES_MAX) return ''
  return (await objects.read(oid))?.toString() ?? ''
}

/** The lines of a page that say something, without marks. */
function statementsOf(text: string): Set<string> {
  const { intro, sections } = parsePage(text)
  const lines = [intro, ...sections.map(({ body }) => body)].flatMap((body) => body.split('\n'))
  return new Set(
    lines
      .filter((line) => !/^\s*(?:#{1,6} |`{3}|~{3}|---)/.test(line))
      .map((line) => plainLine(line, STATEMENT_CHARACTERS_MAX))
      .filter((line) => /\p{L}/u.test(line)),
  )
}
