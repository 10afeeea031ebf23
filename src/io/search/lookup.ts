// Queries for search: where words are in passages and titles, and which pages of a set have those.
import type { IndexedKind } from '../../core/page/page-kind.ts'
import { passageIds } from './columns.ts'
import type { PageIndex } from './store.ts'
import type { PageSet } from './page-set.ts'

/** `content`: the id of the file; `words`, `passages`: how many it has. */
export type FoundPage = {
  path: string
  kind: IndexedKind
  content: number
  title: number | undefined
  words: number
  passages: number
}
/** A word of the index, and in how many passages it is, of any commit. */
export type Term = { term: string; rows: number }
/**
 * Where a word is, place by place, in lists of one length. `passage`: its id; `column`: 0 in the heading, 1 in the text, 2 in a
 * link's target; `at`: the number of words before it in its column; `content`: a file that has the passage, so that a place is
 * there for each of them; `size`: words of the passage.
 */
export type Places = { passage: number[]; column: number[]; at: number[]; content: number[]; size: number[] }

/** Words of a passage, at most: three numbers below it go into one that JSON keeps exactly. */
const PACKED = 2 ** 20
/** Columns of `content` for a page. */
const FOUND = 'c.id AS content, c.title, c.words, length(c.passages) AS bytes'
const PASSAGE_ID_BYTES = 4
const NO_PLACES: Places = { passage: [], column: [], at: [], content: [], size: [] }

type WholeStore = { at: string; averageSize: number; languages: string[] }
const wholes = new WeakMap<PageIndex['db'], WholeStore>()

export class PageLookup {
  readonly #db: PageIndex['db']

