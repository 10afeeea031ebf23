// Sheets as Markdown: a page per sheet under its name; empty rows and columns separate its tables.
import type { ConvertedPage } from './converter.ts'
import { escapeText, heading, table } from './markdown.ts'

/** A row with content, by its index from 0. Cells are Markdown. */
export type SheetRow = { index: number; cells: string[] }

export type Sheet = {
  name: string
  hidden: boolean
  rows: SheetRow[]
  comments: { place: string; author: string; text: string }[]
  /** Markdown blocks of what is drawn over the cells: text boxes, charts, pictures. */
  over: string[]
}

/** Maximum rows and columns per sheet. */
export const ROWS_MAX = 200_000
export const COLUMNS_MAX = 1_000
/** Maximum cells per workbook. */
export const CELLS_MAX = 5_000_000
/** Rows per page: a longer sheet takes several. */
const PAGE_ROWS = 500

export function sheetPages(sheet: Sheet): ConvertedPage[] {
  const name = `${escapeText(sheet.name)}${sheet.hidden ? ' (hidden sheet)' : ''}`
  const after = [...sheet.over, ...commentList(sheet)]
  const { rows } = sheet
  if (rows.length <= PAGE_ROWS + 1) return [{ content: [heading(2, name), ...tables(rows), ...after].join('\n\n') }]
  const [labels, ...rest] = rows
  const left = leftOf(rows)
  const cut = ({ cells }: SheetRow): string[] => cells.slice(left)
  const pages: ConvertedPage[] = []
  for (let index = 0; index < rest.length; index += PAGE_ROWS) {
    const part = rest.slice(index, index + PAGE_ROWS)
    const [first, last] = [part[0], part.at(-1)].map((row) => (row?.index ?? 0) - (labels?.index ?? 0) + 1)
    const head = heading(2, `${name}, rows ${first} to ${last}`)
    const blocks = [head, table(part.map(cut), { head: labels === undefined ? [] : cut(labels) })]
    pages.push({ content: [...blocks, ...(index + PAGE_ROWS >= rest.length ? after : [])].join('\n\n') })
  }
  return pages
}

function leftOf(rows: SheetRow[]): number {
  let left = Infinity
  for (const { cells } of rows) {
    const first = cells.findIndex((cell) => cell !== '')
    if (first >= 0) left = Math.min(left, first)
  }
  return left === Infinity ? 0 : left
}

/** Tables in reading order. A single cell among several tables is a line of text. */
function tables(rows: SheetRow[]): string[] {
  const blocks = splitRows(rows).flatMap(splitColumns)
  if (blocks.length === 1 && blocks[0] !== undefined) return [table(blocks[0])]
  return blocks.map((block) => (block.length === 1 && block[0]?.length === 1 ? (block[0][0] ?? '') : table(block)))
}

/** Splits at completely empty rows. */
function splitRows(rows: SheetRow[]): SheetRow[][] {
  const blocks: SheetRow[][] = []
  let last = -Infinity
  for (const row of rows) {
    if (row.index > last + 1) blocks.push([])
    blocks.at(-1)?.push(row)
    last = row.index
  }
  return blocks
}

/** Splits at completely empty columns; then drops the rows that are empty within a part. */
function splitColumns(rows: SheetRow[]): string[][][] {
  const width = rows.reduce((max, { cells }) => Math.max(max, cells.length), 0)
  const used = new Uint8Array(width)
  for (const { cells } of rows) for (const [offset, cell] of cells.entries()) if (cell !== '') used[offset] = 1
  const parts: string[][][] = []
  for (let from = 0; from < width; from++) {
    if (used[from] !== 1) continue
    let to = from
    while (used[to] === 1) to++
    const part = rows.map(({ cells }) => cells.slice(from, to)).filter((cells) => cells.some((cell) => cell !== ''))
    parts.push(part)
    from = to
  }
  return parts
}

function commentList({ comments }: Sheet): string[] {
  if (comments.length === 0) return []
  const lines = comments.map(
    ({ place, author, text }) =>
      `- ${place}${author === '' ? '' : `, ${escapeText(author)}`}: ${escapeText(text.replace(/\s+/g, ' ').trim())}`,
  )
  return ['**Comments**', lines.join('\n')]
}

/** Whole numbers unchanged; others rounded to 15 digits, the precision of spreadsheets. */
export function numberText(value: number): string {
  return Number.isSafeInteger(value) ? String(value) : String(Number(value.toPrecision(15)))
}

/** `B7`, from 0. */
export function placeOf(row: number, column: number): string {
  let letters = ''
  for (let rest = column + 1; rest > 0; rest = Math.floor((rest - 1) / 26))
    letters = String.fromCharCode(65 + ((rest - 1) % 26)) + letters
  return `${letters}${row + 1}`
}

export function webLink(shown: string, address: string | undefined): string {
  if (address === undefined || shown === '' || !/^https?:\/\//i.test(address)) return shown
  let plain = address
  try {
    plain = decodeURI(address)
  } catch {
    // Not a valid encoded address: unchanged.
  }
  return `[${shown}](${encodeURI(plain).replace(/[()|]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)})`
}
