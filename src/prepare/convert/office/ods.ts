// OpenDocument spreadsheets (ODF 1.3 part 3, 9): cells by value, or as displayed if that says more.
import type { Archive } from '../archive.ts'
import type { ConvertedPage, ConvertTask, Converted } from '../converter.ts'
import { escapeCell } from '../markdown.ts'
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
} from '../sheet-pages.ts'
import { renderBlocks } from './blocks.ts'
import { OdfPackage } from './odf-package.ts'
import { OdfReader } from './odf-reader.ts'
import { OdfStyles, tableRows } from './odf-styles.ts'
import { plainOds } from './plain-text.ts'
import { attr, child, children, descendant, elements, numberAttr, textOf, type XmlNode } from './xml-nodes.ts'

export function convertOds(task: ConvertTask, archive: Archive): Converted {
  const pack = new OdfPackage(archive, task)
  const root = pack.content()
  const styles = new OdfStyles([pack.part('styles.xml'), { root }])
  const reader = new OdfReader(pack, styles, task.images, 1)
  const notes: string[] = []
  const pages: ConvertedPage[] = []
  const sheets = children(child(root, 'office:body', 'office:spreadsheet'), 'table:table')
  let cells = 0
  for (const node of sheets) {
    const sheet = new SheetReader(node, reader, CELLS_MAX - cells)
    cells += sheet.rows.reduce((sum, row) => sum + row.cells.length, 0)
    notes.push(...sheet.notes)
    pages.push(...sheetPages({ ...sheet, hidden: !styles.showsTable(attr(node, 'table:style-name')) }))
  }
  return {
    ...pack.properties(),
    body: { kind: 'pages', physical: pages.length === sheets.length, pages },
    plain: plainOds(archive),
    dropped: reader.dropped,
    notes,
  }
}

class SheetReader implements Omit<Sheet, 'hidden'> {
  readonly name: string
  readonly rows: SheetRow[] = []
  readonly comments: Sheet['comments'] = []
  readonly over: string[]
  readonly notes: string[] = []
  readonly #reader: OdfReader

  constructor(node: XmlNode, reader: OdfReader, cellsMax: number) {
    this.name = attr(node, 'table:name') ?? ''
    this.#reader = reader
    this.over = renderBlocks(elements(child(node, 'table:shapes')).flatMap((shape) => reader.drawing(shape)))
    let index = 0
    let count = 0
    let wide = false
    for (const row of tableRows(node)) {
      const repeated = Math.max(1, numberAttr(row, 'table:number-rows-repeated') ?? 1)
      const { cells, cut } = this.#row(row, index)
      wide ||= cut
      for (let copy = 0; copy < repeated && cells.length > 0; copy++) {
        if (this.rows.length >= ROWS_MAX || count >= cellsMax) {
          this.notes.push(`The sheet "${this.name}" was cut after row ${index + copy}; the rest is missing.`)
          return
        }
        this.rows.push({ index: index + copy, cells })
        count += cells.length
      }
      index += repeated
    }
    if (wide) this.notes.push(`Columns after the first ${COLUMNS_MAX} of the sheet "${this.name}" are left out.`)
  }

  /** Cells up to the last one with content. */
  #row(row: XmlNode, index: number): { cells: string[]; cut: boolean } {
    const cells: string[] = []
    let column = 0
    let cut = false
    for (const cell of elements(row)) {
      if (!/^table:(?:covered-)?table-cell$/.test(cell.name)) continue
      const repeated = Math.max(1, numberAttr(cell, 'table:number-columns-repeated') ?? 1)
      const text = cell.name === 'table:table-cell' ? this.#cell(cell, index, column) : ''
      if (text !== '') {
        cut ||= column + repeated > COLUMNS_MAX
        while (cells.length < Math.min(column, COLUMNS_MAX)) cells.push('')
        for (let copy = 0; copy < repeated && cells.length < COLUMNS_MAX; copy++) cells.push(text)
      }
      column += repeated
    }
    return { cells, cut }
  }

  #cell(cell: XmlNode, row: number, column: number): string {
    for (const node of elements(cell)) {
      if (node.name === 'office:annotation') {
        const text = elements(node)
          .filter(({ name }) => name.startsWith('text:'))
          .map(textOf)
          .join(' ')
        if (text.trim() !== '')
          this.comments.push({ place: placeOf(row, column), author: textOf(child(node, 'dc:creator')).trim(), text })
      } else if (node.name.startsWith('draw:')) this.over.push(...renderBlocks(this.#reader.drawing(node)))
    }
    return valueOf(cell)
  }
}

function valueOf(cell: XmlNode): string {
  const shown = children(cell, 'text:p').map(shownText).join(' ').trim()
  switch (attr(cell, 'office:value-type')) {
    case 'float': {
      const value = numberAttr(cell, 'office:value')
      return value === undefined || /[^\d.,\s+-]/.test(shown.replace(/e[+-]?\d+/i, ''))
        ? escapeCell(shown)
        : numberText(value)
    }
    case 'date':
      return dateText(attr(cell, 'office:date-value') ?? '') ?? escapeCell(shown)
    case 'time':
      return timeText(attr(cell, 'office:time-value') ?? '') ?? escapeCell(shown)
    case 'boolean':
      return (attr(cell, 'office:boolean-value') ?? '').toUpperCase() || escapeCell(shown)
    case 'percentage':
    case 'currency':
      return escapeCell(shown === '' ? (attr(cell, 'office:value') ?? '') : shown)
    default: {
      const formula = attr(cell, 'table:formula')?.replace(/^\w+:/, '')
      if (shown === '' && formula !== undefined && attr(cell, 'office:string-value') === undefined)
        return escapeCell(formula)
      return webLink(
        escapeCell(shown === '' ? (attr(cell, 'office:string-value') ?? '') : shown),
        attr(descendant(cell, 'text:a'), 'xlink:href'),
      )
    }
  }
}

/** Including spaces and line ends that are elements. */
function shownText(node: XmlNode): string {
  return node.children
    .map((each) => {
      if (typeof each === 'string') return each.replace(/\s+/g, ' ')
      if (each.name === 'text:s') return ' '.repeat(Math.min(100, numberAttr(each, 'text:c') ?? 1))
      if (each.name === 'text:tab' || each.name === 'text:line-break') return ' '
      return each.name === 'office:annotation' ? '' : shownText(each)
    })
    .join('')
}

/** ISO 8601 with a space instead of the `T`; midnight is a date alone. */
function dateText(value: string): string | undefined {
  const match = /^(-?\d{4,}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}))?/.exec(value)
  if (match === null) return undefined
  return match[2] === undefined || match[2] === '00:00:00' ? match[1] : `${match[1]} ${match[2]}`
}

/** `PT36H05M00S` as `36:05:00`. */
function timeText(value: string): string | undefined {
  const match = /^(-?)P(?:(\d+)D)?T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?$/.exec(value)
  if (match === null) return undefined
  const [, sign = '', days = 0, hours = 0, minutes = 0, seconds = 0] = match
  return `${sign}${[Number(days) * 24 + Number(hours), minutes, seconds].map((part) => String(part).padStart(2, '0')).join(':')}`
}
