// The PageIndex store: the full text of pages, keyed by the object id of their content, derived from git alone.
import { createHash, hash } from 'node:crypto'
import { Yielder } from '../../core/yielder.ts'
import type { Passage } from '../../core/search/passage.ts'
import type { OutlineNode } from '../../core/search/outline-nodes.ts'
import { Database, type DatabaseOptions, type DatabaseState } from '../database.ts'
import type { ContentRows } from './content-rows.ts'
import { words } from '../../core/search/words.ts'
import { beginning, type PageContent } from './indexed-text.ts'
import { addDigest } from './content-digest.ts'
import { PAGE_INDEX } from './schema.ts'
import { bytes, passageIds, type PageKey } from './columns.ts'

/** A file to index: its object id in git, its kind, and its bytes or a stream of them. */
export type PageEntry = PageKey & { content: PageContent }

/** Minimum share of unused pages for rewriting the file. */
const VACUUM_SHARE = 0.2

/**
 * The last asynchronous write of each file. A transaction that waits for git lets other work of this process run: a
 * second connection would wait for its end without letting it come.
 */
const turns = new Map<string, Promise<unknown>>()

export class PageIndex implements Disposable {
  /** For lookups and page sets, which hold no rows of their own. */
  readonly db: Database
  readonly #path: string

  private constructor(db: Database, path: string) {
    this.db = db
    this.#path = path
  }

  /** Opens the store. If its state is not `kept`, it is empty, and what commits name must be indexed again. */
  static open(path: string, options: DatabaseOptions): PageIndex {
    return new PageIndex(Database.open(path, PAGE_INDEX, options), path)
  }

  [Symbol.dispose](): void {
    this.db[Symbol.dispose]()
  }

  get state(): DatabaseState {
    return this.db.state
  }

  has({ oid, kind }: PageKey): boolean {
    return this.db.one('SELECT 1 FROM content WHERE oid = ? AND kind = ?', bytes(oid), kind) !== undefined
  }

  hasPassage(digest: Uint8Array): boolean {
    return this.db.one('SELECT 1 FROM passage WHERE digest = ?', digest) !== undefined
  }

  /** Those that are not in the store, without duplicates. */
  missing<T extends PageKey>(keys: Iterable<T>): T[] {
    const found = new Map<string, T>()
    for (const key of keys) if (!this.has(key)) found.set(`${key.oid} ${key.kind}`, key)
    return [...found.values()]
  }

  /**
   * Indexes files in one transaction: durable when it resolves, or not at all. Known files are skipped. Content of any
   * shape is accepted: content that cannot be read as its kind has no passages. Resolves with the number of new files.
   */
  async index(entries: Iterable<PageEntry>): Promise<number> {
    return this.exclusive(async () => {
      // Search loads it only if there is something to index.
      const { rowsOf } = await import('./content-rows.ts')
      this.db.exec('BEGIN IMMEDIATE')
      try {
        let count = 0
        const yielder = new Yielder()
        for (const entry of entries) {
          await yielder.yieldToEventLoop()
          if (this.has(entry)) continue
          const { text, cut } = await beginning(entry.content)
          this.#insert(entry, cut, rowsOf(entry.kind, text))
          count += 1
        }
        this.db.exec('COMMIT')
        return count
      } catch (error) {
        if (this.db.inTransaction) this.db.exec('ROLLBACK')
        throw error
      }
    })
  }

