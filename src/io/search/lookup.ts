// Queries for search: which passages and titles contain a word, and which pages of a set contain those.
import type { IndexedKind } from '../../core/page/page-kind.ts'
import { passageIds } from './columns.ts'
import type { PageIndex } from './store.ts'
import type { PageSet } from './page-set.ts'

/** A row of a full text table and its BM25 score for one word; higher is better. */
export type Scored = { id: number; score: number }
export type FoundPage = { path: string; kind: IndexedKind; content: number; title: number | undefined }
export type TextTable = 'passage_text' | 'title_text'

/** Weights by column: a passage's heading, text and link targets; a page's title and aliases. */
const COLUMN_WEIGHTS: Record<TextTable, string> = { passage_text: '1.2, 1.0, 1.0', title_text: '1.0, 0.8' }

export class PageLookup {
  readonly #db: PageIndex['db']

  constructor(index: PageIndex) {
    this.#db = index.db
  }

  /** The number of rows that contain the word, counted up to `limit`. */
  frequency(table: TextTable, match: string, limit: number): number {
    const row = this.#db.one(
      `SELECT count(*) AS n FROM (SELECT 1 FROM ${table} WHERE ${table} MATCH ? LIMIT ?)`,
      match,
      limit,
    )
    return Number(row?.['n'] ?? 0)
  }

  /** Scores of all rows that contain the word. */
  scores(table: TextTable, match: string): Scored[] {
    return this.#db.all(`${scoring(table)} WHERE ${table} MATCH ?`, match) as Scored[]
  }

  /** The best `limit` of them, for a very common word. */
  bestScores(table: TextTable, match: string, limit: number): Scored[] {
    return this.#db.all(`${scoring(table)} WHERE ${table} MATCH ? ORDER BY rank LIMIT ?`, match, limit) as Scored[]
  }

  /** The pages of the set that contain one of these passages or have one of these titles. */
  pagesWith(what: 'passage' | 'title', ids: number[], { table, id }: PageSet, kinds: IndexedKind[]): FoundPage[] {
    const contents =
      what === 'passage'
        ? 'SELECT content FROM holder WHERE passage = ids.value'
        : 'SELECT id FROM content WHERE title = ids.value'
    const rows = this.#db.all(
      `SELECT DISTINCT p.path, p.kind, c.id AS content, c.title
       FROM json_each(?) ids CROSS JOIN content c ON c.id IN (${contents})
       CROSS JOIN ${table} p ON p.view = ? AND p.oid = c.oid AND p.kind = c.kind
       WHERE c.kind IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
      id,
      JSON.stringify(kinds),
    )
    return rows.map((row) => found(row))
  }

  /** The page of the set at a path, if its content is in the store. */
  pageAt(path: string, { table, id }: PageSet): FoundPage | undefined {
    const row = this.#db.one(
      `SELECT p.path, p.kind, c.id AS content, c.title FROM ${table} p JOIN content c ON c.oid = p.oid AND c.kind = p.kind
       WHERE p.view = ? AND p.path = ?`,
      id,
      path,
    )
    return row === undefined ? undefined : found(row)
  }

  passagesOf(content: number): Uint32Array {
    return passageIds(this.#db.one('SELECT passages FROM content WHERE id = ?', content)?.['passages'])
  }

  passage(id: number): { heading: string; page: number | undefined; text: string } | undefined {
    const row = this.#db.one('SELECT heading, page, text FROM passage WHERE id = ?', id)
    if (row === undefined) return undefined
    const page = row['page'] === null ? undefined : Number(row['page'])
    return { heading: String(row['heading']), page, text: String(row['text']) }
  }

  /** All searched text of a passage as one string. */
  passageText(id: number): string {
    const row = this.#db.one('SELECT heading, text, links FROM passage WHERE id = ?', id)
    return row === undefined ? '' : `${String(row['heading'])}\n${String(row['text'])}\n${String(row['links'])}`
  }

  /**
   * Terms of passages, of these lengths in characters, and in how many passages each is: stems of words, of any commit.
   * Reads them all.
   */
  terms(lengthMin: number, lengthMax: number): { term: string; rows: number }[] {
    this.#db.exec("CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_term USING fts5vocab('main', 'passage_text', 'row')")
    const sql = 'SELECT term, doc AS rows FROM temp.passage_term WHERE length(term) BETWEEN ? AND ?'
    return this.#db.all(sql, lengthMin, lengthMax) as { term: string; rows: number }[]
  }

  /** Ids of up to `limit` passages that have a term. */
  rowsWith(term: string, limit: number): number[] {
    this.#db.exec(
      "CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_place USING fts5vocab('main', 'passage_text', 'instance')",
    )
    const rows = this.#db.all('SELECT DISTINCT doc FROM temp.passage_place WHERE term = ? LIMIT ?', term, limit)
    return rows.map(({ doc }) => Number(doc))
  }

  /** An upper bound on the number of passages: ids are assigned in order. */
  passageCount(): number {
    return Number(this.#db.one('SELECT max(id) AS n FROM passage')?.['n'] ?? 0)
  }
}

function scoring(table: TextTable): string {
  return `SELECT rowid AS id, -bm25(${table}, ${COLUMN_WEIGHTS[table]}) AS score FROM ${table}`
}

function found(row: Record<string, unknown>): FoundPage {
  const title = row['title'] === null ? undefined : Number(row['title'])
  return { path: String(row['path']), kind: row['kind'] as IndexedKind, content: Number(row['content']), title }
}
