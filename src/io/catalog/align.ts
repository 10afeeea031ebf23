// Brings the catalog to a commit: by the diff from its current commit, or from the whole tree.
import type { BaseContent, ContentChange, TreeChange } from '../../core/document/base-content.ts'
import { entryAt } from '../../core/document/base-entry.ts'
import { KbError } from '../../core/errors.ts'
import type { CatalogWriter } from './writer.ts'

/** What aligning needs from the store: its current commit, and a transaction around the change. */
type AlignedStore = {
  commit: () => string | undefined
  begin: () => void
  commitAt: (commit: string) => void
  rollback: () => void
  mark: () => number
  undoTo: (mark: number) => void
}

/** Files read from git and applied per batch: bounds memory. */
const BATCH_FILES = 500

export async function alignCatalog(
  store: AlignedStore,
  writer: CatalogWriter,
  target: string,
  content: BaseContent,
): Promise<void> {
  if (store.commit() === target) return
  store.begin()
  try {
    // Check again: another process may have moved the snapshot while we waited for the lock.
    const from = store.commit()
    if (from !== target && (from === undefined || !(await byDiff(store, writer, from, target, content)))) {
      writer.clear()
      await applyAll(writer, content.tree(target), content)
    }
    store.commitAt(target)
  } catch (error) {
    store.rollback()
    throw error
  }
}

/** False if there is no diff, most often because git has collected the old commit. The snapshot is then unchanged. */
async function byDiff(
  store: AlignedStore,
  writer: CatalogWriter,
  from: string,
  target: string,
  content: BaseContent,
): Promise<boolean> {
  const mark = store.mark()
  try {
    await applyAll(writer, content.diff(from, target), content)
    return true
  } catch (error) {
    if (error instanceof KbError && error.code === 'storage') throw error
    store.undoTo(mark)
    return false
  }
}

async function applyAll(writer: CatalogWriter, files: AsyncIterable<TreeChange>, content: BaseContent): Promise<void> {
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

async function applyBatch(writer: CatalogWriter, batch: TreeChange[], content: BaseContent): Promise<void> {
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
