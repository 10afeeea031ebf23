// Printed rows of a PDF page: lines on one baseline, in one column.
import { textOfWords, type Line, type Part } from './pdf-lines.ts'
import type { Word } from './pdf-words.ts'

export type Row = {
  lines: Line[]
  /** From left to right. */
  parts: Part[]
  words: Word[]
  text: string
  x: number
  right: number
  baseline: number
  size: number
  /** All of its words are. */
  bold: boolean
  mono: boolean
}

/** Rows of lines in reading order: adjacent lines on one baseline, in one column, form one row. */
export function rowsOf(lines: Line[]): Row[] {
  const rows: Line[][] = []
  for (const line of lines) {
    const last = rows.at(-1)
    const first = last?.[0]
    const joins =
      first !== undefined &&
      first.band === line.band &&
      first.column === line.column &&
      Math.abs(first.baseline - line.baseline) <= Math.max(1, line.size * 0.3)
    if (joins && last !== undefined) last.push(line)
    else rows.push([line])
  }
  return rows.map(makeRow)
}

export function makeRow(lines: Line[]): Row {
  const parts = lines.flatMap((line) => line.parts.flatMap(splitAtSign)).toSorted((a, b) => a.x - b.x)
  const words = parts.flatMap((part) => part.words)
  const [first] = lines.toSorted((a, b) => b.text.length - a.text.length)
  const lettered = words.filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
  return {
    lines,
    parts,
    words,
    text: lines.map(({ text }) => text).join(' '),
    x: Math.min(...lines.map(({ x }) => x)),
    right: Math.max(...lines.map(({ right }) => right)),
    baseline: first?.baseline ?? 0,
    size: first?.size ?? 0,
    bold: lettered.length > 0 && lettered.every(({ bold }) => bold),
    mono: words.some(({ mono }) => mono === true) && words.every(isFixed),
  }
}

/** Short words in fonts without information follow the others of their row. */
function isFixed({ mono, guessed, text }: Word): boolean {
  return mono === true || (guessed && text.length < 4)
}

/** A currency sign begins a new cell, however close it is to the figure before. */
function splitAtSign(part: Part): Part[] {
  const i = part.words.findIndex(({ text }, index) => index > 0 && /^(?:[$€£¥]|US\$)$/.test(text))
  if (i < 0) return [part]
  const [before, after] = [part.words.slice(0, i), part.words.slice(i)]
  const last = before.at(-1)
  return [
    { ...part, words: before, right: last === undefined ? part.x : last.x + last.width, text: textOfWords(before) },
    ...splitAtSign({ ...part, words: after, x: after[0]?.x ?? part.x, text: textOfWords(after) }),
  ]
}
