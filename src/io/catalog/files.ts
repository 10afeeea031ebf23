// Applies the files of a commit, or what changed since another one, to the catalog.
import type { BaseContent, ContentChange, TreeChange } from '../../core/document/base-content.ts'
import { entryAt } from '../../core/document/base-entry.ts'
import type { CatalogWriter } from './writer.ts'

/** Files read from git and applied per batch: bounds memory. */
const BATCH_FILES = 500

/** Applies the files that the catalog tracks, in batches. */
export async function applyFiles(
  writer: CatalogWriter,
  files: AsyncIterable<TreeChange>,
  content: Pick<BaseContent, 'read'>,
): Promise<void> {
  let batch: TreeChange[] = []
  for await (const file of files) {
    if (entryAt(file.path) === undefined) continue
    batch.push(file)
    if (batch.length < BATCH_FILES) continue
    await applyBatch(writer, batch, content)
    batch = []
  }
  await applyBatch(writer, batch, content)
}

async function applyBatch(
  writer: CatalogWriter,
  batch: TreeChange[],
  content: Pick<BaseContent, 'read'>,
): Promise<void> {
  const paths = new Map<string, string[]>()
  const changes: ContentChange[] = []
  for (const { path, oid } of batch) {
    if (oid === null) changes.push({ path, content: null })
    else paths.set(oid, [...(paths.get(oid) ?? []), path])
  }
  if (paths.size > 0) {
    for await (const { oid, content: bytes } of content.read([...paths.keys()])) {
      const text = bytes.toString('utf8')
      for (const path of paths.get(oid) ?? []) changes.push({ path, content: text })
    }
  }
  writer.apply(changes)
}
