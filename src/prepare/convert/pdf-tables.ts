// Tables of a PDF page, found by the gaps between their columns: every printed row is a row, and no word is lost.
import type { Part } from './pdf-lines.ts'
import type { Row } from './pdf-rows.ts'
import type { Word } from './pdf-words.ts'

/** Cells contain the words of one or more printed lines. */
export type Cell = Word[][]
export type Table = {
  /** Rows of the page from its first up to `end`. */
  end: number
  head: Cell[]
  body: Cell[][]
}

/** Gap between columns, as a multiple of the font size. */
const COLUMN_GAP = 0.5
/** Maximum number of consecutive rows with a single part that do not end a table. */
const SINGLES_MAX = 2
/** Rows further apart than this multiple of the font size are not in one table. */
const ROW_DISTANCE_MAX = 4.5
/** Letters per cell above which columns are running text. */
const CELL_LETTERS_MAX = 60
const HEAD_ROWS_MAX = 4
/** Share of a row's width that is covered by words in running text; tables have less. */
const FULLNESS_MAX = 0.72

const LIST_MARK = /^(?:[•◦▪■□●○‣⁃–—·*➢➤✓-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]|\[\d+\])$/iu
const FIGURE = /\d/

/** The table that begins at `rows[start]`, if there is one. */
export function findTable(rows: Row[], start: number): Table | undefined {
  const first = firstOfSeveral(rows, start)
  if (first === undefined) return undefined
  const end = endOfRun(rows, first)
  const run = rows.slice(first, end)
  const several = run.filter((row) => row.parts.length > 1)
  if (several.length < 2 || run.some(({ text }) => isLeader(text))) return undefined
  const edges = columnEdges(several)
  if (edges.length === 0) return undefined
  const cells = run.map((row) => cellsOf(row, edges))
  if (!isTable(cells, edges.length + 1, several)) return undefined
  const above = rows.slice(start, first)
  if (!above.every((row) => headsColumns(row, edges))) return undefined
  const groups = groupRows(run, cells)
  const headRows = countHead(groups)
  // A tightly set row above the columns is one group of words, but still their header.
  const head = [...above.map((row) => cellsOf(row, edges)), ...groups.slice(0, headRows)]
  return { end, head: mergeRows(head), body: groups.slice(headRows) }
}

/** The first row from `start` with several parts, if it is preceded by no more lines than a header has. */
function firstOfSeveral(rows: Row[], start: number): number | undefined {
  for (let index = start; index < rows.length && index <= start + SINGLES_MAX; index++) {
    const [row, before] = [rows[index] as Row, rows[index - 1]]
    if (index > start && before !== undefined && !isNear(before, row)) return undefined
    if (row.parts.length > 1) return index
  }
  return undefined
}

/** Whether the words of a row, except the first, are above columns without crossing from one to the next. */
function headsColumns(row: Row, edges: number[]): boolean {
  const crosses = row.words.some(({ x, width }) => edges.some((edge) => x < edge - 1 && x + width > edge + 1))
  const cells = cellsOf(row, edges)
  return !crosses && (cells[0]?.length ?? 0) === 0 && cells.filter((cell) => cell.length > 0).length > 1
}

function isNear(before: Row, row: Row): boolean {
  const distance = row.baseline - before.baseline
  const [line, first] = [row.lines[0], before.lines[0]]
  if (line?.band !== first?.band || line?.column !== first?.column) return false
  return distance > 0 && distance <= Math.max(row.size, before.size) * ROW_DISTANCE_MAX
}

/** Whether dots lead from a title to its page number. */
export function isLeader(text: string): boolean {
  return /(?:\.\s?){5,}\s*\w{0,6}$/.test(text)
}

function endOfRun(rows: Row[], start: number): number {
  let end = start + 1
  let singles = 0
  for (let index = start + 1; index < rows.length; index++) {
    const [row, before] = [rows[index] as Row, rows[index - 1] as Row]
    if (!isNear(before, row)) break
    if (row.parts.length > 1) {
      singles = 0
      end = index + 1
    } else if (++singles > SINGLES_MAX) break
  }
  return end
}

/** Centres of the gaps that run down between columns. */
function columnEdges(rows: Row[]): number[] {
  const left = Math.floor(Math.min(...rows.map(({ x }) => x)))
  const right = Math.ceil(Math.max(...rows.map((row) => row.right)))
  if (!(right > left) || right - left > 20_000) return []
  const covered = new Uint16Array(right - left + 1)
  for (const row of rows) {
    for (const { x, right: end } of mergeSigns(clusters(row))) {
      for (let index = Math.max(0, Math.round(x) - left); index < Math.round(end) - left; index++)
        covered[index] = (covered[index] ?? 0) + 1
    }
  }
  const size = rows.map((row) => row.size).sort((a, b) => a - b)[rows.length >> 1] ?? 10
  const few = rows.length < 6 ? 0 : Math.floor(rows.length * 0.08)
  const edges: number[] = []
  let from = -1
  for (let index = 0; index < covered.length; index++) {
    if ((covered[index] ?? 0) <= few) {
      if (from < 0) from = index
      continue
    }
    const wide = index - from >= Math.max(3, size * COLUMN_GAP)
    if (from > 0 && wide && parts(rows, left + from, left + index) >= Math.max(2, rows.length * 0.3))
      edges.push(left + (from + index) / 2)
    from = -1
  }
  return edges
}

/** Number of rows with parts on both sides of the gap from `from` to `to`. */
function parts(rows: Row[], from: number, to: number): number {
  const middle = (from + to) / 2
  return rows.filter((row) => {
    const ends = row.words.some(({ x, width }) => x + width <= middle + 1)
    return ends && row.words.some(({ x }) => x >= middle - 1)
  }).length
}

