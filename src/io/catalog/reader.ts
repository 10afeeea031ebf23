// The catalog for readers: a snapshot of the base at a commit, in SQLite. Loads nothing that only writers need.
import type { BaseFigures, Catalog, TopicRef } from '../../core/document/catalog.ts'
import type { Displaced, DocumentRecord, Mention, TopicKind } from '../../core/document/document.ts'
import { LISTING_ENTRIES_MAX, SHARD_ENTRIES_MAX, splitPart, type ListingKind } from '../../core/layout.ts'
import { collisionKey } from '../../core/page/slug.ts'
import { Database, type DatabaseOptions, type DatabaseState, type Row } from '../database.ts'
import { commitOf, openView } from '../follow-commit.ts'
import { figuresOf } from './figures.ts'
import { kindNumber, recordAt, storedRecord, topicRef } from './rows.ts'
import { ATTACHED, CATALOG_SCHEMA, CATALOG_VERSION, DISPLACES } from './schema.ts'

export type CatalogCounts = {
  documents: number
  concepts: number
  entities: number
  /** Registry files and topic pages that could not be read. */
  unreadable: number
}

export type CatalogOptions = DatabaseOptions & {
  /** Names the snapshot: one per worktree and base folder. */
  key: string
}

export class CatalogReader implements Catalog, Disposable {
  protected readonly db: Database
  protected readonly snapshot: number

