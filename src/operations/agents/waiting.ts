// What waits for an agent: documents that no model has compiled, and overviews that are due. Derived from the commit, and from
// the open reviews, which have answers already.
import type { OpenWriter } from '../../commit/open-writer.ts'
import { KbError } from '../../core/errors.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import type { Lease } from '../../io/sidecar/leases.ts'
import { isAncestor } from '../../commit/head.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import { openReviews } from '../review/branches.ts'
import { documentsOfReview } from '../review/documents.ts'

/** Pages of one task. */
export const OVERVIEWS_MAX = 40
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

/** Names of documents that an open review has compiled. */
export async function answeredInReviews(base: Base, { objects }: OpenWriter, head: string): Promise<Set<string>> {
  const names = new Set<string>()
  for (const { tip } of await openReviews(base)) {
    const from = await base.git.text(['merge-base', head, tip], { ok: [0, 1] })
    if (from === '' || (await isAncestor(base.git, tip, head))) continue
    for (const { name, after } of await documentsOfReview(base, objects, { from, tip, head }))
      if (after?.model !== undefined) names.add(name)
  }
  return names
}

export type Waiting = { documents: number; overviews: number; next: DocumentRecord | undefined; due: string[] }

/** `next`: the first document that nobody holds. `due`: pages whose overview is due, if no document is waiting. */
export function whatWaits(
  { catalog }: OpenWriter,
  { leases, answered }: { leases: readonly Lease[]; answered: ReadonlySet<string> },
): Waiting {
  const held = new Set(leases.flatMap(({ subjects }) => subjects))
  let documents = 0
  let next: DocumentRecord | undefined
  for (const record of catalog.withoutModel()) {
    if (answered.has(record.name)) continue
    documents++
    if (!held.has(record.name)) next ??= record
  }
  const due = catalog.overviewsDue(COUNTED_MAX).map(({ path }) => path)
  return {
    documents,
    overviews: due.length,
    next,
    // A document that is still to come in would make them due again.
    due: documents > 0 ? [] : due.filter((path) => !held.has(path)).slice(0, OVERVIEWS_MAX),
  }
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
