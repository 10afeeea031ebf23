// Rows of the catalog as values.
import type { TopicRef } from '../../core/document/catalog.ts'
import type { DocumentRecord, TopicKind } from '../../core/document/document.ts'
import { parseRecord } from '../../core/document/record.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import type { Row } from '../database.ts'

export function kindNumber(kind: TopicKind): number {
  return kind === 'concept' ? 0 : 1
}

/** Characters of the records that are known to be valid. */
const VALID_CHARACTERS_MAX = 4 * 1024 ** 2

/** Valid records by path: a run reads those of related documents again and again. */
const valid = new Map<string, string>()
let characters = 0

/** The record of a row with `path` and `record`. Throws `KbError` (`storage`) if the row was not written by kbgit. */
export function recordAt(row: Row): DocumentRecord {
  const [path, record] = [String(row['path']), String(row['record'])]
  const known = valid.get(path)
  if (known === record) return storedRecord(row)
  const parsed = orDamaged(() => parseRecord(record, path))
  characters += record.length - (known?.length ?? 0)
  if (characters > VALID_CHARACTERS_MAX) {
    valid.clear()
    characters = record.length
  }
  valid.set(path, record)
  return parsed
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
