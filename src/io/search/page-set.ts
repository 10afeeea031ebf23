// The pages of one commit, for search: stored for a branch, temporary for an older revision.
import type { BaseContent, TreeChange } from '../../core/document/base-content.ts'
import { pageKind, type IndexedKind } from '../../core/page/page-kind.ts'
import type { Database } from '../database.ts'
import { followCommit, openView } from '../follow-commit.ts'
import { bytes, type PageKey } from './columns.ts'
import type { PageIndex } from './store.ts'
import { pageTable } from './schema.ts'

/** A commit's pages: the rows of `table` whose `view` is `id`. */
export type PageSet = { table: 'page' | 'temp.revision'; id: number }
type Trees = Pick<BaseContent, 'diff' | 'tree'>

/** Brings the page set named `key` to a commit, at the cost of what changed since the last time. */
export async function branchPages(index: PageIndex, key: string, commit: string, trees: Trees): Promise<PageSet> {
  return index.exclusive(async () => {
    const { db } = index
    const pageSet: PageSet = { table: 'page', id: openView(db, key) }
    const follower = {
      view: pageSet.id,
      clear: () => clear(db, pageSet),
      apply: (files: AsyncIterable<TreeChange>) => putAll(db, pageSet, files),
    }
    await followCommit(db, follower, commit, trees)
    return pageSet
  })
}

/** The pages of any revision. Valid until another revision is requested. */
export async function revisionPages(index: PageIndex, commit: string, trees: Trees): Promise<PageSet> {
  return index.exclusive(async () => {
    const { db } = index
    if (db.one(`SELECT 1 FROM temp.sqlite_schema WHERE name = 'revision'`) === undefined) {
      db.exec(`${pageTable('temp.revision')}; CREATE TABLE temp.revision_at (at TEXT NOT NULL)`)
    }
    const pageSet: PageSet = { table: 'temp.revision', id: 0 }
    if (db.one('SELECT at FROM temp.revision_at')?.['at'] === commit) return pageSet
    db.exec('BEGIN')
    try {
      db.exec('DELETE FROM temp.revision_at')
      clear(db, pageSet)
      await putAll(db, pageSet, trees.tree(commit))
      db.run('INSERT INTO temp.revision_at VALUES (?)', commit)
      db.exec('COMMIT')
      return pageSet
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  })
}

/** Pages of the set whose content is not in the store, at most `limit`: index them before searching the set. */
export function missingPages(
  index: PageIndex,
  { table, id: pageSet }: PageSet,
  limit: number,
): (PageKey & { path: string })[] {
  const rows = index.db.all(
    `SELECT p.path, p.oid, p.kind FROM ${table} p
     WHERE p.view = ? AND NOT EXISTS (SELECT 1 FROM content c WHERE c.oid = p.oid AND c.kind = p.kind) LIMIT ?`,
    pageSet,
    limit,
  )
  return rows.map((row) => ({
    path: String(row['path']),
    oid: Buffer.from(row['oid'] as Uint8Array).toString('hex'),
    kind: row['kind'] as IndexedKind,
  }))
}

function clear(db: Database, { table, id }: PageSet): void {
  db.run(`DELETE FROM ${table} WHERE view = ?`, id)
}

async function putAll(db: Database, pageSet: PageSet, files: AsyncIterable<TreeChange>): Promise<void> {
  for await (const file of files) put(db, pageSet, file)
}

function put(db: Database, { table, id: pageSet }: PageSet, { path, oid }: TreeChange): void {
  const kind = pageKind(path)
  if (kind === undefined) return
  if (oid === null) db.run(`DELETE FROM ${table} WHERE view = ? AND path = ?`, pageSet, path)
  else {
    db.run(
      `INSERT INTO ${table} (view, path, oid, kind) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET oid = excluded.oid, kind = excluded.kind`,
      pageSet,
      path,
      bytes(oid),
      kind,
    )
  }
}
