// What a transaction sends to the search store: the indexed files, as its last commit has them.
import { pageKind } from '../core/page/page-kind.ts'
import { bytesAtHand } from '../io/git/fast-import.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import type { IndexUpdate } from '../io/search/indexer.ts'
import type { ResolvedPath } from './resolve.ts'

/**
 * Wiki pages, source texts, trees. Intermediate versions are indexed when that revision is searched. A text that is not
 * in memory is read from git when it is indexed.
 */
export function indexUpdates(
  paths: Pick<ResolvedPath, 'basePath' | 'after' | 'content'>[],
  objects: Pick<ObjectReader, 'blob'>,
): IndexUpdate[] {
  return paths.flatMap(({ basePath, after, content }): IndexUpdate[] => {
    const kind = pageKind(basePath)
    if (kind === undefined) return []
    if (after === null || content === null) return [{ path: basePath, size: 0, entry: null }]
    const bytes = bytesAtHand(content)
    const size = bytes?.length ?? ('file' in content ? content.size : 0)
    return [{ path: basePath, size, entry: { oid: after, kind, content: bytes ?? (() => objects.blob(after)) } }]
  })
}
