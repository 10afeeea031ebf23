// Builds the blocks of a PDF page (paragraphs, lists, code, tables and headings) from its printed rows.
import { codeRows } from './pdf-code.ts'
import { isLeader, findTable, type Table } from './pdf-tables.ts'
import type { Line } from './pdf-lines.ts'
import type { Row } from './pdf-rows.ts'
import type { Word } from './pdf-words.ts'

export type Block = {
  kind: 'paragraph' | 'heading' | 'item' | 'code' | 'table' | 'contents'
  rows: Row[]
  /** Words by line, without the list marker. */
  lines: Word[][]
  size: number
  /** For headings: 1 is the document's title. */
  level?: number
  /** For headings: the title in the tree, if it differs from the page. */
  title?: string | undefined
  /** For list items: `-` or `3.`, and the nesting depth. */
  marker?: string
  depth?: number
  table?: Table
}

/** A section that begins at a row: how many lines its title has, and whether text follows on the last of them. */
export type HeadingAt = { level: number; lines: number; title?: string; words?: number }

const CAPTION =
  /^(?:figure|fig\.|table|algorithm|listing|abbildung|abb\.|tabelle|tab\.|tableau|figura|tabla|tabella|cuadro|exhibit|chart)\s?\d/i
const BULLET = /^[•◦▪■□●○‣⁃–—·*➢➤✓✔❖►▶▸\u{f0a7}\u{f0b7}\u{f0d8}\u{f076}\u{f0fc}-]$/u
const NUMBER = /^(\d{1,3})([.)])$/
const LETTER = /^\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]$/i
const REFERENCE = /^\[\d{1,3}\]/
const ENDS = /[.!?:;…。！？]["'”’)\]]*$/u

/** Blocks of rows in reading order. `headings` maps a section's first line to the section. */
export function blocksOf(rows: Row[], headings: Map<Line, HeadingAt>, mono: boolean): Block[] {
  const blocks: Block[] = []
  const columns = new Map<number, Column>()
  for (const [column, own] of Map.groupBy(rows, (row) => row.lines[0]?.column ?? 0)) columns.set(column, measure(own))
  let open: Block | undefined
  const push = (block: Block): void => {
    blocks.push(block)
    open = block.kind === 'paragraph' || block.kind === 'item' ? block : undefined
  }
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as Row
    const heading = row.lines.map((line) => headings.get(line)).find((found) => found !== undefined)
    if (heading !== undefined) {
      index += takeHeading(rows, index, heading, push) - 1
      continue
    }
    const column = columns.get(row.lines[0]?.column ?? 0) as Column
    const special = takeCode(rows, index, mono, column) ?? takeTable(rows, index, headings)
    if (special !== undefined) {
      push(special)
      index += special.rows.length - 1
      continue
    }
    const [before, next] = [rows[index - 1], rows[index + 1]]
    const mark = markOf(row, before, open, column)
    if (mark !== undefined) push(itemOf(row, mark, blocks))
    else if (open === undefined || before === undefined || parts(before, row, next, open, column)) {
      push({ kind: isLeader(row.text) ? 'contents' : 'paragraph', rows: [row], lines: [row.words], size: row.size })
    } else {
      open.rows.push(row)
      open.lines.push(row.words)
    }
  }
  return blocks
}

type Column = { left: number; right: number; leading: number }

/** Where a column's text begins and ends, and its line spacing as a multiple of the font size. */
function measure(rows: Row[]): Column {
  const starts = new Map<number, number>()
  for (const row of rows) starts.set(Math.round(row.x), (starts.get(Math.round(row.x)) ?? 0) + row.text.length)
  const near = (x: number): number => (starts.get(x - 1) ?? 0) + (starts.get(x) ?? 0) + (starts.get(x + 1) ?? 0)
  const left = [...starts.keys()].sort((a, b) => near(b) - near(a) || a - b)[0] ?? 0
  const ends = rows.map(({ right }) => right).sort((a, b) => a - b)
  const steps = rows
    .slice(1)
    .map((row, index) => (row.baseline - (rows[index]?.baseline ?? 0)) / row.size)
    .filter((step) => step > 0.8 && step < 3)
    .sort((a, b) => a - b)
  return {
    left,
    right: ends[Math.floor(ends.length * 0.95)] ?? 0,
    leading: steps[Math.floor(steps.length * 0.4)] ?? 1.2,
  }
}

