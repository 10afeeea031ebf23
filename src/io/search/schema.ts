// The tables of `pageindex.db`.
import type { DatabaseShape } from '../database.ts'

/**
 * A row of `content` is a file, keyed by the object id of its bytes, so no commit ever changes it. Passages are shared
 * by all contents that have them (`holder`; `content.passages` lists them in order, as 32-bit numbers): a page that
 * grows by a section adds only that section's passages. The full text tables hold words as `words` produces them, each
 * row under the id of its passage or title; the forms of a word are joined when a query is asked, so that a language more
 * changes nothing here. `words` counts them: of a passage (in `holder`, where search reads it), of a content. `page`
 * makes it possible to search a branch without walking it: the pages of one commit, for each page set (`view`).
 */
export const PAGE_INDEX: DatabaseShape = {
  version: 5,
  synchronous: 'FULL',
  schema: `
CREATE TABLE content (
  id INTEGER PRIMARY KEY, oid BLOB NOT NULL, kind TEXT NOT NULL, title INTEGER, language TEXT, words INTEGER NOT NULL, cut INTEGER NOT NULL,
  passages BLOB NOT NULL,
  UNIQUE (oid, kind)
) STRICT;
CREATE INDEX content_title ON content (title);
CREATE INDEX content_kind ON content (kind, words);
CREATE INDEX content_language ON content (language);

CREATE TABLE passage (
  id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, heading TEXT NOT NULL, page INTEGER, text TEXT NOT NULL,
  links TEXT NOT NULL
) STRICT;
CREATE TABLE holder (
  passage INTEGER NOT NULL, content INTEGER NOT NULL, words INTEGER NOT NULL, PRIMARY KEY (passage, content)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE passage_text USING fts5 (heading, body, links, content = '', contentless_delete = 1, tokenize = 'ascii');

CREATE TABLE title (id INTEGER PRIMARY KEY, title TEXT NOT NULL, aliases TEXT NOT NULL, UNIQUE (title, aliases)) STRICT;
CREATE VIRTUAL TABLE title_text USING fts5 (title, aliases, content = '', contentless_delete = 1, tokenize = 'ascii');

CREATE TABLE node (
  content INTEGER NOT NULL, at INTEGER NOT NULL, node_id TEXT NOT NULL, title TEXT NOT NULL, within TEXT NOT NULL,
  start_page INTEGER, end_page INTEGER, summary TEXT NOT NULL,
  PRIMARY KEY (content, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE view (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at TEXT) STRICT;
${pageTable('page')}`,
}

/** A table of paths and their contents; with `temp.` it is visible to this connection only. */
export function pageTable(name: string): string {
  const [schema, table] = name.includes('.') ? name.split('.') : ['main', name]
  return `
CREATE TABLE ${schema}.${table} (
  view INTEGER NOT NULL, path TEXT NOT NULL, oid BLOB NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (view, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX ${schema}.${table}_oid ON ${table} (view, oid, kind);`
}
