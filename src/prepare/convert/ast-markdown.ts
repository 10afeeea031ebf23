// officeparser's tree as Markdown: headings, lists, tables in tables, code, formulas, charts, footnotes.
import type { OfficeAttachment, OfficeContentNode } from 'officeparser'
import { renderInline, type AstContext } from './ast-inline.ts'
import type { ImageSink } from './converter.ts'
import { cleanLatex, codeBlock, escapeCell, escapeText, heading, table, target } from './markdown.ts'

/** What a named paragraph style means. */
export type StyleRole = { heading: number } | 'title' | 'quote' | 'code'

export type AstOptions = {
  images: ImageSink
  attachments: OfficeAttachment[]
  /** Paragraph styles by their id in the document. */
  roles?: Map<string, StyleRole>
  /** Added to every heading's level. */
  deeper?: number
}

type ChartData = NonNullable<OfficeAttachment['chartData']>

/** Maximum number of columns of a table; a cell may claim to be in any column. */
const COLUMNS_MAX = 1_000

export class AstWriter {
  readonly #options: AstOptions
  readonly #attachments: Map<string, OfficeAttachment>
  readonly #notes = new Map<OfficeContentNode, number>()
  readonly #context: AstContext

  constructor(options: AstOptions) {
    this.#options = options
    this.#attachments = new Map(options.attachments.map((attachment) => [attachment.name, attachment]))
    this.#context = {
      image: (name, alt) => this.#image(name, alt),
      noteNumber: (note) => {
        const number = this.#notes.get(note) ?? this.#notes.size + 1
        this.#notes.set(note, number)
        return number
      },
    }
  }

  /** Markdown blocks of a sequence of nodes. */
  blocks(nodes: OfficeContentNode[]): string[] {
    const blocks: string[] = []
    for (let index = 0; index < nodes.length; index++) {
      const node = nodes[index]
      if (node === undefined) continue
      const kind = this.#kind(node)
      const run = kind === 'other' ? [] : takeWhile(nodes, index, (other) => this.#kind(other) === kind)
      if (kind === 'list') blocks.push(this.#list(run))
      else if (kind === 'code') blocks.push(codeBlock(run.map(textOf).join('\n')))
      else blocks.push(...this.#block(node))
      index += Math.max(0, run.length - 1)
    }
    return blocks.filter((block) => block.trim() !== '')
  }

  /** The footnotes that were referenced, for the end of the text. Notes inside notes are written too. */
  footnotes(): string[] {
    const written: string[] = []
    for (const [note, number] of this.#notes) {
      const text = this.blocks(note.children ?? [])
        .join('\n\n')
        .replace(/\n(?=.)/g, '\n    ')
      written.push(`[^${number}]: ${text === '' ? escapeText(note.text ?? '') : text}`)
    }
    return written
  }

  /** officeparser returns numbered headings as list items; only their style identifies them. */
  #kind(node: OfficeContentNode): 'list' | 'code' | 'other' {
    const role = this.#role(node)
    if (role === 'code') return 'code'
    return node.type === 'list' && role === undefined ? 'list' : 'other'
  }

  #role(node: OfficeContentNode): StyleRole | undefined {
    const style =
      node.type === 'paragraph' || node.type === 'list' || node.type === 'heading' ? node.metadata?.style : undefined
    return style === undefined ? undefined : this.#options.roles?.get(style)
  }

  #block(node: OfficeContentNode): string[] {
    const children = node.children ?? []
    switch (node.type) {
      case 'heading':
        return this.#role(node) === undefined ? [this.#heading(node.metadata?.level ?? 1, node)] : this.#paragraph(node)
      case 'paragraph':
      case 'list':
        return this.#paragraph(node)
      case 'table':
        return this.#table(children)
      case 'image':
        return [this.#context.image(node.metadata?.attachmentName, node.metadata?.altText)]
      case 'chart':
        return this.#chart(this.#attachments.get(node.metadata?.attachmentName ?? '')?.chartData)
      case 'code':
        return [
          node.metadata?.math === undefined
            ? codeBlock(node.text ?? '', node.metadata?.language ?? '')
            : `$$\n${cleanLatex(node.text ?? '')}\n$$`,
        ]
      case 'break':
        return node.metadata?.breakType === 'thematic' ? ['---'] : []
      case 'admonition':
        return [quote(this.blocks(children))]
      case 'definitionTerm':
        return [`**${renderInline(children, this.#context, true)}**`]
      case 'definitionDescription':
        return [
          `- ${this.blocks(children)
            .join('\n\n')
            .replace(/\n(?=.)/g, '\n  ')}`,
        ]
      case 'embed':
        return node.metadata?.url === undefined || !/^https?:/i.test(node.metadata.url)
          ? []
          : [`<${target(node.metadata.url)}>`]
      case 'comment':
      case 'note':
      case 'header':
      case 'footer':
      case 'slideMaster':
        return []
      case 'text':
        return [renderInline([node], this.#context)]
      default:
        return children.length === 0 ? [escapeText(node.text ?? '')] : this.blocks(children)
    }
  }

  #heading(level: number, node: OfficeContentNode): string {
    const inline = renderInline(node.children ?? [], this.#context, true)
    return heading(
      level + (this.#options.deeper ?? 0),
      (inline === '' ? escapeText(node.text ?? '') : inline).replace(/\\\n/g, ' '),
    )
  }

  #paragraph(node: OfficeContentNode): string[] {
    const role = this.#role(node)
    if (role === 'title')
      return [heading(1, renderInline(node.children ?? [], this.#context, true).replace(/\\\n/g, ' '))]
    if (typeof role === 'object') return [this.#heading(role.heading, node)]
    const children = node.children ?? []
    // A formula on its own is one block; tables and pictures anchored in a paragraph follow it.
    const [first] = children.filter((child) => child.type !== 'text' || (child.text ?? '').trim() !== '')
    if (first?.type === 'code' && first.metadata?.math === 'block')
      return this.blocks(children.filter((child) => child.type === 'code'))
    const isAside = ({ type }: OfficeContentNode): boolean => type === 'table' || type === 'chart' || type === 'list'
    const aside = children.filter(isAside)
    const inline = renderInline(
      children.filter((child) => !isAside(child)),
      this.#context,
    )
    const text = inline === '' && children.length === 0 ? escapeText(node.text ?? '').trim() : inline
    return [role === 'quote' && text !== '' ? quote([text]) : text, ...this.blocks(aside)]
  }

  #list(items: OfficeContentNode[]): string {
    const lines: string[] = []
    const numbers: number[] = []
    let depth = -1
    let list: { listId: string; listType: string } | undefined
    let delimiter = '.'
    for (const item of items) {
      if (item.type !== 'list') continue
      depth = Math.min(depth + 1, Math.max(0, item.metadata?.indentation ?? 0))
      numbers.length = depth + 1
      if (depth === 0 && item.metadata?.listId !== list?.listId) {
        numbers.length = 0
        // In Markdown only a different delimiter separates two adjacent numbered lists.
        delimiter = list?.listType === 'ordered' && delimiter === '.' ? ')' : '.'
        list = item.metadata
      }
      // A list continues after a paragraph between its items; a nested list starts over.
      const number = (numbers[depth] ?? (depth === 0 ? (item.metadata?.itemIndex ?? 0) : 0)) + 1
      numbers[depth] = number
      const marker = item.metadata?.listType === 'ordered' ? `${number}${delimiter} ` : '- '
      const task = item.metadata?.isTask === true ? (item.metadata.checked === true ? '[x] ' : '[ ] ') : ''
      const text = renderInline(item.children ?? [], this.#context) || escapeText(item.text ?? '')
      const indent = '    '.repeat(depth)
      lines.push(`${indent}${marker}${task}${text.replace(/\n/g, `\n${indent}${' '.repeat(marker.length)}`)}`)
    }
    return lines.join('\n')
  }

  /**
   * A table with one cell is a frame around its content. A table inside a cell is written after the outer table, which
   * refers to it.
   */
  #table(children: OfficeContentNode[]): string[] {
    const rows = children
      .filter((row) => row.type === 'row')
      .map((row) => (row.children ?? []).filter((cell) => cell.type === 'cell'))
    const [only] = rows[0] ?? []
    if (rows.length === 1 && rows[0]?.length === 1 && only !== undefined) return this.blocks(only.children ?? [])
    const inner: string[][] = []
    const grid = rows.map((row) => {
      const cells: string[] = []
      for (const cell of row) {
        const col = cell.type === 'cell' ? (cell.metadata?.col ?? cells.length) : cells.length
        while (cells.length < Math.min(col, COLUMNS_MAX)) cells.push('')
        if (cells.length < COLUMNS_MAX) cells.push(this.#cell(cell.children ?? [], cell.text ?? '', inner))
      }
      return cells
    })
    if (grid.every((row) => row.every((cell) => cell === ''))) return inner.flat()
    return [table(grid), ...inner.flat()]
  }

  #cell(children: OfficeContentNode[], text: string, inner: string[][]): string {
    if (children.length === 0) return escapeCell(text)
    const parts = children.map((child) => {
      if (child.type !== 'table') return this.#block(child).join(' ').replace(/^#+ /, '')
      inner.push([`*Table ${inner.length + 1}, inside the table above:*`, ...this.#table(child.children ?? [])])
      return `(table ${inner.length}, below)`
    })
    return parts
      .filter((part) => part !== '')
      .join(' ')
      .replace(/\\\n|\s*\n\s*/g, ' ')
      .replace(/(?<!\\)\|/g, '\\|')
      .trim()
  }

  /** A chart as the table of its values. */
  #chart(chart: ChartData | undefined): string[] {
    if (chart === undefined) return []
    const head = ['', ...chart.dataSets.map((set, index) => escapeCell(set.name ?? `Series ${index + 1}`))]
    const count = Math.min(100_000, Math.max(chart.labels.length, ...chart.dataSets.map((set) => set.values.length)))
    const rows = Array.from({ length: count }, (_, index) =>
      [chart.labels[index] ?? '', ...chart.dataSets.map((set) => set.values[index] ?? '')].map(escapeCell),
    )
    const axes = [chart.xAxisTitle, chart.yAxisTitle].filter((title) => title !== undefined && title !== '').join(', ')
    const title = [chart.title ?? 'Chart', axes].filter((part) => part !== '').join(': ')
    return [`**${escapeText(title.replace(/\s+/g, ' '))}**`, ...(rows.length === 0 ? [] : [table(rows, { head })])]
  }

  #image(name: string | undefined, alt: string | undefined): string {
    const attachment = this.#attachments.get(name ?? '')
    const shown = escapeText((alt ?? attachment?.altText ?? '').replace(/\s+/g, ' ').trim())
    const stored =
      attachment?.type === 'image' ? this.#options.images.add(Buffer.from(attachment.data, 'base64')) : undefined
    if (stored !== undefined) return `![${shown}](${stored})`
    return shown === '' ? '' : `*Image: ${shown}*`
  }
}

function quote(blocks: string[]): string {
  return blocks.join('\n\n').replace(/^/gm, '> ').replace(/^> $/gm, '>')
}

function takeWhile(
  nodes: OfficeContentNode[],
  from: number,
  test: (node: OfficeContentNode) => boolean,
): OfficeContentNode[] {
  let to = from
  for (let node = nodes[to]; node !== undefined && test(node); node = nodes[to]) to++
  return nodes.slice(from, to)
}

/** A node's text alone, with line breaks kept. */
export function textOf(node: OfficeContentNode): string {
  if (node.type === 'break') return '\n'
  const children = node.children ?? []
  return children.length === 0 ? (node.text ?? '') : children.map(textOf).join('')
}
