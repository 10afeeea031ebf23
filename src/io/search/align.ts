// Brings the search store to a commit: pages that the commit names and the store lacks are read from git and indexed.
import type { BaseContent } from '../../core/document/base-content.ts'
import type { PageIndex } from './store.ts'
import { missingPages, branchPages, type PageSet } from './page-set.ts'

/** Pages read and indexed per batch: bounds memory; each batch is one durable transaction. */
const BATCH = 200

/** Costs what changed since the last time, plus what was never indexed. Returns the number of pages indexed. */
export async function alignPageIndex(
  index: PageIndex,
  key: string,
  commit: string,
  content: BaseContent,
): Promise<number> {
  return indexMissing(index, await branchPages(index, key, commit, content), content)
}

/** Indexes the pages of a set that the store lacks. Returns their number. */
export async function indexMissing(
  index: PageIndex,
  pageSet: PageSet,
  content: Pick<BaseContent, 'read'>,
): Promise<number> {
  let indexed = 0
  for (;;) {
    const missing = missingPages(index, pageSet, BATCH)
    if (missing.length === 0) return indexed
    const kinds = new Map(missing.map(({ oid, kind }) => [oid, kind]))
    const entries = []
    for await (const { oid, content: body } of content.read([...kinds.keys()])) {
      const kind = kinds.get(oid)
      if (kind !== undefined) entries.push({ oid, kind, content: body })
    }
    const added = await index.index(entries)
    // Objects that git lacks, as in a partial clone, stay missing: do not request them forever.
    if (added === 0) return indexed
    indexed += added
  }
}
