// The tables of `catalog.db`. Rows are a function of the commit alone: a snapshot updated by diffs equals a rebuilt one.

export const CATALOG_VERSION = 7

/** Few records have it, so that an index of these alone answers the question. */
export const DISPLACES = "json_extract(record, '$.displaced') IS NOT NULL"
/** Documents that came with a message: their origin is no file. */
export const ATTACHED = "json_extract(record, '$.attachedTo') IS NOT NULL"

/**
 * Every table begins with the snapshot's id (`view`), so that each lookup is one descent of one index. Triggers keep
 * counts, so that queries never count. `record` is null for an unreadable registry file: its name is taken all the
 * same.
 */
export const CATALOG_SCHEMA = `
CREATE TABLE view (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, at TEXT) STRICT;

CREATE TABLE document (
  view INTEGER NOT NULL, path TEXT NOT NULL, volume INTEGER NOT NULL, stem TEXT NOT NULL,
  name TEXT, sha256 TEXT, origin TEXT, added INTEGER, record TEXT,
  PRIMARY KEY (view, path)
) STRICT;
CREATE INDEX document_stem ON document (view, stem);
CREATE INDEX document_name ON document (view, name, path);
CREATE INDEX document_digest ON document (view, sha256, path);
CREATE INDEX document_origin ON document (view, origin, path);

-- What links call a document, and what its own links call others.
CREATE TABLE document_key (
  view INTEGER NOT NULL, key TEXT NOT NULL, path TEXT NOT NULL,
  PRIMARY KEY (view, key, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE link_key (
  view INTEGER NOT NULL, key TEXT NOT NULL, path TEXT NOT NULL,
  PRIMARY KEY (view, key, path)
) STRICT, WITHOUT ROWID;
CREATE INDEX document_added ON document (view, added, path) WHERE record IS NOT NULL;
CREATE INDEX document_displaces ON document (view, path) WHERE ${DISPLACES};
CREATE INDEX document_attached ON document (view, name) WHERE ${ATTACHED};
CREATE TABLE document_count (
  view INTEGER NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, entries INTEGER NOT NULL,
  PRIMARY KEY (view, field, value)
) STRICT, WITHOUT ROWID;

CREATE TABLE mention (
  view INTEGER NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL, added INTEGER NOT NULL, path TEXT NOT NULL,
  PRIMARY KEY (view, kind, key, added, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE mention_count (
  view INTEGER NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL, entries INTEGER NOT NULL,
  PRIMARY KEY (view, kind, key)
) STRICT, WITHOUT ROWID;

CREATE TABLE topic (
  view INTEGER NOT NULL, first TEXT NOT NULL, kind INTEGER NOT NULL, name TEXT NOT NULL, stem TEXT NOT NULL,
  title TEXT NOT NULL, parts INTEGER NOT NULL, sources INTEGER NOT NULL, due INTEGER NOT NULL,
  PRIMARY KEY (view, first)
) STRICT;
CREATE INDEX topic_stem ON topic (view, kind, stem);
CREATE INDEX topic_kind ON topic (view, kind, first);
CREATE INDEX topic_sources ON topic (view, sources DESC, first);
CREATE INDEX topic_due ON topic (view, first) WHERE due = 1;
CREATE TABLE topic_page (
  view INTEGER NOT NULL, first TEXT NOT NULL, part INTEGER NOT NULL, folder INTEGER NOT NULL, volume INTEGER NOT NULL,
  title TEXT NOT NULL, keys TEXT NOT NULL, sources INTEGER NOT NULL, due INTEGER NOT NULL, readable INTEGER NOT NULL,
  PRIMARY KEY (view, first, part)
) STRICT, WITHOUT ROWID;
CREATE TABLE topic_key (
  view INTEGER NOT NULL, kind INTEGER NOT NULL, key TEXT NOT NULL, rank INTEGER NOT NULL, first TEXT NOT NULL,
  PRIMARY KEY (view, kind, key, rank, first)
) STRICT, WITHOUT ROWID;

CREATE TABLE listing (
  view INTEGER NOT NULL, kind TEXT NOT NULL, volume INTEGER NOT NULL, part INTEGER NOT NULL, entries INTEGER NOT NULL,
  PRIMARY KEY (view, kind, volume, part)
) STRICT, WITHOUT ROWID;

CREATE TABLE volume (
  view INTEGER NOT NULL, folder INTEGER NOT NULL, volume INTEGER NOT NULL, entries INTEGER NOT NULL,
  PRIMARY KEY (view, folder, volume)
) STRICT, WITHOUT ROWID;
CREATE TABLE tally (
  view INTEGER NOT NULL, what TEXT NOT NULL, entries INTEGER NOT NULL,
  PRIMARY KEY (view, what)
) STRICT, WITHOUT ROWID;
${counted('document', 'volume', ['folder', '2'], ['volume', 'row.volume'])}
${counted('document', 'tally', ['what', `iif(row.record IS NULL, 'unreadable', 'documents')`])}
${counted('document', 'document_count', ['field', `'format'`], ['value', `coalesce(json_extract(row.record, '$.format'), '')`])}
${counted('document', 'document_count', ['field', `'language'`], ['value', `coalesce(json_extract(row.record, '$.language'), '')`])}
${counted('mention', 'mention_count', ['kind', 'row.kind'], ['key', 'row.key'])}
${counted('topic', 'tally', ['what', `iif(row.kind = 0, 'concepts', 'entities')`])}
${counted('topic_page', 'volume', ['folder', 'row.folder'], ['volume', 'row.volume'])}
${counted('topic_page', 'tally', ['what', `iif(row.readable = 0, 'unreadable', 'pages')`])}
`

/** Triggers that keep, in `counter`, the number of rows of `table` for each combination of `columns`. */
function counted(table: string, counter: string, ...columns: [name: string, value: string][]): string {
  const names = ['view', ...columns.map(([name]) => name)]
  // Two counters in one table differ in a constant.
  const name = [table, counter, ...columns.flatMap(([, value]) => /^'(\w+)'$/.exec(value)?.[1] ?? [])].join('_')
  const values = (row: string): string[] => [
    `${row}.view`,
    ...columns.map(([, value]) => value.replaceAll('row.', `${row}.`)),
  ]
  const where = names.map((name, index) => `${name} = ${values('old')[index]}`).join(' AND ')
  return `
CREATE TRIGGER ${name}_in AFTER INSERT ON ${table} BEGIN
  INSERT INTO ${counter} (${names.join(', ')}, entries) VALUES (${values('new').join(', ')}, 1)
    ON CONFLICT DO UPDATE SET entries = entries + 1;
END;
CREATE TRIGGER ${name}_out AFTER DELETE ON ${table} BEGIN
  UPDATE ${counter} SET entries = entries - 1 WHERE ${where};
  DELETE FROM ${counter} WHERE ${where} AND entries = 0;
END;`
}
