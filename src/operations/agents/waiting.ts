// What waits for an agent: documents that no model has compiled, and overviews that are due. Derived from the commit, and from
// the open reviews, which have answers already. Beside them what a person asked for: documents to be compiled again, and pages
// to be checked for contradictions.
import type { OpenWriter } from '../../commit/open-writer.ts'
import { KbError } from '../../core/errors.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { pageName } from '../../core/page/page-kind.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import type { WaitingWork } from '../../core/results.ts'
import type { CatalogReader } from '../../io/catalog/reader.ts'
import { ObjectReader } from '../../io/git/objects.ts'
import { readLeases, type Leases } from '../../io/sidecar/leases.ts'
import { isAncestor } from '../../commit/head.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import { openReviews } from '../review/branches.ts'
import { documentsOfReview } from '../review/documents.ts'

/** Pages of one task. */
export const OVERVIEWS_MAX = 40
const CHECKS_MAX = 5
/** More are not counted. */
const COUNTED_MAX = 100_000

/** Throws `KbError` (`usage`). */
export function refuseOtherCompilers({ config }: Base): void {
  if (config.model === 'agent') return
  throw new KbError(
    'usage',
    `This base is compiled by ${config.model === 'builtin' ? 'kbgit itself' : config.model}.`,
    {
      hint: 'Write "model: agent" into kbgit.yaml to have agents compile it.',
    },
  )
}

/** Who compiled it, as its record and its commit name them. */
export function modelOf(client: string): string {
  return `agent/${client}`
}

/** What an answer about the document was made from. */
export function versionOf({ sha256, source, compiler, model = '' }: DocumentRecord): string {
  return [sha256, source, compiler, model].join(' ')
}

/** As `status` has it. */
export async function countWaiting(base: Base, catalog: CatalogReader, head: string): Promise<WaitingWork> {
  await using objects = new ObjectReader(base.git)
  const answered = base.driver === 'in-process' ? new Set<string>() : await answeredInReviews(base, { objects }, head)
  return whatWaits({ catalog }, await readLeases(base), answered).counts
}

/** Names of documents that an open review has compiled. */
export async function answeredInReviews(
  base: Base,
  { objects }: { objects: ObjectReader },
  head: string,
): Promise<Set<string>> {
  const names = new Set<string>()
  for (const { tip } of await openReviews(base)) {
    const from = await base.git.text(['merge-base', head, tip], { ok: [0, 1] })
    if (from === '' || (await isAncestor(base.git, tip, head))) continue
    for (const { name, after } of await documentsOfReview(base, objects, { from, tip, head }))
      if (after?.model !== undefined) names.add(name)
  }
  return names
}

/**
 * `next`: the first document that nobody holds. `due`: pages whose overview is due, if no document is waiting. `unchecked`: pages
 * to be checked for contradictions, if nothing else is waiting.
 */
export type Waiting = { counts: WaitingWork; next: DocumentRecord | undefined; due: string[]; unchecked: string[] }

export function whatWaits(
  { catalog }: { catalog: CatalogReader },
  { leases, checks = [], again = [] }: Pick<Leases, 'leases' | 'checks' | 'again'>,
  answered: ReadonlySet<string>,
): Waiting {
  const held = new Set(leases.flatMap(({ subjects }) => subjects))
  let documents = 0
  let next: DocumentRecord | undefined
  const wait = (record: DocumentRecord): void => {
    if (answered.has(record.name)) return
    documents++
    if (!held.has(record.name)) next ??= record
  }
  for (const record of catalog.withoutModel()) wait(record)
  for (const name of again) {
    const record = catalog.documentByName(name)
    if (record?.model !== undefined) wait(record)
  }
  const due = catalog.overviewsDue(COUNTED_MAX).map(({ path }) => path)
  const free = (paths: readonly string[]): string[] => paths.filter((path) => !held.has(path))
  return {
    counts: { documents, overviews: due.length, checks: checks.length },
    next,
    // What is still to come in would make them due again.
    due: documents > 0 ? [] : free(due).slice(0, OVERVIEWS_MAX),
    unchecked: documents + due.length > 0 ? [] : free(checks).slice(0, CHECKS_MAX),
  }
}

/** Of a topic page, as its front matter names it. */
export function pageTitle(page: string, path: string): string {
  const { title } = splitFrontMatter(page).front
  return typeof title === 'string' && title !== '' ? title : pageName(path)
}

/** The page at a commit; undefined if it is gone. */
export async function pageAt(
  base: Base,
  { objects }: OpenWriter,
  commit: string,
  path: string,
): Promise<string | undefined> {
  return (await objects.read(`${commit}:${repoPathOf(base, path)}`))?.toString()
}
