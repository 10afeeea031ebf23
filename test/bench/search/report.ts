// Figures per corpus and kind of query, and the bars that they have to meet.
import type { Measure } from './measure.ts'

export type Row = { corpus: string; kind: string; queries: number; kbgit: Measure; miniSearch: Measure; fts5: Measure }

/** A kind of query may be behind MiniSearch by so much on a corpus. */
const BEHIND_MAX = 0.005
const QUESTIONS = 'natural question'
const QUESTION_RANK_MIN = 0.6
const QUESTION_THREE_MIN = 0.7

export function table(rows: Row[], about: string): string {
  const cells = (name: string, { rank, three, ms }: Measure): string[] => [
    name,
    rank.toFixed(3),
    `${(three * 100).toFixed(1)} %`,
    ms.toFixed(1),
  ]
  const lines = rows.map(({ corpus, kind, queries, kbgit, miniSearch, fts5 }) =>
    [
      corpus.padEnd(8),
      kind.padEnd(26),
      String(queries).padStart(5),
      ...[kbgit, miniSearch, fts5]
        .flatMap((each) => cells('|', each))
        .map((cell) => cell.padStart(cell === '|' ? 1 : 8)),
    ].join(' '),
  )
  return [
    `${about}: mean reciprocal rank at 10, share in the first three, milliseconds per query`,
    `${'corpus'.padEnd(8)} ${'query'.padEnd(26)} count | kbgit                      | MiniSearch                 | FTS5, best passage`,
    ...lines,
  ].join('\n')
}

/** Sentences, one for each bar that is missed. */
export function missedBars(rows: Row[]): string[] {
  const missed = rows
    .filter(({ kbgit, miniSearch }) => kbgit.rank < miniSearch.rank - BEHIND_MAX)
    .map(
      ({ corpus, kind, kbgit, miniSearch }) =>
        `${corpus}, ${kind}: ${kbgit.rank.toFixed(3)}, and MiniSearch has ${miniSearch.rank.toFixed(3)}`,
    )
  const mean = (of: (row: Row) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length
  const [ours, theirs] = [mean((row) => row.kbgit.rank), mean((row) => row.miniSearch.rank)]
  if (ours <= theirs) missed.push(`the mean of all: ${ours.toFixed(3)}, and MiniSearch has ${theirs.toFixed(3)}`)
  const asked = rows.filter(({ kind }) => kind === QUESTIONS)
  const count = asked.reduce((sum, { queries }) => sum + queries, 0)
  if (count === 0) return missed
  const over = (of: (row: Row) => number): number => asked.reduce((sum, row) => sum + row.queries * of(row), 0) / count
  const [rank, three] = [over((row) => row.kbgit.rank), over((row) => row.kbgit.three)]
  if (rank < QUESTION_RANK_MIN) missed.push(`natural questions: a rank of ${rank.toFixed(3)}, and 0.600 is asked for`)
  if (three < QUESTION_THREE_MIN) missed.push(`natural questions in the first three: ${(three * 100).toFixed(1)} %`)
  return missed
}
