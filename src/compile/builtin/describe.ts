// The description of a document that is not prose: a table says its columns and rows, a mail its subject and parties.
import type { Format } from '../../core/document/document.ts'
import { oneLine } from '../../core/page/sanitize.ts'
import type { TextPage } from './text-blocks.ts'

const TABLES_SHOWN_MAX = 3
const COLUMNS_SHOWN_MAX = 8
const CELL_CHARS_MAX = 40
const PARTY_CHARS_MAX = 60
const TABULAR = new Set<Format>(['csv', 'tsv', 'xlsx', 'xls', 'ods'])

type Table = { heading: string | undefined; columns: string[]; rows: number }
export type Letter = { from?: string | undefined; to?: string | undefined; subject?: string | undefined }

/** For a spreadsheet or a table of values; undefined for other documents. */
export function describeTabular(format: Format | undefined, pages: TextPage[]): string | undefined {
  return format !== undefined && TABULAR.has(format) ? describeTables(pages) : undefined
}

/** What the first tables of a text are: their columns and rows. Undefined without a table. */
export function describeTables(pages: TextPage[]): string | undefined {
  const tables = pages.slice(0, 20).flatMap(({ content }) => tablesOf(content))
  const shown = tables.slice(0, TABLES_SHOWN_MAX).map(({ heading, columns, rows }) => {
    const listed = columns.slice(0, COLUMNS_SHOWN_MAX).join(', ') + (columns.length > COLUMNS_SHOWN_MAX ? ', …' : '')
    const what = heading === undefined ? 'Table' : `Sheet ${heading}`
    return `${what} of ${rows} ${rows === 1 ? 'row' : 'rows'}: ${listed}`
  })
  if (shown.length === 0) return undefined
  const more = tables.length - shown.length
  return `${shown.join('; ')}${more === 0 ? '' : `; and ${more} more ${more === 1 ? 'table' : 'tables'}`}`
}

function tablesOf(content: string): Table[] {
  const tables: Table[] = []
  const lines = content.split('\n')
  let heading: string | undefined
  for (let index = 0; index < lines.length; index++) {
    const line = lines[index] ?? ''
    const marked = /^#{1,6}\s+(.+?)\s*$/.exec(line)
    if (marked !== null) heading = oneLine(marked[1] ?? '', CELL_CHARS_MAX)
    if (!isRow(line) || !/^\s*\|(?:\s*:?-{2,}:?\s*\|)+\s*$/.test(lines[index + 1] ?? '')) continue
    const columns = cellsOf(line).filter((cell) => cell !== '')
    let end = index + 2
    while (isRow(lines[end] ?? '')) end++
    if (columns.length > 0) tables.push({ heading, columns, rows: end - index - 2 })
    heading = undefined
    index = end - 1
  }
  return tables
}

function isRow(line: string): boolean {
  return /^\s*\|.*\|\s*$/.test(line)
}

function cellsOf(line: string): string[] {
  return line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => oneLine(cell.replace(/[*_`]/g, '').replace(/\\(.)/g, '$1').trim(), CELL_CHARS_MAX))
}

/** Undefined for anything but a mail. */
export function describeLetter(format: Format | undefined, { from, to, subject }: Letter): string | undefined {
  if ((format !== 'eml' && format !== 'msg') || from === undefined) return undefined
  const parties = `from ${party(from)}${to === undefined ? '' : ` to ${party(to)}`}`
  return `E-mail ${parties}${subject === undefined || subject === '' ? '' : `: ${subject}`}`
}

function party(addresses: string): string {
  const names = addresses.split(/\s*[,;]\s*/).map((one) =>
    one
      .replace(/\s*<[^>]*>/, '')
      .replaceAll('"', '')
      .trim(),
  )
  const shown = names.filter((name) => name !== '').slice(0, 2)
  return (
    oneLine(shown.join(', ') || addresses, PARTY_CHARS_MAX) + (names.length > 2 ? ` and ${names.length - 2} more` : '')
  )
}
