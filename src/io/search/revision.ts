// What stands where at one commit, for search: kept for a branch, made for the moment for an older revision.
import type { BaseContent, TreeChange } from '../../core/document/base-content.ts'
import { pageKind, type PageKind } from '../../core/page/page-kind.ts'
import { KbError } from '../../core/errors.ts'
import type { Database } from '../database.ts'
import { bytes, type PageIndex, type PageKey } from './store.ts'
import { pageTable } from './schema.ts'

/** A commit's pages, as rows of `table` under `view`. */
export type PageView = { table: 'page' | 'temp.revision'; view: number }
type Trees = Pick<BaseContent, 'diff' | 'tree'>

/** Brings the view named `key` to a commit, at the cost of what changed since the last time. */
export async function viewOfBranch(index: PageIndex, key: string, commit: string, trees: Trees): Promise<PageView> {
  return index.exclusive(async () => {
    const { db } = index
    const now = db.one('SELECT id, at FROM view WHERE key = ?', key)
    if (now?.['at'] === commit) return { table: 'page', view: Number(now['id']) }
    db.exec('BEGIN IMMEDIATE')
    try {
      const from = db.one('SELECT id, at FROM view WHERE key = ?', key)
      const id = from === undefined ? db.run('INSERT INTO view (key) VALUES (?)', key).rowid : Number(from['id'])
      const view: PageView = { table: 'page', view: id }
      const at = from?.['at']
      if (at !== commit && !(typeof at === 'string' && (await byDiff(db, view, trees.diff(at, commit))))) {
        await fill(db, view, trees.tree(commit))
      }
      db.run('UPDATE view SET at = ? WHERE id = ?', commit, id)
      db.exec('COMMIT')
      return view
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  })
}

/** The pages of any revision. Holds until another revision is asked for. */
export async function viewOfRevision(index: PageIndex, commit: string, trees: Trees): Promise<PageView> {
  return index.exclusive(async () => {
    const { db } = index
    if (db.one(`SELECT 1 FROM temp.sqlite_schema WHERE name = 'revision'`) === undefined) {
      db.exec(`${pageTable('temp.revision')}; CREATE TABLE temp.revision_at (at TEXT NOT NULL)`)
    }
    const view: PageView = { table: 'temp.revision', view: 0 }
    if (db.one('SELECT at FROM temp.revision_at')?.['at'] === commit) return view
    db.exec('BEGIN')
    try {
      db.exec('DELETE FROM temp.revision_at')
      await fill(db, view, trees.tree(commit))
      db.run('INSERT INTO temp.revision_at VALUES (?)', commit)
      db.exec('COMMIT')
      return view
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK')
      throw error
    }
  })
}

/** Pages of the view whose content is not in the store, at most `limit`: to be indexed before the view is searched. */
export function missingPages(
  index: PageIndex,
  { table, view }: PageView,
  limit: number,
): (PageKey & { path: string })[] {
  const rows = index.db.all(
    `SELECT p.path, p.oid, p.kind FROM ${table} p LEFT JOIN content c ON c.oid = p.oid AND c.kind = p.kind
     WHERE p.view = ? AND c.id IS NULL ORDER BY p.path LIMIT ?`,
    view,
    limit,
  )
  return rows.map((row) => ({
    path: String(row['path']),
    oid: Buffer.from(row['oid'] as Uint8Array).toString('hex'),
    kind: row['kind'] as PageKind,
  }))
}

/** False where there is no diff to be had; the view is then as it was. */
async function byDiff(db: Database, view: PageView, changes: AsyncIterable<TreeChange>): Promise<boolean> {
  db.exec('SAVEPOINT diff')
  try {
    for await (const change of changes) put(db, view, change)
    db.exec('RELEASE diff')
    return true
  } catch (error) {
    if (error instanceof KbError && error.code === 'storage') throw error
    db.exec('ROLLBACK TO diff; RELEASE diff')
    return false
  }
}

async function fill(db: Database, view: PageView, files: AsyncIterable<TreeChange>): Promise<void> {
  db.run(`DELETE FROM ${view.table} WHERE view = ?`, view.view)
  for await (const file of files) put(db, view, file)
}

function put(db: Database, { table, view }: PageView, { path, oid }: TreeChange): void {
  const kind = pageKind(path)
  if (kind === undefined) return
  if (oid === null) db.run(`DELETE FROM ${table} WHERE view = ? AND path = ?`, view, path)
  else {
    db.run(
      `INSERT INTO ${table} (view, path, oid, kind) VALUES (?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET oid = excluded.oid, kind = excluded.kind`,
      view,
      path,
      bytes(oid),
      kind,
    )
  }
}
