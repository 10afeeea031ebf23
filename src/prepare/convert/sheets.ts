// Excel workbooks: xlsx, xls, and the other formats of the library.
import { readFile } from 'node:fs/promises'
import { read, utils, type CellObject, type WorkBook, type WorkSheet } from '@e965/xlsx'
import { damageOf, DocumentError, messageOf } from '../../core/errors.ts'
import type { Archive } from './archive.ts'
import type { ConvertTask, Converted, ConvertedPage } from './converter.ts'
import { escapeCell } from './markdown.ts'
import { plainWorkbook } from './office/plain-text.ts'
import { sheetDrawings } from './office/sheet-drawings.ts'
import {
  CELLS_MAX,
  COLUMNS_MAX,
  numberText,
  placeOf,
  ROWS_MAX,
  sheetPages,
  webLink,
  type Sheet,
  type SheetRow,
} from './sheet-pages.ts'

/** Maximum bytes of a file whose sheets are read to the end, however far apart their rows are. */
const WHOLE_BYTES_MAX = 8 * 1024 ** 2

/** xls. Throws `DocumentError` (`encrypted`, `corrupt`). */
export async function convert(task: ConvertTask): Promise<Converted> {
  return convertBook(task, await readFile(task.path))
}

/** From a checked archive, or from the bytes of a compound file. */
export function convertBook(task: ConvertTask, source: Archive | Buffer): Converted {
  const book = open(task, source)
  const over = Buffer.isBuffer(source) ? new Map<string, string[]>() : sheetDrawings(source, task)
  const notes: string[] = []
  let cells = 0
  let count = 0
  const pages: ConvertedPage[] = []
  for (const [index, name] of book.SheetNames.entries()) {
    const sheet = book.Sheets[name]
    if (sheet === undefined) {
      notes.push(`The sheet "${name}" is missing: the file lacks the part with its content.`)
      continue
    }
    const rows = readRows(sheet, CELLS_MAX - cells)
    cells += rows.reduce((sum, row) => sum + row.cells.length, 0)
    notes.push(...cutNotes(name, sheet, rows, cells))
    const hidden = (book.Workbook?.Sheets?.[index]?.Hidden ?? 0) !== 0
    pages.push(...sheetPages({ name, hidden, rows, comments: commentsOf(sheet), over: over.get(name) ?? [] }))
    count++
  }
  const { Title, Author, CreatedDate } = book.Props ?? {}
  return {
    ...(Title === undefined || Title === '' ? {} : { title: Title }),
    ...(Author === undefined || Author === '' ? {} : { author: Author }),
    ...(CreatedDate instanceof Date && !Number.isNaN(CreatedDate.getTime()) ? { date: CreatedDate.toISOString() } : {}),
    body: { kind: 'pages', physical: pages.length === count, pages },
    ...(Buffer.isBuffer(source) ? {} : { plain: plainWorkbook(source) }),
    notes,
  }
}

