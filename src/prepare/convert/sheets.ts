// Workbooks: a page a sheet, its name as heading, cells by their values. xls, xlsx and ods.
import { readFile } from 'node:fs/promises'
import { read, utils, type CellObject, type WorkBook, type WorkSheet } from '@e965/xlsx'
import { DocumentError, messageOf } from '../../core/errors.ts'
import type { Archive } from './archive.ts'
import type { ConvertTask, Converted, ConvertedPage } from './converter.ts'
import { escapeCell, heading, escapeText, table } from './markdown.ts'

/** Rows of one sheet that are read; its last page says where it was cut. */
const ROWS_MAX = 200_000
const COLUMNS_MAX = 1_000
/** Cells of a workbook. */
const CELLS_MAX = 5_000_000
/** Rows of one page: a longer sheet takes several. */
const PAGE_ROWS = 500

/** xls. Throws `DocumentError` (`encrypted`, `corrupt`). */
export async function convert(task: ConvertTask): Promise<Converted> {
  return convertSheets(task, await readFile(task.path))
}

/** Of a checked archive, or of a compound file's bytes. */
export function convertSheets(task: ConvertTask, source: Archive | Buffer): Converted {
  const book = open(task, source)
  const notes: string[] = []
  const sheets = book.SheetNames.flatMap((name, at) => {
    const hidden = (book.Workbook?.Sheets?.[at]?.Hidden ?? 0) !== 0
    const sheet = book.Sheets[name]
    return hidden || sheet === undefined ? [] : [{ name, sheet }]
  })
  let cells = 0
  const pages: ConvertedPage[] = []
  for (const { name, sheet } of sheets) {
    const rows = readRows(sheet, CELLS_MAX - cells)
    cells += rows.reduce((sum, row) => sum + row.length, 0)
    if (rows.length >= ROWS_MAX || cells >= CELLS_MAX)
      notes.push(`The sheet "${name}" was cut after ${rows.length} rows.`)
    pages.push(...sheetPages(name, rows))
  }
  const { Title, Author, CreatedDate } = book.Props ?? {}
  return {
    ...(Title === undefined || Title === '' ? {} : { title: Title }),
    ...(Author === undefined || Author === '' ? {} : { author: Author }),
    ...(CreatedDate instanceof Date && !Number.isNaN(CreatedDate.getTime()) ? { date: CreatedDate.toISOString() } : {}),
    body: { kind: 'pages', physical: pages.length === sheets.length, pages },
    notes,
  }
}

function open(task: ConvertTask, source: Archive | Buffer): WorkBook {
  try {
    return read(Buffer.isBuffer(source) ? source : source.packed(), {
      type: 'buffer',
      dense: true,
      cellDates: true,
      cellFormula: false,
      cellHTML: false,
      cellStyles: false,
      sheetRows: ROWS_MAX,
      UTC: true,
    })
  } catch (error) {
    const said = messageOf(error)
    if (/password|encrypt/i.test(said))
      throw new DocumentError('encrypted', `${task.label} is encrypted.`, 'Save it without a password and add that.')
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: ${said}`,
      'Open it in the program that made it, and save it again.',
    )
  }
}

/** Cells as text, empty rows and columns at the edges left out. Merged cells keep their first one's text. */
function readRows(sheet: WorkSheet, cellsMax: number): string[][] {
  const area = sheet['!ref'] === undefined ? undefined : utils.decode_range(sheet['!ref'])
  if (area === undefined) return []
  const data = (sheet['!data'] ?? []) as (CellObject[] | undefined)[]
  const rows: string[][] = []
  let left = Infinity
  let cells = 0
  for (let r = 0; r < data.length && rows.length < ROWS_MAX && cells < cellsMax; r++) {
    const row = (data[r] ?? []).slice(0, COLUMNS_MAX)
    const texts = Array.from(row, cellText)
    const last = texts.findLastIndex((text) => text !== '')
    const first = texts.findIndex((text) => text !== '')
    if (first >= 0) left = Math.min(left, first)
    rows.push(texts.slice(0, last + 1))
    cells += last + 1
  }
  while (rows.at(-1)?.length === 0) rows.pop()
  const top = rows.findIndex((row) => row.length > 0)
  return rows.slice(Math.max(0, top)).map((row) => row.slice(left === Infinity ? 0 : left))
}

/** Dates as ISO 8601, numbers as stored save percentages and the like, which read as shown. */
function cellText(cell: CellObject | undefined): string {
  if (cell === undefined || cell.v === undefined || cell.t === 'z') return ''
  if (cell.v instanceof Date) return dateText(cell.v)
  if (cell.t === 'e') return cell.w ?? '#ERROR'
  if (cell.t === 'b') return cell.v === true ? 'TRUE' : 'FALSE'
  const text =
    typeof cell.v === 'number'
      ? cell.w !== undefined && /[^\d.,\s+-]/.test(cell.w) && !/e[+-]?\d/i.test(cell.w) && !/^#+$/.test(cell.w)
        ? cell.w
        : numberText(cell.v)
      : String(cell.v)
  const address = cell.l?.Target
  const shown = escapeCell(text)
  return address !== undefined && /^https?:\/\//i.test(address) && shown !== ''
    ? `[${shown}](${encodeURI(decodeSafe(address)).replace(/[()|]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)})`
    : shown
}

function decodeSafe(address: string): string {
  try {
    return decodeURI(address)
  } catch {
    return address
  }
}

/** 15 digits: what a spreadsheet computes with, without the noise of binary fractions. */
function numberText(value: number): string {
  return String(Number(value.toPrecision(15)))
}

/** Spreadsheets have no zone. A time of day alone is a fraction of day 0, which is at the end of 1899. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const iso = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString()
  const time = iso.slice(11, 19)
  if (date.getUTCFullYear() < 1900) return time
  return time === '00:00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`
}

function sheetPages(name: string, rows: string[][]): ConvertedPage[] {
  const head = heading(2, escapeText(name))
  if (rows.length <= PAGE_ROWS + 1) return [{ content: rows.length === 0 ? head : `${head}\n\n${table(rows)}` }]
  const [labels = [], ...rest] = rows
  const pages: ConvertedPage[] = []
  for (let at = 0; at < rest.length; at += PAGE_ROWS) {
    const part = rest.slice(at, at + PAGE_ROWS)
    pages.push({
      content: `${heading(2, `${escapeText(name)}, rows ${at + 2} to ${at + 1 + part.length}`)}\n\n${table(part, { head: labels })}`,
    })
  }
  return pages
}
