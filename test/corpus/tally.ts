// The results of the documents, by format.
import { extname } from 'node:path'
import { formatOfExtension } from '../../src/prepare/convert/formats.ts'
import type { MeasuredAdd } from './measured.ts'

type Row = {
  documents: number
  added: number
  skipped: number
  failed: Map<string, number>
  times: number[]
  peakBytes: number
  /** For documents with lost words, the share that they kept. */
  coverage: number[]
  /** Documents with words that were put back, and the number of such words. */
  putBack: { documents: number; words: number }
}

/** Documents that kept less are listed. */
const COVERAGE_MIN = 0.97

/** Counts the documents of several runs. */
export class Tally {
  readonly #rows = new Map<string, Row>()
  readonly #low: string[] = []

  count({ result, lines, peakBytes }: MeasuredAdd): void {
    const prepared = new Map(lines.map((line) => [line.path, line]))
    const met = new Set<Row>()
    const row = (path: string): Row => {
      const format = prepared.get(path)?.format ?? formatOfExtension(extname(path).toLowerCase()) ?? 'other'
      const found = this.#rows.get(format) ?? {
        documents: 0,
        added: 0,
        skipped: 0,
        failed: new Map<string, number>(),
        times: [],
        peakBytes: 0,
        coverage: [],
        putBack: { documents: 0, words: 0 },
      }
      this.#rows.set(format, found)
      found.documents++
      const ms = prepared.get(path)?.ms
      if (ms !== undefined) found.times.push(ms)
      return found
    }
    for (const { path } of [...result.added, ...result.updated]) {
      const each = row(path)
      each.added++
      met.add(each)
      const { coverage, putBack } = prepared.get(path) ?? {}
      if (coverage !== undefined) each.coverage.push(coverage)
      if (coverage !== undefined && coverage < COVERAGE_MIN) this.#low.push(`${path}: ${percent(coverage)}`)
      if (putBack === undefined) continue
      each.putBack.documents++
      each.putBack.words += putBack
    }
    for (const { path } of result.skipped.filter(({ reason }) => reason !== 'unchanged')) row(path).skipped++
    for (const { path, error } of result.failed) {
      const each = row(path)
      each.failed.set(error.code, (each.failed.get(error.code) ?? 0) + 1)
      met.add(each)
    }
    for (const each of met) each.peakBytes = Math.max(each.peakBytes, peakBytes)
  }

  /**
   * A Markdown table. Times are for preparing, from the pool to the staged text; memory is that of all processes of a
   * run.
   */
  table(): string {
    const lines = [...this.#rows]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([format, row]) => {
        const times = row.times.sort((a, b) => a - b)
        const failed = [...row.failed].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, count]) => `${count} ${code}`)
        if (row.skipped > 0) failed.push(`${row.skipped} skipped`)
        const cells = [
          format,
          row.documents,
          row.added,
          failed.join(', '),
          ms(medianOf(times)),
          ms(times.at(-1)),
          coverageOf(row),
          row.putBack.documents === 0 ? '' : `${row.putBack.words} in ${row.putBack.documents}`,
          `${Math.round(row.peakBytes / 1024 ** 2)} MiB`,
        ]
        return `| ${cells.join(' | ')} |`
      })
    return [
      '| format | documents | added | not added | median | worst | coverage | words put back | peak memory |',
      '|---|---|---|---|---|---|---|---|---|',
      ...lines,
      ...this.#low.map((line) => `below ${percent(COVERAGE_MIN)}: ${line}`),
    ].join('\n')
  }
}

/** The mean over all documents of the row, and the lowest. */
function coverageOf({ added, coverage }: Row): string {
  if (added === 0) return ''
  const mean = 1 - coverage.reduce((sum, each) => sum + 1 - each, 0) / added
  return coverage.length === 0 ? '100%' : `${percent(mean)}, lowest ${percent(Math.min(...coverage))}`
}

function percent(share: number): string {
  return `${Math.floor(share * 10_000) / 100}%`
}

/** For sorted numbers. */
function medianOf(sorted: number[]): number | undefined {
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}

function ms(time: number | undefined): string {
  if (time === undefined) return ''
  return time < 1000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`
}
