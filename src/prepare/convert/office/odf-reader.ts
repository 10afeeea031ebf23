// Blocks of OpenDocument text (ODF 1.3 part 3, 5 to 10): paragraphs, lists, tables, frames, notes, comments.
import type { ImageSink } from '../converter.ts'
import { escapeText, heading } from '../markdown.ts'
import { COLUMNS_MAX, commentHead, noteText, TableWriter, textBlock, type Block } from './blocks.ts'
import { renderRuns } from './inline-runs.ts'
import { formatNumber } from './numerals.ts'
import { OdfInline, type OdfContext } from './odf-inline.ts'
import type { OdfPackage } from './odf-package.ts'
import { tableRows, type OdfStyles } from './odf-styles.ts'
import { attr, child, children, elements, numberAttr, textOf, type XmlNode } from './xml-nodes.ts'

type List = { style: string | undefined; level: number; id: string }

export class OdfReader implements OdfContext {
  readonly pack: OdfPackage
  readonly styles: OdfStyles
  readonly images: ImageSink
  readonly dropped: string[] = []
  readonly #deeper: number
  readonly #notes: { head: string; nodes: XmlNode[] }[] = []
  /** Current numbers by list and level. */
  readonly #counters = new Map<string, number[]>()
  #lists = 0
  #lastOfStyle = new Map<string, string>()

  constructor(pack: OdfPackage, styles: OdfStyles, images: ImageSink, deeper: number) {
    this.pack = pack
    this.styles = styles
    this.images = images
    this.#deeper = deeper
  }

  /** The reference to a note or comment. Its content is written at the end. */
  note(head: string, nodes: XmlNode[]): string {
    return `[^${this.#notes.push({ head, nodes })}]`
  }

  notes(): string[] {
    const written: string[] = []
    for (let index = 0; index < this.#notes.length; index++) {
      const { head = '', nodes = [] } = this.#notes[index] ?? {}
      written.push(noteText(index + 1, head, this.blocks(nodes)))
    }
    return written
  }

  blocks(nodes: XmlNode[], list?: List): Block[] {
    return nodes.flatMap((node) => this.#block(node, list))
  }

  #block(node: XmlNode, list: List | undefined): Block[] {
    switch (node.name) {
      case 'text:p':
      case 'text:h':
        return this.#paragraph(node)
      case 'text:list':
        return this.#list(node, list)
      case 'table:table':
        return this.table(node).flatMap(textBlock)
      case 'text:tracked-changes':
        // Deleted text, which the plain extraction omits as well.
        return []
      case 'text:section':
        if (attr(node, 'text:display') !== 'none') return this.blocks(elements(node))
        this.dropped.push(textOf(node))
        return []
      case 'office:annotation':
        return textBlock(this.annotation(node))
      case 'text:sequence-decls':
      case 'office:forms':
      case 'text:variable-decls':
      case 'text:user-field-decls':
      case 'text:index-title-template':
        return []
      default:
        return node.name.startsWith('draw:') ? this.drawing(node) : this.blocks(elements(node))
    }
  }

