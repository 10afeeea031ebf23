// Brings an index of a base's files to a commit, in one transaction of its database: by the diff from its current
// commit, or from the whole tree. Each index has a row in the table `view`: its id, its key, and its commit.
import type { BaseContent, TreeChange } from '../core/document/base-content.ts'
import { KbError } from '../core/errors.ts'
import type { Database } from './database.ts'

/** An index that follows commits: the rows of a database that belong to one `view`. */
export type Follower = {
  view: number
  clear: () => void
  apply: (files: AsyncIterable<TreeChange>) => Promise<void>
}

/** The id of the view with this key; a new one has no commit. */
export function openView(db: Database, key: string): number {
  const find = (): number | undefined => {
    const row = db.one('SELECT id FROM view WHERE key = ?', key)
    return row === undefined ? undefined : Number(row['id'])
  }
  const known = find()
  if (known !== undefined) return known
  // Another process may insert it meanwhile.
  db.run('INSERT INTO view (key) VALUES (?) ON CONFLICT DO NOTHING', key)
  return find() ?? 0
}

/** The commit of a view, or undefined if it was never filled. */
export function commitOf(db: Database, view: number): string | undefined {
  const at = db.one('SELECT at FROM view WHERE id = ?', view)?.['at']
  return typeof at === 'string' ? at : undefined
}

export function setCommit(db: Database, view: number, commit: string): void {
  db.run('UPDATE view SET at = ? WHERE id = ?', commit, view)
}

/** Costs what changed since the last time, or the whole tree if there is no diff. On failure nothing has changed. */
export async function followCommit(
  db: Database,
  follower: Follower,
  commit: string,
  trees: Pick<BaseContent, 'diff' | 'tree'>,
): Promise<void> {
  const { view } = follower
  if (commitOf(db, view) === commit) return
  db.exec('BEGIN IMMEDIATE')
  try {
    // Check again: another process may have moved it while we waited for the lock.
    const from = commitOf(db, view)
    if (from !== commit && (from === undefined || !(await applied(db, follower, trees.diff(from, commit))))) {
      follower.clear()
      await follower.apply(trees.tree(commit))
    }
    setCommit(db, view, commit)
    db.exec('COMMIT')
  } catch (error) {
    if (db.inTransaction) db.exec('ROLLBACK')
    throw error
  }
}

/** False if there is no diff, most often because git has collected the old commit. Then nothing has changed. */
async function applied(db: Database, follower: Follower, changes: AsyncIterable<TreeChange>): Promise<boolean> {
  db.exec('SAVEPOINT diff')
  try {
    await follower.apply(changes)
    db.exec('RELEASE diff')
    return true
  } catch (error) {
    if (error instanceof KbError && error.code === 'storage') throw error
    db.exec('ROLLBACK TO diff; RELEASE diff')
    return false
  }
}
