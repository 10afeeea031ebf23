// The search store follows a commit: what the commit names and the store lacks is read from git and indexed.
import type { BaseContent } from '../../core/document/base-content.ts'
import type { PageIndex } from './store.ts'
import { missingPages, viewOfBranch, type PageView } from './revision.ts'

/** Pages that are read and indexed at once: bounds memory, and is one durable transaction. */
const BATCH = 200

/** Costs what changed since the view was last brought to a commit, and what was never indexed. Gives how many were. */
export async function alignPageIndex(
  index: PageIndex,
  key: string,
  commit: string,
  content: BaseContent,
): Promise<number> {
  return indexMissing(index, await viewOfBranch(index, key, commit, content), content)
}

/** Indexes the pages of a view that the store lacks. Gives how many there were. */
export async function indexMissing(
  index: PageIndex,
  view: PageView,
  content: Pick<BaseContent, 'read'>,
): Promise<number> {
  let indexed = 0
  for (;;) {
    const missing = missingPages(index, view, BATCH)
    if (missing.length === 0) return indexed
    const kinds = new Map(missing.map(({ oid, kind }) => [oid, kind]))
    const entries = []
    for await (const { oid, content: body } of content.read([...kinds.keys()])) {
      const kind = kinds.get(oid)
      if (kind !== undefined) entries.push({ oid, kind, content: body })
    }
    const added = await index.index(entries)
    // Objects that git does not have, as in a partial clone, stay missing: they must not be asked for without end.
    if (added === 0) return indexed
    indexed += added
  }
}
