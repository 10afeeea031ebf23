// How well search finds documents again: by queries made from them, and by the questions of the base's owner.
import type { DocumentRecord } from '../../core/document/document.ts'
import { knownItems, type KnownItem } from '../../core/eval/known-items.ts'
import type { EvalQuestion } from '../../core/eval/questions.ts'
import type { Metric, MissedQuery } from '../../core/results.ts'
import { sample, seeded } from '../../core/seeded.ts'
import { share, textOf } from '../../read/eval-wiki.ts'
import type { Searcher } from '../ask/search.ts'

/** Ranks that count. */
const RANKS = 10
const FIRST = 3
/** Hits asked for: several pages are of one document. */
const HITS = 40

const KINDS: Record<string, string> = {
  title: 'the words of a title in another order',
  'half sentence': 'the second half of a sentence',
  'rare words': 'three telling words of a text',
} satisfies Record<KnownItem['kind'], string>

export type Retrieval = { metrics: Metric[]; missed: MissedQuery[] }

type Asked = { kind: string; query: string; expected: string[] }

/** Queries made from at most `documents` documents, the same for the same base and seed. */
export async function measureKnownItems(
  searcher: Searcher,
  records: readonly DocumentRecord[],
  { documents, seed }: { documents: number; seed: number },
): Promise<Retrieval> {
  const random = seeded(seed)
  const asked: Asked[] = []
  const weigh = (words: string[]): number[] => {
    const weights = new Map(
      searcher.weights(words.join(' ')).map(({ word, weight, known }) => [word, known ? weight : 0]),
    )
    return words.map((word) => weights.get(word) ?? 0)
  }
  const sorted = records.toSorted((a, b) => (a.name < b.name ? -1 : 1))
  for (const record of sample(sorted, documents, random)) {
    const stored = await searcher.page(record.source)
    const text = stored === undefined ? '' : textOf(record, stored)
    const queries: KnownItem[] = knownItems({ title: record.title, text, weigh }, random)
    asked.push(...queries.map((query) => ({ ...query, expected: [record.name] })))
  }
  return ask(searcher, 'retrieval', asked, 'queries made from documents')
}

export function measureQuestions(searcher: Searcher, questions: readonly EvalQuestion[]): Promise<Retrieval> {
  const asked = questions.map(({ question, documents }) => ({ kind: 'question', query: question, expected: documents }))
  return ask(searcher, 'questions', asked, 'your questions')
}

async function ask(searcher: Searcher, name: string, asked: readonly Asked[], what: string): Promise<Retrieval> {
  const missed: MissedQuery[] = []
  const ranks = new Map<string, { reciprocal: number; first: number; of: number }>()
  for (const { kind, query, expected } of asked) {
    const found = await documentsFor(searcher, query)
    const index = found.findIndex((document) => expected.includes(document))
    for (const key of new Set(['', kind])) {
      const sum = ranks.get(key) ?? { reciprocal: 0, first: 0, of: 0 }
      if (index >= 0 && index < RANKS) sum.reciprocal += 1 / (index + 1)
      if (index >= 0 && index < FIRST) sum.first++
      sum.of++
      ranks.set(key, sum)
    }
    if (index < 0 || index >= FIRST) missed.push({ query, kind, expected, found: found.slice(0, FIRST) })
  }
  const all = ranks.get('') ?? { reciprocal: 0, first: 0, of: 0 }
  const kinds = [...ranks].filter(([kind]) => kind !== '' && kind !== 'question')
  return {
    metrics: [
      share(`${name}.mrr`, all.reciprocal, all.of, `mean reciprocal rank of the document, ${what}`),
      share(`${name}.top3`, all.first, all.of, `${what} that find the document among the first three`),
      ...kinds.map(([kind, sum]) =>
        share(`${name}.${kind.replaceAll(' ', '-')}.mrr`, sum.reciprocal, sum.of, `the same: ${KINDS[kind] ?? kind}`),
      ),
    ],
    missed,
  }
}

/** Names of the documents found, best first. */
async function documentsFor(searcher: Searcher, query: string): Promise<string[]> {
  const hits = await searcher.found(query, { limit: HITS })
  return [...new Set(hits.flatMap(({ document }) => document ?? []))]
}