/** Whether `row` begins a new block after `before`, the last row of `open`. */
function parts(before: Row, row: Row, next: Row | undefined, open: Block, column: Column): boolean {
  const [line, last] = [row.lines[0], before.lines[0]]
  if (line?.band !== last?.band || line?.column !== last?.column) return true
  const step = row.baseline - before.baseline
  const size = Math.max(row.size, before.size)
  if (step <= 0 || step > size * column.leading * 1.28 + 0.5) return true
  if (Math.abs(row.size - before.size) > size * 0.12 || row.bold !== before.bold) return true
  if (CAPTION.test(row.text) && ENDS.test(before.text)) return true
  if ((REFERENCE.test(row.text) && ENDS.test(before.text)) || isLeader(row.text)) return true
  if (isIndented(before, row, next, open, column)) return true
  // The first word of this row would have fitted on the row before, so that row was ended on purpose.
  const room = column.right - before.right - (row.words[0]?.width ?? 0)
  if (ENDS.test(before.text)) return room > size
  return room > Math.max(size * 3, (column.right - column.left) * 0.12) && /^[\p{Lu}\p{N}"“(]/u.test(row.text)
}

/** Whether `row` is indented like a first line. */
function isIndented(before: Row, row: Row, next: Row | undefined, open: Block, column: Column): boolean {
  const size = row.size
  const right = row.x - before.x > size * 0.7 && row.x - before.x < size * 6
  const returns = next === undefined || next.x < row.x - size * 0.5 || next.baseline <= row.baseline
  if (open.kind === 'item') return row.x < (open.rows[0]?.x ?? 0) - size * 0.5
  if (right) return returns
  // Two consecutive first lines.
  const both = Math.abs(row.x - before.x) < size * 0.3 && open.rows.length === 1
  return both && row.x - column.left > size * 0.7 && row.x - column.left < size * 4 && returns && next !== undefined
}

/** The marker that makes a row a list item. */
function markOf(row: Row, before: Row | undefined, open: Block | undefined, column: Column): string | undefined {
  const [first, second] = row.words
  if (first === undefined || second === undefined) return undefined
  if (BULLET.test(first.text) || (first.text === 'o' && /courier|symbol|wingding/i.test(first.font))) {
    const dash = /^[–—*-]$/.test(first.text)
    // A dash may just as well continue a sentence.
    return dash &&
      open !== undefined &&
      before !== undefined &&
      !ENDS.test(before.text) &&
      row.x <= before.x + 1 &&
      open.kind !== 'item'
      ? undefined
      : '-'
  }
  if (!LETTER.test(first.text)) return undefined
  const flows =
    open !== undefined &&
    before !== undefined &&
    !ENDS.test(before.text) &&
    before.right > column.right - row.size * 6 &&
    row.x <= before.x + 1
  if (flows && open.kind !== 'item') return undefined
  const [, number, sign] = NUMBER.exec(first.text) ?? []
  return number === undefined ? '' : `${number}${sign}`
}

function itemOf(row: Row, mark: string, blocks: Block[]): Block {
  if (mark === '') return { kind: 'paragraph', rows: [row], lines: [row.words], size: row.size }
  const last = blocks.at(-1)
  let depth = 0
  if (last?.kind === 'item') {
    const x = last.rows[0]?.x ?? 0
    depth = last.depth ?? 0
    if (row.x > x + row.size * 0.7) depth += 1
    else if (row.x < x - row.size * 0.7) {
      const level = blocks.findLast(
        (block) => block.kind !== 'item' || (block.rows[0]?.x ?? 0) <= row.x + row.size * 0.7,
      )
      depth = level?.kind === 'item' ? (level.depth ?? 0) : 0
    }
  }
  return {
    kind: 'item',
    rows: [row],
    lines: [row.words.slice(1)],
    size: row.size,
    marker: mark,
    depth: Math.min(depth, 5),
  }
}

/** Consumes the rows of a heading and the text after it on the same rows; returns the number of rows. */
function takeHeading(rows: Row[], index: number, heading: HeadingAt, push: (block: Block) => void): number {
  const first = rows[index] as Row
  if (heading.words !== undefined) {
    push({
      kind: 'heading',
      rows: [first],
      lines: [],
      size: first.size,
      level: heading.level,
      title: heading.title ?? '',
    })
    const rest = first.words.slice(heading.words)
    if (rest.length > 0) push({ kind: 'paragraph', rows: [first], lines: [rest], size: first.size })
    return 1
  }
  let lines = 0
  let taken = 0
  while (lines < heading.lines && index + taken < rows.length) lines += (rows[index + taken++] as Row).lines.length
  const own = rows.slice(index, index + taken)
  push({
    kind: 'heading',
    rows: own,
    lines: own.map(({ words }) => words),
    size: first.size,
    level: heading.level,
    title: heading.title,
  })
  return taken
}

function takeCode(rows: Row[], index: number, mono: boolean, column: Column): Block | undefined {
  const count = codeRows(rows, index, mono, column.right)
  if (count === 0) return undefined
  const own = rows.slice(index, index + count)
  return { kind: 'code', rows: own, lines: own.map(({ words }) => words), size: own[0]?.size ?? 0 }
}

function takeTable(rows: Row[], index: number, headings: Map<Line, HeadingAt>): Block | undefined {
  const table = findTable(rows, index)
  if (table === undefined) return undefined
  const own = rows.slice(index, table.end)
  // A row that begins a section is not part of a table.
  const cut = own.findIndex((row) => row.lines.some((line) => headings.has(line)))
  if (cut >= 0) return cut < 2 ? undefined : takeTable(rows.slice(0, index + cut), index, new Map())
  return { kind: 'table', rows: own, lines: own.map(({ words }) => words), size: own[0]?.size ?? 0, table }
}

export function isCaption(block: Block): boolean {
  return block.kind === 'paragraph' && CAPTION.test(block.rows[0]?.text ?? '')
}
