// The sidecar's part of a transaction: rows named by the object ids of the files that the commits bring.
import { createReadStream } from 'node:fs'
import { pageKind } from '../core/page-kind.ts'
import { bytesAtHand } from '../io/fast-import.ts'
import type { PageEntry } from '../io/page-index.ts'
import type { ResolvedPath } from './resolve.ts'

/** Where rows go: idempotent, one durable SQLite transaction a call. */
export type RowStore = { index: (entries: PageEntry[]) => Promise<number> }

/**
 * Adds rows for the files that a group leaves, of those that have any: wiki pages, source texts, trees. What stood in
 * between is indexed when someone asks for that revision.
 */
export async function addRows(store: RowStore, paths: Pick<ResolvedPath, 'path' | 'after' | 'content'>[]): Promise<void> {
  const entries: PageEntry[] = []
  for (const { path, after, content } of paths) {
    const kind = pageKind(path)
    if (kind === undefined || after === null || content === null) continue
    entries.push({ oid: after, kind, content: bytesAtHand(content) ?? (() => createReadStream('file' in content ? content.file : '')) })
  }
  if (entries.length > 0) await store.index(entries)
}