  /** Queues asynchronous writes: all connections of this process to a file have one transaction at a time. */
  exclusive<T>(work: () => Promise<T>): Promise<T> {
    const result = (turns.get(this.#path) ?? Promise.resolve()).then(work)
    const turn: Promise<void> = result.then(
      () => this.#release(turn),
      () => this.#release(turn),
    )
    turns.set(this.#path, turn)
    return result
  }

  #release(turn: Promise<void>): void {
    if (turns.get(this.#path) === turn) turns.delete(this.#path)
  }

  /** Sections of a long document, in text order. */
  nodes(oid: string): OutlineNode[] {
    const sql = `SELECT n.* FROM content c JOIN node n ON n.content = c.id WHERE c.oid = ? AND c.kind = 'tree' ORDER BY n.at`
    return this.db.all(sql, bytes(oid)).map((row) => ({
      nodeId: String(row['node_id']),
      title: String(row['title']),
      within: JSON.parse(String(row['within'])) as string[],
      ...(row['start_page'] === null ? {} : { startPage: Number(row['start_page']) }),
      ...(row['end_page'] === null ? {} : { endPage: Number(row['end_page']) }),
      summary: String(row['summary']),
    }))
  }

  /** `documents`: document texts, from all indexed commits. `bytes`: the size of the file. */
  stats(): { documents: number; bytes: number } {
    const row = this.db.one(`SELECT count(*) AS n FROM content WHERE kind IN ('source', 'pages')`)
    const size = this.db.one('SELECT page_count * page_size AS n FROM pragma_page_count(), pragma_page_size()')
    return { documents: Number(row?.['n']), bytes: Number(size?.['n']) }
  }

  /** A digest of the store's contents for these files: equal for equal contents, whatever the order of indexing. */
  fingerprint(keys: Iterable<PageKey>): string {
    const hash = createHash('sha256')
    const sorted = [...new Set([...keys].map(({ oid, kind }) => `${oid} ${kind}`))].sort()
    for (const key of sorted) {
      const [oid = '', kind = ''] = key.split(' ')
      hash.update(`${key}\n`)
      addDigest(hash, this.db, { oid, kind: kind as PageKey['kind'] })
      if (kind === 'tree') hash.update(`${JSON.stringify(this.nodes(oid))}\n`)
    }
    return hash.digest('hex')
  }

  /** Problems of the store, as sentences. Reads all of it. */
  verify(): string[] {
    const problems: string[] = []
    const check = this.db.one('PRAGMA quick_check(1)')?.['quick_check']
    if (check !== 'ok') problems.push(`The store of page texts is damaged: ${String(check)}.`)
    for (const table of ['passage', 'title']) {
      const row = this.db.one(
        `SELECT count(*) AS n FROM ${table} LEFT JOIN ${table}_text_docsize d USING (id) WHERE d.id IS NULL`,
      )
      if (Number(row?.['n']) > 0) problems.push(`The full text of ${Number(row?.['n'])} ${table}s is missing.`)
    }
    return problems
  }

  /** Drops unreachable files in one transaction. Resolves with how many files were, or would be, dropped. */
  async dropExcept(reachable: (oid: string) => boolean, options: { dryRun?: boolean } = {}): Promise<number> {
    return this.exclusive(async () => {
      const gone = [...this.db.each('SELECT id, oid FROM content ORDER BY id')]
        .filter((row) => !reachable(Buffer.from(row['oid'] as Uint8Array).toString('hex')))
        .map((row) => Number(row['id']))
      if (options.dryRun !== true && gone.length > 0) this.db.transact(() => gone.forEach((id) => this.#drop(id)))
      return gone.length
    })
  }

  /**
   * Drops the files whose object id is not in `reached`, in one transaction, and returns the space to the disk. Memory
   * use does not depend on the number of ids. Resolves with how many files were, or would be, dropped.
   */
  async dropUnreached(reached: AsyncIterable<string>, options: { dryRun?: boolean } = {}): Promise<number> {
    return this.exclusive(async () => {
      // Files added while ids are being collected belong to a commit that the ids may not cover.
      const newest = Number(this.db.one('SELECT max(id) AS n FROM content')?.['n'] ?? 0)
      this.db.exec(
        'DROP TABLE IF EXISTS temp.reached; CREATE TABLE temp.reached (oid BLOB PRIMARY KEY) WITHOUT ROWID; BEGIN',
      )
      try {
        for await (const oid of reached) {
          const key = bytes(oid)
          if (this.db.one('SELECT 1 FROM content WHERE oid = ?', key) !== undefined)
            this.db.run('INSERT OR IGNORE INTO temp.reached VALUES (?)', key)
        }
        this.db.exec('COMMIT')
      } catch (error) {
        if (this.db.inTransaction) this.db.exec('ROLLBACK')
        throw error
      }
      const gone = this.db
        .all('SELECT id FROM content WHERE id <= ? AND oid NOT IN (SELECT oid FROM temp.reached)', newest)
        .map((row) => Number(row['id']))
      this.db.exec('DROP TABLE temp.reached')
      if (options.dryRun === true || gone.length === 0) return gone.length
      this.db.transact(() => gone.forEach((id) => this.#drop(id)))
      const free = Number(this.db.one('SELECT freelist_count AS n FROM pragma_freelist_count()')?.['n'])
      const pages = Number(this.db.one('SELECT page_count AS n FROM pragma_page_count()')?.['n'])
      if (free > pages * VACUUM_SHARE) this.db.exec('VACUUM')
      return gone.length
    })
  }

  /** Forgets which pages commits have, and their names: the next search finds out again. */
  forgetPages(): void {
    this.db.exec('DELETE FROM page; UPDATE view SET at = NULL')
  }

  /** Leaves nothing of dropped texts in the file. */
  compact(): void {
    // Words of deleted rows stay in the full text index until its segments are merged.
    for (const table of ['passage_text', 'title_text'])
      this.db.run(`INSERT INTO ${table} (${table}) VALUES ('optimize')`)
    this.db.compact()
  }

  #insert({ oid, kind }: PageKey, cut: boolean, rows: ContentRows): void {
    const placed = rows.passages.map((passage) => this.#passage(passage))
    const passages = Uint32Array.from(placed, ({ id }) => id)
    const { rowid: content } = this.db.run(
      'INSERT INTO content (oid, kind, title, language, words, cut, passages) VALUES (?, ?, ?, ?, ?, ?, ?)',
      bytes(oid),
      kind,
      rows.title === '' ? null : this.#title(rows.title, rows.aliases),
      rows.language ?? null,
      placed.reduce((sum, { size }) => sum + size, 0),
      cut ? 1 : 0,
      new Uint8Array(passages.buffer),
    )
    for (const { id, size } of placed) this.db.run('INSERT OR IGNORE INTO holder VALUES (?, ?, ?)', id, content, size)
    for (const [index, node] of rows.nodes.entries()) {
      this.db.run(
        'INSERT INTO node VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        content,
        index,
        node.nodeId,
        node.title,
        JSON.stringify(node.within),
        node.startPage ?? null,
        node.endPage ?? null,
        node.summary,
      )
    }
  }

  /** `size`: words. */
  #passage({ heading, page, text, links }: Passage): { id: number; size: number } {
    const digest = hash('sha256', JSON.stringify([heading, page ?? null, text, links]), 'buffer').subarray(0, 16)
    const known = this.db.one(
      'SELECT p.id, h.words FROM passage p LEFT JOIN holder h ON h.passage = p.id WHERE p.digest = ? LIMIT 1',
      digest,
    )
    if (known !== undefined && known['words'] !== null) return { id: Number(known['id']), size: Number(known['words']) }
    const parts = [heading, text, links].map((part) => words(part))
    const size = parts.reduce((sum, part) => sum + part.length, 0)
    // Twice in one file: the holder comes after its passages.
    if (known !== undefined) return { id: Number(known['id']), size }
    const { rowid } = this.db.run(
      'INSERT INTO passage (digest, heading, page, text, links) VALUES (?, ?, ?, ?, ?)',
      digest,
      heading,
      page ?? null,
      text,
      links,
    )
    this.db.run(
      'INSERT INTO passage_text (rowid, heading, body, links) VALUES (?, ?, ?, ?)',
      rowid,
      ...parts.map((part) => part.join(' ')),
    )
    return { id: rowid, size }
  }

  #title(title: string, aliases: string[]): number {
    const list = JSON.stringify(aliases)
    const known = this.db.one('SELECT id FROM title WHERE title = ? AND aliases = ?', title, list)
    if (known !== undefined) return Number(known['id'])
    const { rowid } = this.db.run('INSERT INTO title (title, aliases) VALUES (?, ?)', title, list)
    this.db.run(
      'INSERT INTO title_text (rowid, title, aliases) VALUES (?, ?, ?)',
      rowid,
      words(title).join(' '),
      words(aliases.join('\n')).join(' '),
    )
    return rowid
  }

  #drop(content: number): void {
    const row = this.db.one('SELECT title, passages FROM content WHERE id = ?', content)
    for (const passage of passageIds(row?.['passages'])) {
      this.db.run('DELETE FROM holder WHERE passage = ? AND content = ?', passage, content)
      if (this.db.one('SELECT 1 FROM holder WHERE passage = ?', passage) !== undefined) continue
      this.db.run('DELETE FROM passage WHERE id = ?', passage)
      this.db.run('DELETE FROM passage_text WHERE rowid = ?', passage)
    }
    this.db.run('DELETE FROM node WHERE content = ?', content)
    this.db.run('DELETE FROM content WHERE id = ?', content)
    const title = row?.['title'] ?? null
    if (title === null || this.db.one('SELECT 1 FROM content WHERE title = ?', title) !== undefined) return
    this.db.run('DELETE FROM title WHERE id = ?', title)
    this.db.run('DELETE FROM title_text WHERE rowid = ?', title)
  }
}
