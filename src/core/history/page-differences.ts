// The differences between two versions of a page: line by line, and within a line word by word.
import { matchLines } from '../merge/matching-lines.ts'
import type { DifferenceLine, DifferencePart, DifferenceRow } from '../results/explore.ts'

/** Two lines with a smaller share of their words in common are not versions of one line. */
const SAME_LINE_SHARE = 0.3
const WORDS = /[\p{L}\p{N}_]+|\s+|./gsu

export function differences(before: string, after: string): DifferenceRow[] {
  const [old, now] = [linesOf(before), linesOf(after)]
  const rows: DifferenceRow[] = []
  let [i, j] = [0, 0]
  for (const [x, y] of [...matchLines(old, now), [old.length, now.length] as const]) {
    rows.push(...changedRows(old.slice(i, x), now.slice(j, y), [i, j]))
    if (x < old.length) rows.push({ kind: 'same', before: plain(old[x] ?? '', x), after: plain(now[y] ?? '', y) })
    ;[i, j] = [x + 1, y + 1]
  }
  return rows
}

/** Words that are marked as changed in a version. */
export function changedWords(rows: DifferenceRow[], side: 'before' | 'after'): number {
  let words = 0
  for (const row of rows) {
    const line = side === 'before' ? ('before' in row ? row.before : undefined) : 'after' in row ? row.after : undefined
    for (const { text, changed } of line?.parts ?? []) if (changed) words += text.match(/[\p{L}\p{N}_]+/gu)?.length ?? 0
  }
  return words
}

/** Lines between two matches: pairs that are versions of one line stay beside each other. */
function changedRows(old: string[], now: string[], [i, j]: [number, number]): DifferenceRow[] {
  const rows: DifferenceRow[] = []
  const paired = Math.min(old.length, now.length)
  for (let n = 0; n < Math.max(old.length, now.length); n++) {
    const [a, b] = [old[n], now[n]]
    const pair = n < paired && a !== undefined && b !== undefined ? versions(a, b) : undefined
    if (pair !== undefined) {
      const [left, right] = pair
      rows.push({ kind: 'changed', before: { line: i + n + 1, parts: left }, after: { line: j + n + 1, parts: right } })
      continue
    }
    if (a !== undefined) rows.push({ kind: 'removed', before: whole(a, i + n) })
    if (b !== undefined) rows.push({ kind: 'added', after: whole(b, j + n) })
  }
  return rows
}

function versions(before: string, after: string): [DifferencePart[], DifferencePart[]] | undefined {
  const [old, now] = [before.match(WORDS) ?? [], after.match(WORDS) ?? []]
  const matched = matchLines(old, now)
  const common = matched.reduce((sum, [x]) => sum + ((old[x] ?? '').trim() === '' ? 0 : (old[x]?.length ?? 0)), 0)
  const length = Math.max(before.replace(/\s/g, '').length, after.replace(/\s/g, '').length)
  if (length === 0 || common / length < SAME_LINE_SHARE) return undefined
  return [parts(old, new Set(matched.map(([x]) => x))), parts(now, new Set(matched.map(([, y]) => y)))]
}

function parts(words: string[], kept: Set<number>): DifferencePart[] {
  const joined: DifferencePart[] = []
  for (const [index, text] of words.entries()) {
    const last = joined.at(-1)
    const changed = !kept.has(index)
    if (last?.changed === changed) last.text += text
    else joined.push({ text, changed })
  }
  return joined
}

function plain(text: string, index: number): DifferenceLine {
  return { line: index + 1, parts: text === '' ? [] : [{ text, changed: false }] }
}

function whole(text: string, index: number): DifferenceLine {
  return { line: index + 1, parts: text === '' ? [] : [{ text, changed: true }] }
}

function linesOf(text: string): string[] {
  if (text === '') return []
  return text.replace(/\n$/, '').split('\n')
}
