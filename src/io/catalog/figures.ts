// What the front page says about the base in numbers.
import type { BaseFigures } from '../../core/document/catalog.ts'
import type { Database } from '../database.ts'
import { topicRef } from './rows.ts'

const TOPICS_MAX = 15
const VALUES_MAX = 12

export function figuresOf(
  db: Database,
  snapshot: number,
  { documents, concepts, entities }: Pick<BaseFigures, 'documents' | 'concepts' | 'entities'>,
): BaseFigures {
  const days = db.one(
    `SELECT (SELECT added FROM document WHERE view = ?1 AND record IS NOT NULL ORDER BY added LIMIT 1) AS first,
      (SELECT added FROM document WHERE view = ?1 AND record IS NOT NULL ORDER BY added DESC LIMIT 1) AS last`,
    snapshot,
  )
  const topics = db.all(
    `SELECT * FROM topic WHERE view = ? AND sources > 1 ORDER BY sources DESC, first LIMIT ${TOPICS_MAX}`,
    snapshot,
  )
  return {
    documents,
    concepts,
    entities,
    formats: countsBy(db, snapshot, 'format'),
    languages: countsBy(db, snapshot, 'language'),
    first: dayOf(days?.['first']),
    last: dayOf(days?.['last']),
    topics: topics.map(topicRef),
  }
}

function countsBy(db: Database, snapshot: number, field: 'format' | 'language'): { value: string; entries: number }[] {
  return db
    .all(
      `SELECT value, entries FROM document_count WHERE view = ? AND field = ? AND value <> '' ORDER BY entries DESC, value LIMIT ${VALUES_MAX}`,
      snapshot,
      field,
    )
    .map((row) => ({ value: String(row['value']), entries: Number(row['entries']) }))
}

function dayOf(seconds: unknown): string | undefined {
  return typeof seconds === 'number' || typeof seconds === 'bigint'
    ? new Date(Number(seconds) * 1000).toISOString().slice(0, 10)
    : undefined
}
