// Rows of the catalog as values.
import type { TopicRef } from '../../core/document/catalog.ts'
import type { DocumentRecord, TopicKind } from '../../core/document/document.ts'
import { parseRecord } from '../../core/document/record.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import type { Row } from '../database.ts'

export function kindNumber(kind: TopicKind): number {
  return kind === 'concept' ? 0 : 1
}

/** The record of a row with `path` and `record`. Throws `KbError` (`storage`) if the row was not written by kbgit. */
export function recordAt(row: Row): DocumentRecord {
  return orDamaged(() => parseRecord(String(row['record']), String(row['path'])))
}

/**
 * Like `recordAt`, but without validating each field again: rows were validated when written, and for a whole base
 * validation would cost more than reading.
 */
export function storedRecord(row: Row): DocumentRecord {
  return orDamaged(() => JSON.parse(String(row['record'])) as DocumentRecord)
}

function orDamaged(parse: () => DocumentRecord): DocumentRecord {
  try {
    return parse()
  } catch (cause) {
    throw new KbError('storage', `The catalog in the git directory is damaged: ${messageOf(cause)}`, {
      hint: 'Run "kbgit recover --rebuild" to rebuild it.',
      cause,
    })
  }
}

export function topicRef(row: Row): TopicRef {
  return {
    kind: row['kind'] === 0 ? 'concept' : 'entity',
    name: String(row['name']),
    title: String(row['title']),
    path: String(row['first']),
    parts: Number(row['parts']),
    sources: Number(row['sources']),
  }
}
