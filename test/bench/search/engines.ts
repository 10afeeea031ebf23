// What is compared: kbgit over a base of the documents, MiniSearch over the documents with its defaults, and plain BM25 of
// SQLite's FTS5 over passages, of which the best decides.
import { DatabaseSync } from 'node:sqlite'
import MiniSearch from 'minisearch'
import { readMarkdown } from '../../../src/core/search/passage.ts'
import type { Kb } from '../../../src/index.ts'
import type { Document } from './corpora.ts'

/** Names of the documents found, best first, each once, at most `RANKS`. */
export type Engine = (query: string) => Promise<string[]>

export const RANKS = 10
/** Pages and passages that are looked at for so many documents. */
const HITS = 30

export function kbgit(kb: Kb): Engine {
  return async (query) => {
    const { hits } = await kb.search(query, { limit: HITS })
    return distinct(hits.flatMap(({ document }) => (document === undefined ? [] : [document])))
  }
}

export function miniSearch(documents: Document[]): Engine {
  const index = new MiniSearch<Document>({ idField: 'name', fields: ['title', 'text'] })
  index.addAll(documents)
  return async (query) => distinct(index.search(query).map((hit) => String(hit.id)))
}

export function plainFts5(documents: Document[]): Engine {
  const db = new DatabaseSync(':memory:')
  db.exec(`CREATE VIRTUAL TABLE passage USING fts5 (name UNINDEXED, title, body, tokenize = 'porter unicode61')`)
  const insert = db.prepare('INSERT INTO passage VALUES (?, ?, ?)')
  for (const { name, title, text } of documents)
    for (const { heading, text: body } of readMarkdown(text).passages) insert.run(name, title, `${heading}\n${body}`)
  const select = db.prepare(`SELECT name FROM passage WHERE passage MATCH ? ORDER BY rank LIMIT ${HITS * 10}`)
  return async (query) => {
    const words = query.match(/[\p{L}\p{N}]+/gu) ?? []
    if (words.length === 0) return []
    return distinct(select.all(words.map((word) => `"${word}"`).join(' OR ')).map(({ name }) => String(name)))
  }
}

function distinct(names: string[]): string[] {
  return [...new Set(names)].slice(0, RANKS)
}