/** A gap in a row too wide for a space, as a multiple of the font size. */
const CLUSTER_GAP = 0.7

/** The words of a row in groups, even if its columns are as close as in a dense table. */
function clusters(row: Row): Part[] {
  const found: Part[] = []
  for (const word of row.words) {
    const last = found.at(-1)
    const right = word.x + word.width
    const sign = /^(?:[$€£¥]|US\$)$/.test(word.text)
    if (last === undefined || sign || word.x - last.right > word.size * CLUSTER_GAP)
      found.push({ text: word.text, x: word.x, right, words: [word] })
    else {
      last.right = Math.max(last.right, right)
      last.text += ` ${word.text}`
    }
  }
  return found
}

/** A currency sign is separate from its figure, but not a column of its own. */
function mergeSigns(all: Part[]): { x: number; right: number }[] {
  const merged: { x: number; right: number; sign: boolean }[] = []
  for (const part of all) {
    const last = merged.at(-1)
    const closes = /^(?:[%)]|\)%)$/.test(part.text)
    if (last !== undefined && (last.sign || closes)) {
      last.right = part.right
      last.sign = false
    } else merged.push({ x: part.x, right: part.right, sign: /^(?:[$€£¥]|US\$|\()$/.test(part.text) })
  }
  return merged
}

function cellsOf(row: Row, edges: number[]): Cell[] {
  const cells: Word[][] = Array.from({ length: edges.length + 1 }, () => [])
  const merged = mergeSigns(clusters(row))
  for (const word of row.words) {
    const middle = word.x + word.width / 2
    // A sign belongs to its figure, wherever its own centre is.
    const part = merged.find(({ x, right }) => middle >= x && middle <= right)
    const sign = part !== undefined && /^(?:[$€£¥]|US\$|\(|[%)])$/.test(word.text)
    const place = sign ? (part.x + part.right) / 2 : middle
    const column = edges.findIndex((edge) => place < edge)
    cells[column < 0 ? edges.length : column]?.push(word)
  }
  return cells.map((words) => (words.length === 0 ? [] : [words]))
}

function textOf(cell: Cell): string {
  return cell.map((words) => words.map(({ text }) => text).join(' ')).join(' ')
}

function isTable(rows: Cell[][], columns: number, several: Row[]): boolean {
  const filled = rows.filter((row) => row.filter((cell) => cell.length > 0).length > 1)
  if (filled.length < 2) return false
  const texts = filled.flatMap((row) => row.filter((cell) => cell.length > 0).map(textOf))
  const figures = texts.filter((text) => FIGURE.test(text)).length
  const marks = filled.filter((row) => LIST_MARK.test(textOf(row[0] ?? []))).length
  if (columns === 2 && marks > filled.length * 0.6) return false
  const letters = texts.reduce((sum, text) => sum + text.length, 0) / texts.length
  if (letters > CELL_LETTERS_MAX) return false
  // Lines of text with missing letters have gaps too.
  if (figures < texts.length * 0.4 && fullness(several) > FULLNESS_MAX) return false
  if (columns > 2) return filled.length > 2 || figures >= 2
  return several.length >= 3 || figures >= 2
}

/** The share of its rows' width that is covered by words, as a median. */
function fullness(rows: Row[]): number {
  const shares = rows.map(({ words, x, right }) => words.reduce((sum, { width }) => sum + width, 0) / (right - x))
  return shares.sort((a, b) => a - b)[shares.length >> 1] ?? 0
}

/**
 * Printed lines closer together than rows are one row; but if two of its cells have a figure on each line, they are
 * separate rows.
 */
function groupRows(run: Row[], cells: Cell[][]): Cell[][] {
  const gaps = run.slice(1).map((row, index) => row.baseline - (run[index]?.baseline ?? 0))
  const tight = Math.min(...gaps)
  const wide = gaps.filter((gap) => gap > tight * 1.45).length
  if (gaps.length < 3 || wide < gaps.length * 0.25) return cells
  const groups: Cell[][][] = []
  cells.forEach((row, index) => {
    const last = groups.at(-1)
    if (last !== undefined && (gaps[index - 1] ?? Infinity) <= tight * 1.2) last.push(row)
    else groups.push([row])
  })
  return groups.flatMap((group) => (isOneRow(group) ? [mergeRows(group)] : group))
}

function isOneRow(group: Cell[][]): boolean {
  if (group.length === 1) return true
  const columns = group[0]?.length ?? 0
  let repeated = 0
  for (let column = 0; column < columns; column++) {
    const figures = group.filter((row) => /^\W*\d[\d.,\s]*\W*$/.test(textOf(row[column] ?? []))).length
    if (figures > 1) repeated++
  }
  return repeated < 2 && !(repeated === 1 && columns === 2)
}

function mergeRows(rows: Cell[][]): Cell[] {
  const [first = []] = rows
  return first.map((_, column) => rows.flatMap((row) => row[column] ?? []))
}

/** Header rows: those without a label in the first column, else the first row. */
function countHead(rows: Cell[][]): number {
  let count = 0
  while (count < HEAD_ROWS_MAX && count < rows.length - 1 && isHeadRow(rows[count] ?? [])) count++
  return Math.max(1, count)
}

function isHeadRow(row: Cell[]): boolean {
  if ((row[0]?.length ?? 0) > 0) return false
  // Years and dates are headers; amounts are the columns' content.
  return row.every(
    (cell) => !/[$€£%]|\d[.,]\d|^\W*\d{1,3}\W*$|\d{5}/.test(textOf(cell)) || /\d{1,2}, \d{4}/.test(textOf(cell)),
  )
}