function open(task: ConvertTask, source: Archive | Buffer): WorkBook {
  try {
    return read(Buffer.isBuffer(source) ? source : source.packed(), {
      type: 'buffer',
      dense: true,
      cellDates: true,
      cellFormula: true,
      cellNF: true,
      cellHTML: false,
      cellStyles: false,
      sheetStubs: true,
      // A small file cannot have so many rows that reading all of them would matter.
      sheetRows: task.size > WHOLE_BYTES_MAX ? ROWS_MAX : 0,
      UTC: true,
    })
  } catch (error) {
    const message = messageOf(error)
    if (/password|encrypt/i.test(message))
      throw new DocumentError('encrypted', `${task.label} is encrypted.`, 'Save it without a password and add that.')
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: ${damageOf(error)}.`,
      'Open it in the program that made it, and save it again.',
    )
  }
}

/** Notes on what exceeds the limits. */
function cutNotes(name: string, sheet: WorkSheet, rows: SheetRow[], cells: number): string[] {
  const last = rows.at(-1)?.index ?? 0
  const width = sheet['!ref'] === undefined ? 0 : utils.decode_range(sheet['!ref']).e.c + 1
  const notes: string[] = []
  const whole = sheet['!fullref'] as string | undefined
  const more = whole !== undefined && utils.decode_range(whole).e.r >= ROWS_MAX
  if (more || rows.length >= ROWS_MAX || cells >= CELLS_MAX) {
    notes.push(`The sheet "${name}" was cut after row ${last + 1}; the rest is missing.`)
  }
  if (width > COLUMNS_MAX) notes.push(`Columns after the first ${COLUMNS_MAX} of the sheet "${name}" are left out.`)
  return notes
}

/** Rows with content. Merged cells have the text of the first one. */
function readRows(sheet: WorkSheet, cellsMax: number): SheetRow[] {
  if (sheet['!ref'] === undefined) return []
  const data = (sheet['!data'] ?? []) as (CellObject[] | undefined)[]
  const rows: SheetRow[] = []
  let count = 0
  for (let r = 0; r < data.length && rows.length < ROWS_MAX && count < cellsMax; r++) {
    const own = data[r]
    if (own === undefined) continue
    const texts = Array.from(own.slice(0, COLUMNS_MAX), cellText)
    const last = texts.findLastIndex((text) => text !== '')
    if (last < 0) continue
    rows.push({ index: r, cells: texts.slice(0, last + 1) })
    count += last + 1
  }
  return rows
}

function commentsOf(sheet: WorkSheet): Sheet['comments'] {
  const data = (sheet['!data'] ?? []) as (CellObject[] | undefined)[]
  return data.flatMap((row, r) =>
    (row ?? []).flatMap((cell, c) =>
      (cell?.c ?? []).map(({ a, t }) => ({
        place: placeOf(r, c),
        author: a ?? '',
        text: commentText(t ?? '', a ?? ''),
      })),
    ),
  )
}

/**
 * Excel writes a reply's author before its text, and copies threads into old-style comments after a sentence of its
 * own.
 */
function commentText(text: string, author: string): string {
  const plain = text.replace(/^\[Threaded comment\][^]*?\n\s*Comment:\s*/, '')
  return author !== '' && plain.startsWith(`${author}:`) ? plain.slice(author.length + 1) : plain
}

/**
 * Dates as ISO 8601, durations as displayed, numbers as stored except percentages and the like, which are clearer as
 * displayed.
 */
function cellText(cell: CellObject | undefined): string {
  if (cell === undefined) return ''
  if (cell.v === undefined || cell.t === 'z')
    return cell.f === undefined || cell.f === '' ? '' : escapeCell(`=${cell.f}`)
  const shown = cell.w !== undefined && !/^#+$/.test(cell.w) ? cell.w : undefined
  const isElapsed = /\[(?:h+|m+|s+)\]/i.test(String(cell.z ?? ''))
  if (isElapsed && shown !== undefined) return escapeCell(shown)
  if (cell.v instanceof Date) return dateText(cell.v)
  if (cell.t === 'e') return cell.w ?? '#ERROR'
  if (cell.t === 'b') return cell.v === true ? 'TRUE' : 'FALSE'
  if (typeof cell.v !== 'number') return webLink(escapeCell(String(cell.v)), cell.l?.Target)
  const isPlain = shown === undefined || !/[^\d.,\s+-]/.test(shown) || /e[+-]?\d/i.test(shown)
  return webLink(escapeCell(isPlain ? numberText(cell.v) : shown), cell.l?.Target)
}

/** Spreadsheets have no time zone. A time of day alone is a fraction of day 0, which is at the end of 1899. */
function dateText(date: Date): string {
  if (Number.isNaN(date.getTime())) return ''
  const iso = new Date(Math.round(date.getTime() / 1000) * 1000).toISOString()
  const time = iso.slice(11, 19)
  if (date.getUTCFullYear() < 1900) return time
  return time === '00:00:00' ? iso.slice(0, 10) : `${iso.slice(0, 10)} ${time}`
}
