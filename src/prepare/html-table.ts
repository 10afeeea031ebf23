// The rows of one HTML table on their way to Markdown.
import { attributeOf } from './html-tokens.ts'
import { table } from './convert/markdown.ts'

const COLUMNS_MAX = 200
const SPAN_MAX = 100

/** Gathers rows. Cells that span others leave those empty. */
export class TableRows {
  readonly #rows: string[][] = []
  readonly #layout: string[][] = []
  /** Rows that a cell above still reaches into, by column. */
  readonly #reach: number[] = []
  #isLayout = false

  row(): void {
    this.#rows.push([])
    this.#fillReached()
  }

  cell(blocks: string[], _head: boolean, attributes: string): void {
    if (this.#rows.length === 0) this.row()
    const row = this.#rows.at(-1) ?? []
    this.#layout.push(blocks)
    if (blocks.some((block) => /^(?:#{1,6} |```)/.test(block)) || blocks.length > 6) this.#isLayout = true
    const text = blocks
      .join(' ')
      .replace(/\\?\n\s*/g, ' ')
      .replace(/(?<!\\)\|/g, '\\|')
    const span = (name: string): number =>
      Math.min(SPAN_MAX, Math.max(1, Number.parseInt(attributeOf(attributes, name) ?? '1', 10) || 1))
    const rows = span('rowspan')
    for (let at = 0, width = span('colspan'); at < width && row.length < COLUMNS_MAX; at++) {
      if (rows > 1) this.#reach[row.length] = rows - 1
      row.push(at === 0 ? text : '')
    }
    this.#fillReached()
  }

  /** Blocks: one table; or the cells one after the other where rows and columns only arrange a page. */
  end(nested: boolean): string[] {
    const rows = this.#rows.filter((row) => row.some((cell) => cell !== ''))
    if (rows.length === 0) return []
    if (nested) return [rows.map((row) => row.filter((cell) => cell !== '').join(', ')).join('; ')]
    const width = Math.max(...rows.slice(0, 1_000).map((row) => row.length))
    if (this.#isLayout || width === 1) return this.#layout.flat()
    return [table(rows)]
  }

  #fillReached(): void {
    const row = this.#rows.at(-1) ?? []
    for (let left = this.#reach[row.length] ?? 0; left > 0; left = this.#reach[row.length] ?? 0) {
      this.#reach[row.length] = left - 1
      row.push('')
    }
  }
}
