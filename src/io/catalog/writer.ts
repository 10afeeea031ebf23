// Turns files of the base into rows of one snapshot: registry files, topic pages and listing pages.
import { entryAt, listingEntries, type BaseEntry } from '../../core/document/base-entry.ts'
import type { ContentChange } from '../../core/document/base-content.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { documentKeys, linkKeys } from '../../core/document/link-names.ts'
import { parseRecord } from '../../core/document/record.ts'
import { frontIsDue } from '../../core/page/overview-mark.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import { collisionKey } from '../../core/page/slug.ts'
import { pathFault } from '../../core/safe-path.ts'
import { topicKey } from '../../core/page/topic.ts'
import type { Database } from '../database.ts'
import { kindNumber, recordAt } from './rows.ts'

type TopicEntry = Extract<BaseEntry, { kind: 'topic' }>

const TABLES = [
  'document',
  'document_key',
  'link_key',
  'mention',
  'topic',
  'topic_page',
  'topic_key',
  'listing',
] as const

export class CatalogWriter {
  readonly #db: Database
  readonly #snapshot: number

  constructor(db: Database, snapshot: number) {
    this.#db = db
    this.#snapshot = snapshot
  }

  apply(changes: Iterable<ContentChange>): void {
    const topics = new Map<string, TopicEntry>()
    for (const { path, content } of changes) {
      const entry = pathFault(path) === undefined ? entryAt(path) : undefined
      switch (entry?.kind) {
        case 'document':
          this.#document(path, entry.stem, entry.shard, content)
          break
        case 'topic':
          this.#topicPage(entry, content)
          topics.set(entry.first, entry)
          break
        case 'listing':
          this.#listing(entry, content)
          break
        case undefined:
          break
      }
    }
    for (const entry of topics.values()) this.#topic(entry)
  }

  /** Empties the snapshot. */
  clear(): void {
    for (const table of TABLES) this.#db.exec(`DELETE FROM ${table} WHERE view = ${this.#snapshot}`)
  }

