// A sequence of paragraphs and tables: the document's text, or that of a note, a comment or a text box.
import { COLUMNS_MAX, TableWriter, type Block } from '../office/blocks.ts'
import { RtfParagraph } from './paragraph.ts'

/** Right edges of a row's cells and its left edge, in twips. */
export type RowFormat = { left: number; edges: number[] }

type Cell = { blocks: Block[]; tables: string[][] }
type Row = { cells: Cell[]; format: RowFormat }
/** An open table: its rows, the row and the cell that are not finished. */
type Table = { rows: Row[]; cells: Cell[]; cell: Cell }

/** Maximum nesting of tables. */
export const TABLES_MAX = 20

export class RtfStory {
  readonly paragraph = new RtfParagraph()
  readonly #blocks: Block[] = []
  readonly #tables: Table[] = []

  /** The nesting of the table whose row is not finished; 0 if there is none. */
  get openRow(): number {
    return this.#tables.findLastIndex(({ cells, cell }) => cells.length > 0 || !isEmpty(cell)) + 1
  }

  /** `level` is the nesting of the table that the blocks are in: 0 outside. */
  add(blocks: Block[], level: number): void {
    if (blocks.length === 0) return
    this.#reach(level)
    const cell = this.#tables.at(-1)?.cell
    for (const block of blocks) (cell?.blocks ?? this.#blocks).push(block)
  }

  endCell(level: number): void {
    this.#reach(level)
    const table = this.#tables.at(-1)
    if (table === undefined) return
    table.cells.push(table.cell)
    table.cell = { blocks: [], tables: [] }
  }

  endRow(level: number, format: RowFormat): void {
    this.#reach(level)
    const table = this.#tables.at(-1)
    if (table !== undefined) closeRow(table, format)
  }

  /** Ends everything that is open. */
  end(): Block[] {
    this.#reach(0)
    return this.#blocks
  }

  /** Opens or closes tables so that `level` of them are open. */
  #reach(level: number): void {
    const wanted = Math.min(TABLES_MAX, level)
    while (this.#tables.length < wanted) this.#tables.push({ rows: [], cells: [], cell: { blocks: [], tables: [] } })
    while (this.#tables.length > wanted) {
      const table = this.#tables.pop()
      if (table === undefined) return
      closeRow(table, { left: 0, edges: [] })
      const markdown = writeTable(table.rows)
      const outer = this.#tables.at(-1)
      if (markdown.length === 0) continue
      if (outer === undefined) this.#blocks.push(...markdown.map((block): Block => ({ kind: 'text', markdown: block })))
      else outer.cell.tables.push(markdown)
    }
  }
}

function isEmpty({ blocks, tables }: Cell): boolean {
  return blocks.length === 0 && tables.length === 0
}

function closeRow(table: Table, format: RowFormat): void {
  if (!isEmpty(table.cell)) table.cells.push(table.cell)
  if (table.cells.length > 0) table.rows.push({ cells: table.cells, format })
  table.cells = []
  table.cell = { blocks: [], tables: [] }
}

/** Edges nearer to each other, in twips, are one. */
const SAME_EDGE_TWIPS = 60

function writeTable(rows: Row[]): string[] {
  const writer = new TableWriter()
  const counts = new Set(rows.map(({ cells }) => cells.length))
  const columns = counts.size > 1 ? columnsOf(rows) : undefined
  for (const { cells, format } of rows) {
    let from = columns?.indexOf(columns.findLast((edge) => edge <= format.left + SAME_EDGE_TWIPS) ?? NaN) ?? 0
    const skip = Math.max(0, from)
    writer.row(
      cells.map((cell, index) => {
        const edge = format.edges[index]
        const to =
          edge === undefined ? from + 1 : (columns?.findIndex((each) => each >= edge - SAME_EDGE_TWIPS) ?? from + 1)
        const width = Math.max(1, to - from)
        from = Math.max(from + 1, to)
        return { ...cell, columns: width, skip: index === 0 ? skip : 0 }
      }),
    )
  }
  return writer.markdown()
}

/** The edges of all columns in a table whose rows have different numbers of cells. Undefined if they are unknown. */
function columnsOf(rows: Row[]): number[] | undefined {
  const edges = new Set<number>()
  for (const { format, cells } of rows) {
    if (format.edges.length < cells.length) return undefined
    for (const edge of [format.left, ...format.edges]) edges.add(edge)
    if (edges.size > COLUMNS_MAX) return undefined
  }
  const columns: number[] = []
  for (const edge of [...edges].sort((a, b) => a - b))
    if (edge - (columns.at(-1) ?? -Infinity) > SAME_EDGE_TWIPS) columns.push(edge)
  return columns
}