  #paragraph(node: XmlNode): Block[] {
    const style = attr(node, 'text:style-name')
    if (this.styles.hides(style)) {
      this.dropped.push(textOf(node))
      return []
    }
    const role = this.styles.role(style)
    const inline = new OdfInline(this, role === 'code')
    inline.visit(node)
    const { runs, asides, equations } = inline
    if (equations.length > 0 && runs.every(({ text, isMath }) => isMath === true || text.trim() === ''))
      return [...equations.map((latex): Block => ({ kind: 'text', markdown: `$$\n${latex}\n$$` })), ...asides]
    if (role === 'code') return [{ kind: 'code', text: runs.map(({ source }) => source ?? '').join('') }, ...asides]
    const isHead = node.name === 'text:h' || role === 'title'
    const text = renderRuns(runs, isHead)
    if (text === '') return asides
    if (isHead) {
      const level = role === 'title' ? 1 : (numberAttr(node, 'text:outline-level') ?? 1) + this.#deeper
      return [{ kind: 'text', markdown: heading(level, text.replace(/\\\n/g, ' ')) }, ...asides]
    }
    return [role === 'quote' ? { kind: 'quote', markdown: text } : { kind: 'text', markdown: text }, ...asides]
  }

  #list(node: XmlNode, outer: List | undefined): Block[] {
    const style = attr(node, 'text:style-name') ?? outer?.style ?? this.#styleOfParagraphs(node)
    const level = outer === undefined ? 0 : outer.level + 1
    const list: List = { style, level, id: outer?.id ?? this.#idOf(node, style) }
    return elements(node).flatMap((item): Block[] => {
      if (item.name !== 'text:list-item' && item.name !== 'text:list-header') return []
      const [first, ...rest] = this.blocks(elements(item), list)
      if (first === undefined) return []
      const isOwn = item.name === 'text:list-item' && first.kind !== 'item' && first.kind !== 'code'
      if (!isOwn) return [first, ...rest]
      // Headings inside lists are numbered headings.
      if (first.kind === 'text' && /^#{1,6} /.test(first.markdown)) return [first, ...rest]
      const number = this.#number(list, numberAttr(item, 'text:start-value'))
      const own: Block = { kind: 'item', level, list: list.id, text: first.markdown, ...number }
      return [own, ...rest.map((block) => insideOf(block, level))]
    })
  }

  /** The number continues in a list that continues an earlier one, or has the style of the one before. */
  #idOf(node: XmlNode, style: string | undefined): string {
    const goesOn = attr(node, 'text:continue-numbering') === 'true' ? this.#lastOfStyle.get(style ?? '') : undefined
    const id = attr(node, 'text:continue-list') ?? goesOn ?? attr(node, 'xml:id') ?? `list ${++this.#lists}`
    this.#lastOfStyle.set(style ?? '', id)
    return id
  }

  #styleOfParagraphs(node: XmlNode): string | undefined {
    const paragraph = child(children(node, 'text:list-item')[0], 'text:p')
    return this.styles.listOf(attr(paragraph, 'text:style-name'))
  }

  #number(
    { style, level, id }: List,
    start: number | undefined,
  ): { number?: number; label?: string; delimiter?: '.' | ')' } {
    const own = this.styles.level(style, level)
    const counters = this.#counters.get(id) ?? []
    this.#counters.set(id, counters)
    counters.length = Math.min(counters.length, level + 1)
    if (own === undefined) return {}
    const number = start ?? (counters[level] === undefined ? own.start : (counters[level] ?? 0) + 1)
    counters[level] = number
    if (own.format === '')
      return own.prefix + own.suffix === '' ? {} : { number, label: escapeText(own.prefix + own.suffix) }
    const shown = Array.from({ length: Math.min(own.levels, level + 1) }, (_, index) => {
      const upper = level - index
      return formatNumber(
        counters[upper] ?? 1,
        FORMATS.get(this.styles.level(style, upper)?.format ?? '1') ?? 'decimal',
      )
    })
    const label = `${own.prefix}${shown.reverse().join('.')}${own.suffix}`.trim()
    const delimiter = label.endsWith(')') ? ')' : '.'
    return { number, delimiter, ...(/^\d+[.)]?$/.test(label) ? {} : { label: escapeText(label) }) }
  }

  /** Markdown blocks. */
  table(node: XmlNode): string[] {
    const writer = new TableWriter()
    for (const row of tableRows(node)) {
      const cells = elements(row).flatMap((cell): Parameters<TableWriter['row']>[0] => {
        const repeated = Math.min(COLUMNS_MAX, numberAttr(cell, 'table:number-columns-repeated') ?? 1)
        if (cell.name === 'table:covered-table-cell') {
          this.dropped.push(textOf(cell))
          return Array.from({ length: repeated }, () => ({ blocks: [], tables: [], columns: 1 }))
        }
        if (cell.name !== 'table:table-cell') return []
        const content = elements(cell)
        const tables = content.filter(({ name }) => name === 'table:table').map((inner) => this.table(inner))
        const blocks = this.blocks(content.filter(({ name }) => name !== 'table:table'))
        return Array.from({ length: repeated }, () => ({
          blocks,
          tables: tables.filter((each) => each.length > 0),
          columns: 1,
        }))
      })
      writer.row(cells)
    }
    return writer.markdown()
  }

  /** Frames, shapes and groups as blocks, if they are not anchored in a line. */
  drawing(node: XmlNode): Block[] {
    const inline = new OdfInline(this, false)
    inline.visit({ name: '', attributes: '', children: [node] })
    const text = renderRuns(inline.runs)
    return [...textBlock(text), ...inline.asides]
  }

  /** A comment as a note with its author. */
  annotation(node: XmlNode): string {
    const author = textOf(child(node, 'dc:creator')).trim()
    const date = /^\d{4}-\d{2}-\d{2}/.exec(textOf(child(node, 'dc:date')))?.[0]
    const head = commentHead(author, date)
    const content = elements(node).filter(({ name }) => name.startsWith('text:'))
    return content.every((each) => textOf(each).trim() === '') ? '' : this.note(head, content)
  }
}

const FORMATS = new Map([
  ['1', 'decimal'],
  ['a', 'lowerLetter'],
  ['A', 'upperLetter'],
  ['i', 'lowerRoman'],
  ['I', 'upperRoman'],
])

/** Whatever follows the first paragraph of an item is indented like its text. */
function insideOf(block: Block, level: number): Block {
  if (block.kind !== 'text') return block
  const indent = ' '.repeat(4 * (level + 1))
  return { kind: 'inside', markdown: block.markdown.replace(/^(?=.)/gm, indent) }
}
