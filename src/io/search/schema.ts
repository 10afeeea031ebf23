// The tables of `pageindex.db`.
import type { DatabaseShape } from '../database.ts'

/**
 * A row of `content` is a file by the object id of its bytes, so that no commit ever changes it. Passages are shared by
 * all contents that have them (`holder`; `content.passages` has them in order, as 32-bit numbers): a page that grows by
 * a section adds that section's. The full text tables hold words as `words` makes them, each row under the id of the
 * passage or title it is of; titles stand apart, so that one is weighed by its own length.
 * `page` is the material of searching a branch without a walk: the pages of one commit, for each page set (`view`).
 */
export const PAGE_INDEX: DatabaseShape = {
  version: 2,
  synchronous: 'FULL',
  schema: `
CREATE TABLE content (
  id INTEGER PRIMARY KEY, oid BLOB NOT NULL, kind TEXT NOT NULL, title INTEGER, cut INTEGER NOT NULL, passages BLOB NOT NULL,
  UNIQUE (oid, kind)
) STRICT;
CREATE INDEX content_title ON content (title);
CREATE INDEX content_kind ON content (kind);

CREATE TABLE passage (
  id INTEGER PRIMARY KEY, digest BLOB NOT NULL UNIQUE, heading TEXT NOT NULL, page INTEGER, text TEXT NOT NULL,
  links TEXT NOT NULL
) STRICT;
CREATE TABLE holder (passage INTEGER NOT NULL, content INTEGER NOT NULL, PRIMARY KEY (passage, content)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE passage_text USING fts5 (heading, body, links, content = '', contentless_delete = 1, tokenize = 'porter ascii');

CREATE TABLE title (id INTEGER PRIMARY KEY, title TEXT NOT NULL, aliases TEXT NOT NULL, UNIQUE (title, aliases)) STRICT;
CREATE VIRTUAL TABLE title_text USING fts5 (title, aliases, content = '', contentless_delete = 1, tokenize = 'porter ascii');

CREATE TABLE node (
  content INTEGER NOT NULL, at INTEGER NOT NULL, node_id TEXT NOT NULL, title TEXT NOT NULL, within TEXT NOT NULL,
  start_page INTEGER, end_page INTEGER, summary TEXT NOT NULL,
  PRIMARY KEY (content, at)
) STRICT, WITHOUT ROWID;

CREATE TABLE view (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at TEXT) STRICT;
${pageTable('page')}`,
}

/** A table of what stands where; `temp.` makes one that this connection alone sees. */
export function pageTable(name: string): string {
  const [schema, table] = name.includes('.') ? name.split('.') : ['main', name]
  return `
CREATE TABLE ${schema}.${table} (
  view INTEGER NOT NULL, path TEXT NOT NULL, oid BLOB NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (view, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX ${schema}.${table}_oid ON ${table} (view, oid, kind);`
}