  /**
   * Opens the snapshot in the database at `path`. A snapshot that is new, or whose file was replaced, is at no commit.
   */
  constructor(path: string, { key, ...options }: CatalogOptions) {
    const shape = { version: CATALOG_VERSION, schema: CATALOG_SCHEMA, synchronous: 'NORMAL' } as const
    this.db = Database.open(path, shape, options)
    try {
      this.snapshot = openView(this.db, key)
    } catch (error) {
      this.db[Symbol.dispose]()
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.db[Symbol.dispose]()
  }

  /** Leaves nothing of earlier contents in the file. */
  compact(): void {
    this.db.compact()
  }

  get state(): DatabaseState {
    return this.db.state
  }

  /** The commit that the snapshot is at, or undefined if it was never built. */
  commit(): string | undefined {
    return commitOf(this.db, this.snapshot)
  }

  /** Pins the snapshot for queries to the commit that it returns, until `release`, whatever others write meanwhile. */
  hold(): string | undefined {
    this.db.exec('BEGIN')
    return this.commit()
  }

  release(): void {
    if (this.db.inTransaction) this.db.exec('ROLLBACK')
  }

  documentByDigest(sha256: string): DocumentRecord | undefined {
    return this.#record('SELECT path, record FROM document WHERE view = ? AND sha256 = ? ORDER BY path LIMIT 1', sha256)
  }

  documentByOrigin(origin: string): DocumentRecord | undefined {
    return this.#record('SELECT path, record FROM document WHERE view = ? AND origin = ? ORDER BY path LIMIT 1', origin)
  }

  documentByName(name: string): DocumentRecord | undefined {
    return this.#record('SELECT path, record FROM document WHERE view = ? AND name = ? ORDER BY path LIMIT 1', name)
  }

  /** Where each document came from, without reading its record. */
  *origins(): Generator<{ name: string; origin: string; sha256: string }> {
    const sql = `SELECT name, origin, sha256 FROM document WHERE view = ? AND origin IS NOT NULL ORDER BY path`
    for (const row of this.db.all(sql, this.snapshot))
      yield { name: String(row['name']), origin: String(row['origin']), sha256: String(row['sha256']) }
  }

  /** Names of the documents that came with a message. */
  attached(): Set<string> {
    const sql = `SELECT name FROM document WHERE view = ? AND ${ATTACHED}`
    return new Set(this.db.all(sql, this.snapshot).map(({ name }) => String(name)))
  }

  /** The original of each document, and the path of its registry file, without reading its record. */
  *originals(): Generator<{ name: string; raw: string; sha256: string; path: string }> {
    const sql = `SELECT path, name, sha256, json_extract(record, '$.raw') AS raw FROM document
      WHERE view = ? AND record IS NOT NULL ORDER BY path`
    for (const row of this.db.all(sql, this.snapshot))
      yield {
        name: String(row['name']),
        raw: String(row['raw']),
        sha256: String(row['sha256']),
        path: String(row['path']),
      }
  }

  documentNameTaken(key: string): boolean {
    const found = this.db.one('SELECT 1 FROM document WHERE view = ? AND stem = ?', this.snapshot, key)
    if (found !== undefined) return true
    // A document that is still to come in from a merge has its name already.
    return this.displacing().some(({ displaced }) => displaced.some(({ name }) => collisionKey(name) === key))
  }

  topic(kind: TopicKind, keys: string[]): TopicRef | undefined {
    for (const key of keys) {
      const row = this.db.one(
        `SELECT t.* FROM topic_key k CROSS JOIN topic t ON t.view = k.view AND t.first = k.first
         WHERE k.view = ? AND k.kind = ? AND k.key = ? ORDER BY k.rank, k.first LIMIT 1`,
        this.snapshot,
        kindNumber(kind),
        key,
      )
      if (row !== undefined) return topicRef(row)
    }
    return undefined
  }

  /** First pages of topics by those of the keys (see `topicKey`) that one of their names has. */
  topicsNamed(keys: string[]): { key: string; path: string }[] {
    const sql = `SELECT k.key, k.first FROM json_each(?) j CROSS JOIN topic_key k
      ON k.view = ? AND k.kind IN (0, 1) AND k.key = j.value`
    return this.db
      .all(sql, JSON.stringify(keys), this.snapshot)
      .map(({ key, first }) => ({ key: String(key), path: String(first) }))
  }

  topicNameTaken(kind: TopicKind, key: string): boolean {
    const sql = 'SELECT 1 FROM topic WHERE view = ? AND kind = ? AND stem = ?'
    return this.db.one(sql, this.snapshot, kindNumber(kind), key) !== undefined
  }

  mentions(kind: TopicKind, key: string, limit: number): { document: DocumentRecord; mention: Mention }[] {
    const found: { document: DocumentRecord; mention: Mention }[] = []
    for (let offset = 0, rows: Row[]; found.length < limit; offset += rows.length) {
      rows = this.db.all(
        `SELECT d.path, d.record FROM mention m CROSS JOIN document d ON d.view = m.view AND d.path = m.path
         WHERE m.view = ? AND m.kind = ? AND m.key = ? ORDER BY m.added, m.path LIMIT ? OFFSET ?`,
        this.snapshot,
        kindNumber(kind),
        key,
        limit,
        offset,
      )
      const page = rows.length === 0 ? undefined : this.topic(kind, [key])
      for (const row of rows) {
        const document = recordAt(row)
        const mention = document.mentions?.find((mention) => mention.kind === kind && mention.key === key)
        const hasSection = page !== undefined && document.topics.some((path) => splitPart(path).first === page.path)
        if (mention !== undefined && !hasSection && found.length < limit) found.push({ document, mention })
      }
      if (rows.length < limit) break
    }
    return found
  }

  documentsNamed(key: string, limit: number): DocumentRecord[] {
    return this.#byKey('document_key', key, limit)
  }

  documentsLinking(key: string, limit: number): DocumentRecord[] {
    return this.#byKey('link_key', key, limit)
  }

  documentFrequency(kind: TopicKind, key: string): number {
    const sql = 'SELECT entries FROM mention_count WHERE view = ? AND kind = ? AND key = ?'
    const mentions = this.db.one(sql, this.snapshot, kindNumber(kind), key)?.['entries']
    return Number(mentions ?? 0) + (this.topic(kind, [key])?.sources ?? 0)
  }

  documentCount(): number {
    return this.#tally('documents')
  }

  openShard(folder: 'documents' | 'concepts' | 'entities'): number {
    const number = folder === 'documents' ? 2 : kindNumber(folder === 'concepts' ? 'concept' : 'entity')
    const row = this.db.one(
      'SELECT volume, entries FROM volume WHERE view = ? AND folder = ? ORDER BY volume DESC LIMIT 1',
      this.snapshot,
      number,
    )
    const last = Math.max(1, Number(row?.['volume'] ?? 1))
    return Number(row?.['volume']) === last && Number(row?.['entries']) >= SHARD_ENTRIES_MAX ? last + 1 : last
  }

  openListing(kind: ListingKind, shard: number): { part: number; entries: number } {
    const row = this.db.one(
      'SELECT part, entries FROM listing WHERE view = ? AND kind = ? AND volume = ? ORDER BY part DESC LIMIT 1',
      this.snapshot,
      kind,
      shard,
    )
    if (row === undefined) return { part: 1, entries: 0 }
    const [part, entries] = [Number(row['part']), Number(row['entries'])]
    return entries >= LISTING_ENTRIES_MAX ? { part: part + 1, entries: 0 } : { part, entries }
  }

  /** Topics whose overview is due, by path, at most `limit`. */
  overviewsDue(limit: number): TopicRef[] {
    return this.db
      .all('SELECT * FROM topic WHERE view = ? AND due = 1 ORDER BY first LIMIT ?', this.snapshot, limit)
      .map(topicRef)
  }

  /** Registry files that name documents which a merge left behind. */
  displacing(): { path: string; displaced: Displaced[] }[] {
    const sql = `SELECT path, record FROM document WHERE view = ? AND ${DISPLACES} ORDER BY path`
    return this.db
      .all(sql, this.snapshot)
      .map((row) => ({ path: String(row['path']), displaced: recordAt(row).displaced ?? [] }))
  }

  /** Every readable document, by path of its registry file. */
  *documents(): Generator<DocumentRecord> {
    const sql = 'SELECT path, record FROM document WHERE view = ? AND record IS NOT NULL ORDER BY path'
    for (const row of this.db.each(sql, this.snapshot)) yield recordAt(row)
  }

  /** Documents that no model has compiled, by path of their registry file. */
  *withoutModel(): Generator<DocumentRecord> {
    const sql = `SELECT path, record FROM document
      WHERE view = ? AND record IS NOT NULL AND json_extract(record, '$.model') IS NULL ORDER BY path`
    for (const row of this.db.each(sql, this.snapshot)) yield recordAt(row)
  }

  /** Every registry file by path, and its record, as validated when its row was written, if it is readable. */
  registryFiles(): { path: string; record: DocumentRecord | undefined }[] {
    return this.db
      .all('SELECT path, record FROM document WHERE view = ? ORDER BY path', this.snapshot)
      .map((row) => ({ path: String(row['path']), record: row['record'] === null ? undefined : storedRecord(row) }))
  }

  /** The first page of every topic that has one. */
  topicPages(): { path: string; name: string; title: string }[] {
    const sql = `SELECT t.first AS path, t.name, t.title FROM topic t
      JOIN topic_page p ON p.view = t.view AND p.first = t.first AND p.part = 1 WHERE t.view = ?`
    return this.db.all(sql, this.snapshot) as { path: string; name: string; title: string }[]
  }

  /** Every topic of a kind, by path. */
  *topics(kind: TopicKind): Generator<TopicRef> {
    const sql = 'SELECT * FROM topic WHERE view = ? AND kind = ? ORDER BY first'
    for (const row of this.db.each(sql, this.snapshot, kindNumber(kind))) yield topicRef(row)
  }

  counts(): CatalogCounts {
    return {
      documents: this.documentCount(),
      concepts: this.#tally('concepts'),
      entities: this.#tally('entities'),
      unreadable: this.#tally('unreadable'),
    }
  }

  figures(): BaseFigures {
    return figuresOf(this.db, this.snapshot, this.counts())
  }

  allDocuments(): DocumentRecord[] {
    return [...this.documents()]
  }

  #tally(what: string): number {
    return Number(
      this.db.one('SELECT entries FROM tally WHERE view = ? AND what = ?', this.snapshot, what)?.['entries'] ?? 0,
    )
  }

  #byKey(table: 'document_key' | 'link_key', key: string, limit: number): DocumentRecord[] {
    const rows = this.db.all(
      `SELECT d.path, d.record FROM ${table} k CROSS JOIN document d ON d.view = k.view AND d.path = k.path
       WHERE k.view = ? AND k.key = ? ORDER BY k.path LIMIT ?`,
      this.snapshot,
      key,
      limit,
    )
    return rows.map(storedRecord)
  }

  #record(sql: string, value: string): DocumentRecord | undefined {
    const row = this.db.one(sql, this.snapshot, value)
    return row === undefined ? undefined : recordAt(row)
  }
}
