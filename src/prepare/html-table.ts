// Collects the rows of one HTML table and writes them as Markdown.
import { attributeOf } from './html-tokens.ts'
import { inlineCode, table } from './convert/markdown.ts'

const COLUMNS_MAX = 200
const SPAN_MAX = 100

/** Collects rows. Cells covered by spanning cells are empty. */
export class TableRows {
  readonly #rows: string[][] = []
  readonly #layout: string[][] = []
  /** Rows that a cell above still spans, by column. */
  readonly #reach: number[] = []
  /** Cells that contain headings, code, tables or many paragraphs, as in layout tables. */
  #hasBlocks = false
  #hasHead = false

  row(): void {
    this.#rows.push([])
    this.#fillReached()
  }

  cell(blocks: string[], head: boolean, attributes: string): void {
    if (this.#rows.length === 0) this.row()
    const row = this.#rows.at(-1) ?? []
    this.#layout.push(blocks)
    if (head && blocks.length > 0) this.#hasHead = true
    if (blocks.some((block) => /^(?:#{1,6} |```)/.test(block) || isTable(block)) || blocks.length > 6)
      this.#hasBlocks = true
    const text = blocks
      .map(lineOf)
      .join(' ')
      .replace(/(?<!\\)\|/g, '\\|')
    const span = (name: string): number =>
      Math.min(SPAN_MAX, Math.max(1, Number.parseInt(attributeOf(attributes, name) ?? '1', 10) || 1))
    const rows = span('rowspan')
    for (let index = 0, width = span('colspan'); index < width && row.length < COLUMNS_MAX; index++) {
      if (rows > 1) this.#reach[row.length] = rows - 1
      row.push(index === 0 ? text : '')
    }
    this.#fillReached()
  }

  /** Blocks: one table; or the cells one after the other, if rows and columns only lay out a page. */
  end(): string[] {
    const rows = this.#rows.filter((row) => row.some((cell) => cell !== ''))
    if (rows.length === 0) return []
    const width = Math.max(...rows.slice(0, 1_000).map((row) => row.length))
    const isLayout = (this.#hasBlocks || rows.length === 1) && !this.#hasHead
    if (isLayout || width === 1) return this.#layout.flat()
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

function isTable(block: string): boolean {
  return /^\|.*\n\|(?: --- \|)+/.test(block)
}

/** A block as one line, which is all that a cell can have. */
function lineOf(block: string): string {
  if (isTable(block)) {
    const [head = '', , ...rows] = block.split('\n')
    const cells = (row: string): string =>
      row
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim())
        .filter((cell) => cell !== '')
        .join(', ')
    return [head, ...rows].map(cells).join('; ')
  }
  const code = /^(`{3,}).*\n([\s\S]*?)\n?\1$/.exec(block)?.[2]
  if (code !== undefined)
    return code
      .split('\n')
      .map(inlineCode)
      .filter((line) => line !== '')
      .join(' ')
  const heading = /^#{1,6} ([^\n]*)$/.exec(block)?.[1]
  if (heading !== undefined) return `**${heading.replace(/\*\*/g, '')}**`
  // List items, separated.
  const line = /^(?:- |\d+\. )/.test(block)
    ? block.replace(/\n\s*(?=- |\d+\. )/g, '; ').replace(/(^|; )- /g, '$1')
    : block
  return line.replace(/\\?\n\s*/g, ' ')
}