  /** Drops all other snapshots, which are made again when they are needed. */
  dropOthers(): void {
    this.#db.transact(() => {
      for (const table of TABLES) this.#db.exec(`DELETE FROM ${table} WHERE view <> ${this.#snapshot}`)
      this.#db.exec(`DELETE FROM view WHERE id <> ${this.#snapshot}`)
    })
  }

  #document(path: string, stem: string, shard: number, content: string | null): void {
    const old = this.#db.one('SELECT path, record FROM document WHERE view = ? AND path = ?', this.#snapshot, path)
    if (old !== undefined) {
      if (old['record'] !== null) {
        const record = recordAt(old)
        this.#mentions(
          'DELETE FROM mention WHERE view = ? AND kind = ? AND key = ? AND added = ? AND path = ?',
          path,
          record,
        )
        this.#names(
          {
            named: 'DELETE FROM document_key WHERE view = ? AND key = ? AND path = ?',
            links: 'DELETE FROM link_key WHERE view = ? AND key = ? AND path = ?',
          },
          path,
          record,
        )
      }
      this.#db.run('DELETE FROM document WHERE view = ? AND path = ?', this.#snapshot, path)
    }
    if (content === null) return
    const record = readable(content, path)
    this.#db.run(
      'INSERT INTO document (view, path, volume, stem, name, sha256, origin, added, record) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      this.#snapshot,
      path,
      shard,
      collisionKey(stem),
      record?.name ?? null,
      record?.sha256 ?? null,
      record?.origin ?? null,
      record === undefined ? null : addedSeconds(record),
      record === undefined ? null : JSON.stringify(record),
    )
    if (record === undefined) return
    this.#mentions('INSERT OR IGNORE INTO mention VALUES (?, ?, ?, ?, ?)', path, record)
    this.#names(
      {
        named: 'INSERT OR IGNORE INTO document_key VALUES (?, ?, ?)',
        links: 'INSERT OR IGNORE INTO link_key VALUES (?, ?, ?)',
      },
      path,
      record,
    )
  }

  #mentions(sql: string, path: string, record: DocumentRecord): void {
    for (const { kind, key } of record.mentions ?? []) {
      this.#db.run(sql, this.#snapshot, kindNumber(kind), key, addedSeconds(record), path)
    }
  }

  #names(sql: { named: string; links: string }, path: string, record: DocumentRecord): void {
    for (const key of documentKeys(record)) this.#db.run(sql.named, this.#snapshot, key, path)
    const links = new Set((record.links ?? []).flatMap((link) => linkKeys(link, record)))
    for (const key of links) this.#db.run(sql.links, this.#snapshot, key, path)
  }

  #topicPage({ topic, first, part, name, shard }: TopicEntry, content: string | null): void {
    const kind = kindNumber(topic)
    const old = this.#db.one(
      'SELECT keys, folder, volume, readable FROM topic_page WHERE view = ? AND first = ? AND part = ?',
      this.#snapshot,
      first,
      part,
    )
    const page = content === null ? undefined : this.#readTopicPage(content, part, name)
    // Most changes only add a section to a page: its keys and counts stay the same.
    if (
      page !== undefined &&
      old?.['keys'] === page.keys &&
      old['folder'] === kind &&
      old['volume'] === shard &&
      old['readable'] === page.readable
    ) {
      this.#db.run(
        'UPDATE topic_page SET title = ?, sources = ?, due = ? WHERE view = ? AND first = ? AND part = ?',
        page.title,
        page.sources,
        page.due,
        this.#snapshot,
        first,
        part,
      )
      return
    }
    if (old !== undefined) {
      this.#keys(
        'DELETE FROM topic_key WHERE view = ? AND kind = ? AND key = ? AND rank = ? AND first = ?',
        kind,
        String(old['keys']),
        first,
      )
      this.#db.run('DELETE FROM topic_page WHERE view = ? AND first = ? AND part = ?', this.#snapshot, first, part)
    }
    if (page === undefined) return
    this.#db.run(
      `INSERT INTO topic_page (view, first, part, folder, volume, title, keys, sources, due, readable)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      this.#snapshot,
      first,
      part,
      kind,
      shard,
      page.title,
      page.keys,
      page.sources,
      page.due,
      page.readable,
    )
    this.#keys('INSERT OR IGNORE INTO topic_key VALUES (?, ?, ?, ?, ?)', kind, page.keys, first)
  }

  #readTopicPage(
    content: string,
    part: number,
    name: string,
  ): { title: string; keys: string; sources: number; due: 0 | 1; readable: 0 | 1 } {
    const { front } = splitFrontMatter(content)
    const title = typeof front['title'] === 'string' && front['title'] !== '' ? front['title'] : undefined
    // Only the first page names the topic and its aliases.
    const names = part === 1 ? [title ?? name, ...texts(front['aliases'])] : []
    return {
      title: title ?? name,
      keys: JSON.stringify([...new Set(names.map(topicKey).filter((key) => key !== ''))]),
      sources: new Set(texts(front['sources'])).size,
      due: frontIsDue(front) ? 1 : 0,
      readable: title === undefined ? 0 : 1,
    }
  }

  /** The first key is the title's. If two topics claim a key, the one whose title it is wins. */
  #keys(sql: string, kind: number, keys: string, first: string): void {
    for (const [index, key] of (JSON.parse(keys) as string[]).entries()) {
      this.#db.run(sql, this.#snapshot, kind, key, index === 0 ? 0 : 1, first)
    }
  }

  /** Derives the topic's own row from its pages. */
  #topic({ topic, first, name }: TopicEntry): void {
    const sum = this.#db.one(
      'SELECT max(part) AS parts, sum(sources) AS sources, max(due) AS due FROM topic_page WHERE view = ? AND first = ?',
      this.#snapshot,
      first,
    )
    if (sum === undefined || sum['parts'] === null) {
      this.#db.run('DELETE FROM topic WHERE view = ? AND first = ?', this.#snapshot, first)
      return
    }
    const page = this.#db.one(
      'SELECT title FROM topic_page WHERE view = ? AND first = ? AND part = 1',
      this.#snapshot,
      first,
    )
    this.#db.run(
      `INSERT INTO topic (view, first, kind, name, stem, title, parts, sources, due) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET title = excluded.title, parts = excluded.parts, sources = excluded.sources, due = excluded.due`,
      this.#snapshot,
      first,
      kindNumber(topic),
      name,
      collisionKey(name),
      String(page?.['title'] ?? name),
      Number(sum['parts']),
      Number(sum['sources']),
      Number(sum['due']),
    )
  }

  #listing({ listing, shard, part }: Extract<BaseEntry, { kind: 'listing' }>, content: string | null): void {
    if (content === null) {
      this.#db.run(
        'DELETE FROM listing WHERE view = ? AND kind = ? AND volume = ? AND part = ?',
        this.#snapshot,
        listing,
        shard,
        part,
      )
      return
    }
    this.#db.run(
      'INSERT INTO listing VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET entries = excluded.entries',
      this.#snapshot,
      listing,
      shard,
      part,
      listingEntries(content),
    )
  }
}

/** Undefined for a file that is not a valid registry file: it is counted, and its name stays taken. */
function readable(content: string, path: string): DocumentRecord | undefined {
  try {
    return parseRecord(content, path)
  } catch {
    return undefined
  }
}

function addedSeconds(record: DocumentRecord): number {
  const milliseconds = Date.parse(record.addedAt)
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000)
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}