  constructor(index: PageIndex) {
    this.#db = index.db
    this.#db.exec(
      `CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_term USING fts5vocab('main', 'passage_text', 'row');
       CREATE VIRTUAL TABLE IF NOT EXISTS temp.passage_place USING fts5vocab('main', 'passage_text', 'instance');
       CREATE VIRTUAL TABLE IF NOT EXISTS temp.title_place USING fts5vocab('main', 'title_text', 'instance')`,
    )
  }

  /** The number of passages that contain the word, counted up to `limit`. */
  frequency(word: string, limit: number): number {
    // A word has only letters and digits, so once quoted the full text engine always reads it as a string.
    const row = this.#db.one(
      'SELECT count(*) AS n FROM (SELECT 1 FROM passage_text WHERE passage_text MATCH ? LIMIT ?)',
      `"${word}"`,
      limit,
    )
    return Number(row?.['n'] ?? 0)
  }

  /** Words that begin so, in order, at most `limit`. */
  termsFrom(beginning: string, limit: number): Term[] {
    const sql = 'SELECT term, doc AS rows FROM temp.passage_term WHERE term >= ? AND term < ? LIMIT ?'
    return this.#db.all(sql, beginning, `${beginning}\u{10FFFF}`, limit) as Term[]
  }

  /** Words of these lengths in characters. Reads them all. */
  terms(lengthMin: number, lengthMax: number): Term[] {
    const sql = 'SELECT term, doc AS rows FROM temp.passage_term WHERE length(term) BETWEEN ? AND ?'
    return this.#db.all(sql, lengthMin, lengthMax) as Term[]
  }

  /** The first places of a word, in the order in which passages were indexed. */
  places(word: string, limit: number): Places {
    return this.#placesFrom('(SELECT doc, col, offset FROM temp.passage_place WHERE term = ? LIMIT ?)', word, limit)
  }

  /** Its places in the `limit` passages that have it most often for their length. */
  bestPlaces(word: string, limit: number): Places {
    const best = 'SELECT rowid FROM passage_text WHERE passage_text MATCH ? ORDER BY rank LIMIT ?'
    const places = `(SELECT doc, col, offset FROM temp.passage_place WHERE term = ? AND doc IN (${best}))`
    return this.#placesFrom(places, word, `"${word}"`, limit)
  }

  #placesFrom(from: string, ...values: (string | number)[]): Places {
    // One row of lists, and few of them: a row for each place would take most of the time of a search.
    const row = this.#db.one(
      `SELECT json_group_array(v.doc) AS passage, json_group_array(h.content) AS content, json_group_array(
         (CASE v.col WHEN 'heading' THEN 0 WHEN 'body' THEN 1 ELSE 2 END * ${PACKED} + min(v.offset, ${PACKED - 1})) * ${PACKED}
         + min(h.words, ${PACKED - 1})) AS packed
       FROM ${from} v CROSS JOIN holder h ON h.passage = v.doc`,
      ...values,
    )
    if (row === undefined) return NO_PLACES
    const list = (key: string): number[] => JSON.parse(String(row[key])) as number[]
    const packed = list('packed')
    return {
      passage: list('passage'),
      content: list('content'),
      column: packed.map((number) => Math.floor(number / PACKED ** 2)),
      at: packed.map((number) => Math.floor(number / PACKED) % PACKED),
      size: packed.map((number) => number % PACKED),
    }
  }

  /** Ids of titles that have the word, in themselves or in an alias. */
  titlesWith(word: string, limit: number): number[] {
    const row = this.#db.one(
      'SELECT json_group_array(doc) AS ids FROM (SELECT DISTINCT doc FROM temp.title_place WHERE term = ? LIMIT ?)',
      word,
      limit,
    )
    return row === undefined ? [] : (JSON.parse(String(row['ids'])) as number[])
  }

  /** The pages of the set with these contents, or with one of these titles. */
  pagesWith(what: 'content' | 'title', ids: number[], { table, id }: PageSet, kinds: IndexedKind[]): FoundPage[] {
    const rows = this.#db.all(
      `SELECT DISTINCT p.path, p.kind, ${FOUND}
       FROM json_each(?) ids CROSS JOIN content c ON c.${what === 'content' ? 'id' : 'title'} = ids.value
       CROSS JOIN ${table} p ON p.view = ? AND p.oid = c.oid AND p.kind = c.kind
       WHERE c.kind IN (SELECT value FROM json_each(?))`,
      JSON.stringify(ids),
      id,
      JSON.stringify(kinds),
    )
    return rows.map((row) => found(row))
  }

  /** The pages of the set at these paths, by path, as far as their content is in the store. */
  pagesAt(paths: Iterable<string>, { table, id }: PageSet): Map<string, FoundPage> {
    const rows = this.#db.all(
      `SELECT p.path, p.kind, ${FOUND} FROM json_each(?) paths CROSS JOIN ${table} p ON p.view = ? AND p.path = paths.value
       CROSS JOIN content c ON c.oid = p.oid AND c.kind = p.kind`,
      JSON.stringify([...new Set(paths)]),
      id,
    )
    return new Map(rows.map((row) => [String(row['path']), found(row)]))
  }

  /** Paths of the set's pages of these kinds, in order, and how many there are. */
  pathsOf(
    kinds: IndexedKind[],
    { table, id }: PageSet,
    { from, limit }: { from: number; limit: number },
  ): { total: number; paths: string[] } {
    const where = `FROM ${table} WHERE view = ? AND kind IN (SELECT value FROM json_each(?))`
    const wanted = JSON.stringify(kinds)
    const total = Number(this.#db.one(`SELECT count(*) AS n ${where}`, id, wanted)?.['n'] ?? 0)
    const rows = this.#db.all(`SELECT path ${where} ORDER BY path LIMIT ? OFFSET ?`, id, wanted, limit, from)
    return { total, paths: rows.map(({ path }) => String(path)) }
  }

  /** For each of these titles by its id: the title and its other names, in this order. */
  names(titles: Iterable<number>): Map<number, string[]> {
    const rows = this.#db.all(
      'SELECT t.id, t.title, t.aliases FROM json_each(?) ids CROSS JOIN title t ON t.id = ids.value',
      JSON.stringify([...new Set(titles)]),
    )
    return new Map(
      rows.map(({ id, title, aliases }) => [Number(id), [String(title), ...(JSON.parse(String(aliases)) as string[])]]),
    )
  }

  /** Words of a document's text on average. */
  averageSize(): number {
    return this.#kept().averageSize
  }

  /** Languages of documents (BCP 47), of any commit. */
  languages(): string[] {
    return this.#kept().languages
  }

  /** What takes a walk over all contents: once, as long as a connection sees the same ones. */
  #kept(): WholeStore {
    // The first changes when another connection has written, the second when this one has.
    const version = this.#db.one('PRAGMA data_version')?.['data_version']
    const newest = this.#db.one('SELECT max(id) AS id FROM content')?.['id']
    const at = `${Number(version)} ${Number(newest)}`
    let kept = wholes.get(this.#db)
    if (kept?.at !== at) {
      const row = this.#db.one(`SELECT avg(words) AS n FROM content WHERE kind IN ('source', 'pages')`)
      const rows = this.#db.all('SELECT DISTINCT language FROM content WHERE language IS NOT NULL')
      const languages = rows.map(({ language }) => String(language))
      kept = { at, averageSize: Math.max(1, Number(row?.['n'] ?? 1)), languages }
      wholes.set(this.#db, kept)
    }
    return kept
  }

  passagesOf(content: number): Uint32Array {
    return passageIds(this.#db.one('SELECT passages FROM content WHERE id = ?', content)?.['passages'])
  }

  /** The id of the passage with this digest. */
  passageWith(digest: Uint8Array): number | undefined {
    const row = this.#db.one('SELECT id FROM passage WHERE digest = ?', digest)
    return row === undefined ? undefined : Number(row['id'])
  }

  /** The pages of the set that have the passage. */
  pagesWithPassage(passage: number, { table, id }: PageSet, kinds: IndexedKind[]): FoundPage[] {
    const rows = this.#db.all(
      `SELECT DISTINCT p.path, p.kind, ${FOUND} FROM holder h CROSS JOIN content c ON c.id = h.content
       CROSS JOIN ${table} p ON p.view = ? AND p.oid = c.oid AND p.kind = c.kind
       WHERE h.passage = ? AND c.kind IN (SELECT value FROM json_each(?)) ORDER BY p.path`,
      id,
      passage,
      JSON.stringify(kinds),
    )
    return rows.map((row) => found(row))
  }

  /** Ids of the passages of documents' texts in the set, each once, in the order of paths. */
  *passagesIn({ table, id }: PageSet): Generator<number> {
    const rows = this.#db.all(
      `SELECT c.passages FROM ${table} p JOIN content c ON c.oid = p.oid AND c.kind = p.kind
       WHERE p.view = ? AND p.kind IN ('source', 'pages') ORDER BY p.path`,
      id,
    )
    const seen = new Set<number>()
    for (const row of rows)
      for (const passage of passageIds(row['passages'])) {
        if (seen.has(passage)) continue
        seen.add(passage)
        yield passage
      }
  }

  /** What a passage is known by in other stores; undefined if it is gone. */
  digest(passage: number): Uint8Array | undefined {
    return this.#db.one('SELECT digest FROM passage WHERE id = ?', passage)?.['digest'] as Uint8Array | undefined
  }

  passage(id: number): { heading: string; page: number | undefined; text: string } | undefined {
    const row = this.#db.one('SELECT heading, page, text FROM passage WHERE id = ?', id)
    if (row === undefined) return undefined
    const page = row['page'] === null ? undefined : Number(row['page'])
    return { heading: String(row['heading']), page, text: String(row['text']) }
  }

  /** An upper bound on the number of passages: ids are assigned in order. */
  passageCount(): number {
    return Number(this.#db.one('SELECT max(id) AS n FROM passage')?.['n'] ?? 0)
  }
}

function found(row: Record<string, unknown>): FoundPage {
  const title = row['title'] === null ? undefined : Number(row['title'])
  return {
    path: String(row['path']),
    kind: row['kind'] as IndexedKind,
    content: Number(row['content']),
    title,
    words: Number(row['words']),
    passages: Number(row['bytes']) / PASSAGE_ID_BYTES,
  }
}
