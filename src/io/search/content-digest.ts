// What the store has of a file, for comparing stores.
import type { Hash } from 'node:crypto'
import type { Database } from '../database.ts'
import { bytes, passageIds, type PageKey } from './columns.ts'

/** Adds the file's title and passages, and whether their words are indexed. Nothing if the store lacks the file. */
export function addDigest(hash: Hash, db: Database, { oid, kind }: PageKey): void {
  const content = db.one(
    `SELECT c.cut, c.language, c.words, c.passages, t.title, t.aliases FROM content c LEFT JOIN title t ON t.id = c.title
     WHERE c.oid = ? AND c.kind = ?`,
    bytes(oid),
    kind,
  )
  if (content === undefined) return
  const { cut, language, words, title, aliases } = content
  hash.update(`${JSON.stringify([cut, language, words, title, aliases])}\n`)
  for (const id of passageIds(content['passages'])) {
    const passage = db.one('SELECT heading, page, text, links FROM passage WHERE id = ?', id)
    const indexed = db.one('SELECT rowid FROM passage_text WHERE rowid = ?', id) !== undefined
    hash.update(
      `${JSON.stringify([passage?.['heading'], passage?.['page'], passage?.['text'], passage?.['links'], indexed])}\n`,
    )
  }
}
