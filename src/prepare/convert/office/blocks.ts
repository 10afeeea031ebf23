// Blocks of a document on their way to Markdown: adjacent list items become one list, adjacent lines of code one block.
// The readers of all office formats produce these.
import { codeBlock, escapeText, table } from '../markdown.ts'

export type ListItem = {
  kind: 'item'
  /** From 0. */
  level: number
  /** Absent for bullets. */
  number?: number
  /** How the number is printed if not as `1.`: `(a)`, `1.1`, `§ 3`. It is then text after a bullet. */
  label?: string
  delimiter?: '.' | ')'
  /** The same for all items of one list; an adjacent list with another key starts over. */
  list: string
  /** Inline Markdown. */
  text: string
}

export type Block =
  | { kind: 'text'; markdown: string }
  | { kind: 'code'; text: string }
  | { kind: 'quote'; markdown: string }
  | ListItem
  /** What follows an item inside it: a picture or a table. */
  | { kind: 'inside'; markdown: string }

export function textBlock(markdown: string): Block[] {
  return markdown.trim() === '' ? [] : [{ kind: 'text', markdown }]
}

/** Markdown blocks. */
export function renderBlocks(blocks: Block[]): string[] {
  const rendered: string[] = []
  for (let from = 0; from < blocks.length;) {
    const kind = blocks[from]?.kind
    const to = kind === 'text' ? from + 1 : endOfRun(blocks, from)
    const run = blocks.slice(from, to)
    if (kind === 'item') rendered.push(renderList(run.filter((block) => block.kind === 'item')))
    else if (kind === 'code')
      rendered.push(codeBlock(run.flatMap((block) => ('text' in block ? block.text : [])).join('\n')))
    else {
      const parts = run.flatMap((block) => ('markdown' in block ? block.markdown : []))
      rendered.push(kind === 'quote' ? quote(parts) : parts.join('\n\n'))
    }
    from = to
  }
  return rendered.filter((block) => block.trim() !== '')
}

/** A note or comment at the end of the text. `head`: Markdown in front of it, or ''. */
export function noteText(number: number, head: string, blocks: Block[]): string {
  const [first = '', ...rest] = renderBlocks(blocks)
  const text = [head === '' ? first : `${head} ${first}`, ...rest].join('\n\n').trim()
  return `[^${number}]: ${text.replace(/\n(?=.)/g, '\n    ')}`
}

/** What a comment begins with. `date`: the day in ISO 8601, if known. */
export function commentHead(author: string, date: string | undefined): string {
  const name = author === '' ? 'Comment' : `Comment by ${escapeText(author)}`
  return `**${name}${date === undefined ? '' : ` (${date})`}:**`
}

function endOfRun(blocks: Block[], from: number): number {
  let to = from + 1
  while (blocks[to] !== undefined && blocks[to]?.kind === blocks[from]?.kind) to++
  return to
}

function quote(blocks: string[]): string {
  return blocks.join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')
}

const INDENT = 4

function renderList(items: ListItem[]): string {
  const lines: string[] = []
  let depth = -1
  let first: ListItem | undefined
  let delimiter: string = '.'
  for (const item of items) {
    depth = Math.min(depth + 1, Math.max(0, item.level))
    if (depth === 0 && item.list !== first?.list) {
      // In Markdown only a different delimiter separates two adjacent numbered lists.
      const wanted = item.delimiter ?? '.'
      delimiter =
        isNumbered(first) && isNumbered(item) && wanted === delimiter ? (delimiter === '.' ? ')' : '.') : wanted
      first = item
    }
    const numbered = isNumbered(item)
    const marker = numbered ? `${item.number}${depth === 0 ? delimiter : (item.delimiter ?? '.')} ` : '- '
    const text = numbered || item.label === undefined ? item.text : `${item.label} ${item.text}`
    const indent = ' '.repeat(INDENT * depth)
    lines.push(`${indent}${marker}${text.replace(/\n/g, `\n${indent}${' '.repeat(marker.length)}`)}`.trimEnd())
  }
  return lines.join('\n')
}

function isNumbered(item: ListItem | undefined): boolean {
  return item?.number !== undefined && item.label === undefined
}

/** Maximum number of columns of a table; a cell may claim to be in any column. */
export const COLUMNS_MAX = 1_000

/**
 * A table from rows of cells. A table with one cell is a frame around its content. Tables inside cells are written
 * below the table, which refers to them.
 */
export class TableWriter {
  readonly #rows: string[][] = []
  readonly #inner: string[][] = []
  readonly #only: Block[][] = []

  row(cells: { blocks: Block[]; tables: string[][]; columns: number; skip?: number }[]): void {
    const row: string[] = []
    for (const { blocks, tables, columns, skip = 0 } of cells) {
      for (let i = 0; i < skip && row.length < COLUMNS_MAX; i++) row.push('')
      if (row.length >= COLUMNS_MAX) break
      const named = tables.map((inner) => {
        this.#inner.push([`*Table ${this.#inner.length + 1}, inside the table above:*`, ...inner])
        return `(table ${this.#inner.length}, below)`
      })
      row.push([cellText(blocks), ...named].filter((part) => part !== '').join(' '))
      for (let i = 1; i < columns && row.length < COLUMNS_MAX; i++) row.push('')
      if (tables.length === 0) this.#only.push(blocks)
    }
    this.#rows.push(row)
  }

  markdown(): string[] {
    const inner = this.#inner.flat()
    const [only] = this.#only
    if (this.#rows.length === 1 && this.#rows[0]?.length === 1 && only !== undefined) return renderBlocks(only)
    const width = Math.max(0, ...this.#rows.map((row) => row.findLastIndex((cell) => cell !== '') + 1))
    if (width === 0) return inner
    return [table(this.#rows.map((row) => row.slice(0, width))), ...inner]
  }
}

/** Blocks on one line, for a table cell. */
function cellText(blocks: Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'code') return block.text
      if (block.kind !== 'item') return block.markdown.replace(/^#+ /, '').replace(/^\$\$\n([^]*)\n\$\$$/, '$$$1$$')
      const label = block.label ?? (block.number === undefined ? '•' : `${block.number}${block.delimiter ?? '.'}`)
      return blocks.length === 1 ? block.text : `${label} ${block.text}`
    })
    .join(' ')
    .replace(/\\\n|(?<!\s)\s*\n\s*/g, ' ')
    .replace(/(?<!\\)\|/g, '\\|')
    .trim()
}
