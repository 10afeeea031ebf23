// The documents of a review: those whose record it changes, and whether the current branch has them like this.
import type { DocumentRecord } from '../../core/document/document.ts'
import { RECORD_BYTES_MAX, parseRecord } from '../../core/document/record.ts'
import { KbError } from '../../core/errors.ts'
import { DOCUMENTS } from '../../core/layout.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import type { ObjectReader } from '../../io/git/objects.ts'

export type DocumentOfReview = {
  name: string
  /** At the commit where the review begins, on the review, and on the current branch. */
  before: DocumentRecord | undefined
  after: DocumentRecord | undefined
  current: DocumentRecord | undefined
  accepted: boolean
}

/** `from`: where the review begins; `tip`: its newest commit; `head`: that of the current branch. By path. */
export async function documentsOfReview(
  base: Base,
  objects: ObjectReader,
  { from, tip, head }: { from: string; tip: string; head: string },
): Promise<DocumentOfReview[]> {
  const folder = repoPathOf(base, DOCUMENTS)
  const oidAt = async (commit: string, path: string): Promise<string | null> =>
    (await objects.header(`${commit}:${repoPathOf(base, path)}`))?.oid ?? null
  const found: DocumentOfReview[] = []
  for await (const { path: inside, oid, oldOid } of objects.diff(from, tip, folder)) {
    if (!inside.endsWith('.json')) continue
    const path = `${DOCUMENTS}/${inside}`
    const now = await oidAt(head, path)
    const [before, after, current] = await Promise.all([
      recordOf(objects, oldOid, path),
      recordOf(objects, oid, path),
      recordOf(objects, now, path),
    ])
    const name = (after ?? before)?.name
    if (name === undefined) continue
    // A record changes with the pages on which its document is mentioned, too: then its own pages say what was compiled again.
    const summary = after?.summary ?? ''
    const isTouched = isSame(before, after)
    const isOwn = isTouched && (await oidAt(from, summary)) !== (await oidAt(tip, summary))
    if (isTouched && !isOwn) continue
    const isIn = isTouched ? (await oidAt(head, summary)) === (await oidAt(tip, summary)) : isSame(current, after)
    found.push({ name, before, after, current, accepted: now === oid || isIn })
  }
  return found
}

/** Merging may place its entry and its sections on other pages. */
function isSame(one: DocumentRecord | undefined, other: DocumentRecord | undefined): boolean {
  if (one === undefined || other === undefined) return one === other
  return (['name', 'sha256', 'compiler', 'model', 'title'] as const).every((field) => one[field] === other[field])
}

/** Undefined if there is none, or one that kbgit could not have written. */
async function recordOf(objects: ObjectReader, oid: string | null, path: string): Promise<DocumentRecord | undefined> {
  if (oid === null || ((await objects.header(oid))?.size ?? 0) > RECORD_BYTES_MAX) return undefined
  try {
    return parseRecord((await objects.read(oid))?.toString() ?? '', path)
  } catch (error) {
    if (error instanceof KbError) return undefined
    throw error
  }
}
