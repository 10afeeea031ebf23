// `kbgit log`: history in terms of documents.
import type { LogOptions } from '../core/options.ts'
import { readMessage } from '../core/transaction/commit-message.ts'
import { KbError } from '../core/errors.ts'
import { pathFault } from '../core/safe-path.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import type { LogCommit, LogResult } from '../core/results.ts'
import type { HistoryCommit } from '../io/history.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { lookForDocument } from './find-document.ts'
import { findPage, pageByPath } from './find-page.ts'

/** Newest first. A removed document is found by its name in commits, a removed page by its path. */
export async function log(base: BaseReader, options: LogOptions = {}): Promise<LogResult> {
  const at = await commitAt(base, options)
  const limit = options.limit ?? Infinity
  const commits: LogCommit[] = []
  for await (const commit of commitsOf(base, at, options)) {
    if (commits.length >= limit) break
    commits.push(logCommit(commit))
  }
  return { commits }
}

export function logCommit({ oid, date, author, message }: HistoryCommit): LogCommit {
  const { operation, documents, text } = readMessage(message)
  return { commit: oid, date, author, operation, documents, message: text }
}

async function* commitsOf(base: BaseReader, at: string, { of, limit }: LogOptions): AsyncGenerator<HistoryCommit> {
  const bound = { limit }
  if (of === undefined) {
    yield* base.history.commits({ at, paths: [''], ...bound })
    return
  }
  const page = await pageByPath(base, at, of)
  if (page !== undefined) {
    yield* base.history.commits({ at, paths: [page], ...bound })
    return
  }
  if (isPagePath(of)) {
    let was = false
    for await (const commit of base.history.commits({ at, paths: [of], ...bound })) {
      was = true
      yield commit
    }
    if (was) return
  }
  const exact = await lookForDocument(base, at, of, { parts: false })
  const named = exact === undefined ? await findPage(base, at, of, { parts: false }) : undefined
  if (named !== undefined) {
    yield* base.history.commits({ at, paths: [named], ...bound })
    return
  }
  const document = exact ?? (await lookForDocument(base, at, of))
  if (document !== undefined) {
    yield* documentHistory(base, at, document.record.name, ownPaths(document.path, document.record))
    return
  }
  let gone = false
  for await (const commit of documentHistory(base, at, of, [])) {
    gone = true
    yield commit
  }
  if (!gone) yield* base.history.commits({ at, paths: [await pageOf(base, at, of)], ...bound })
}

/** Of a page that the commit may not have any more. */
function isPagePath(of: string): boolean {
  return of.startsWith('wiki/') && of.endsWith('.md') && pathFault(of) === undefined
}

async function pageOf(base: BaseReader, at: string, of: string): Promise<string> {
  const page = await findPage(base, at, of)
  if (page !== undefined) return page
  throw new KbError(
    'notFound',
    `There is no page or document "${of}", and there never was a document with that name.`,
    {
      hint: 'See "kbgit list" for names.',
    },
  )
}

/** What a document's commit writes for that document alone. */
function ownPaths(registry: string, { raw, source, tree, summary }: DocumentRecord): string[] {
  return [registry, raw, source, summary, ...(tree === undefined ? [] : [tree])]
}

/**
 * Commits that name the document, and among those that name none (reverts, merges, edits) the ones that changed one of
 * its own files. Commits that name other documents do not touch this one, so their trees are never compared.
 */
async function* documentHistory(
  base: BaseReader,
  at: string,
  name: string,
  paths: string[],
): AsyncGenerator<HistoryCommit> {
  let batch: HistoryCommit[] = []
  for await (const commit of base.history.commits({ at, paths: base.prefix === '' ? [] : [''] })) {
    const { documents } = readMessage(commit.message)
    if (documents.length > 0 && !documents.includes(name)) continue
    batch.push(commit)
    if (batch.length < 100) continue
    yield* concerning(base, batch, name, paths)
    batch = []
  }
  yield* concerning(base, batch, name, paths)
}

async function* concerning(
  base: BaseReader,
  commits: HistoryCommit[],
  name: string,
  paths: string[],
): AsyncGenerator<HistoryCommit> {
  const named = (commit: HistoryCommit): boolean => readMessage(commit.message).documents.includes(name)
  const silent = paths.length === 0 ? [] : commits.filter((commit) => !named(commit)).map(({ oid }) => oid)
  const changed = new Set<string>()
  for await (const { commit } of base.history.changes(silent, paths)) changed.add(commit)
  yield* commits.filter((commit) => changed.has(commit.oid) || named(commit))
}
