// Blocks of WordprocessingML (ECMA-376 part 1, 17): paragraphs, lists, tables, and objects anchored next to them. Notes
// and comments are collected where they are referenced, and written at the end.
import type { ImageSink } from '../converter.ts'
import { escapeText, heading } from '../markdown.ts'
import { COLUMNS_MAX, commentHead, noteText, TableWriter, textBlock, type Block } from './blocks.ts'
import { renderRuns } from './inline-runs.ts'
import { itemOf, ListNumbering, type Numbering } from './list-numbering.ts'
import type { OfficePackage, Part } from './package.ts'
import { chunkBlocks } from './word-chunks.ts'
import type { Fields } from './word-fields.ts'
import { paragraphContent, type WordContext } from './word-inline.ts'
import { wordLists } from './word-numbering.ts'
import { WordStyles } from './word-styles.ts'
import { attr, child, children, chosen, elements, numberAttr, textOf, type XmlNode } from './xml-nodes.ts'

type Note = { part: Part; node: XmlNode; head: string }

export class WordReader implements WordContext {
  readonly pack: OfficePackage
  readonly images: ImageSink
  readonly styles: WordStyles
  readonly dropped: string[] = []
  /** Sentences about what was not read. */
  readonly remarks: string[] = []
  readonly fields: Fields = []
  readonly #numbering: ListNumbering
  readonly #deeper: number
  readonly #notes = new Map<string, Note>()
  /** Keys of `#notes` in numeric order. */
  readonly #called: string[] = []
  part: Part

  constructor(pack: OfficePackage, main: Part, images: ImageSink) {
    this.pack = pack
    this.part = main
    this.images = images
    this.styles = new WordStyles(pack.related(main, 'styles')?.root)
    this.#numbering = new ListNumbering(wordLists(pack.related(main, 'numbering')?.root))
    this.#deeper = this.titles(main.root).length === 0 ? 0 : 1
    for (const [type, name] of [
      ['footnotes', 'w:footnote'],
      ['endnotes', 'w:endnote'],
      ['comments', 'w:comment'],
    ] as const) {
      const part = pack.related(main, type)
      for (const node of children(part?.root, name))
        if (part !== undefined) this.#notes.set(`${name} ${attr(node, 'w:id')}`, { part, node, head: headOf(node) })
    }
  }

  /** Paragraphs of the title style at the top level. */
  titles(root: XmlNode): XmlNode[] {
    return children(child(root, 'w:body'), 'w:p').filter(
      (node) =>
        this.styles.role(attr(child(node, 'w:pPr', 'w:pStyle'), 'w:val')) === 'title' && textOf(node).trim() !== '',
    )
  }

  call(kind: 'w:footnote' | 'w:endnote' | 'w:comment', id: string | undefined): string {
    const key = `${kind} ${id}`
    if (!this.#notes.has(key)) return ''
    if (!this.#called.includes(key)) this.#called.push(key)
    return `[^${this.#called.indexOf(key) + 1}]`
  }

  /** Notes in the order of their references, then comments without a reference in the text. */
  notes(): string[] {
    for (const key of this.#notes.keys()) if (key.startsWith('w:comment ')) this.call('w:comment', key.slice(10))
    const written: string[] = []
    for (let index = 0; index < this.#called.length; index++) {
      const note = this.#notes.get(this.#called[index] ?? '')
      if (note === undefined) continue
      this.part = note.part
      written.push(noteText(index + 1, note.head, this.blocks(elements(note.node))))
    }
    return written
  }

  blocks(nodes: XmlNode[]): Block[] {
    return nodes.flatMap((node): Block[] => {
      switch (node.name) {
        case 'w:p':
          return this.#paragraph(node)
        case 'w:tbl':
          return this.table(node).flatMap(textBlock)
        case 'w:sdt':
          return this.blocks(elements(child(node, 'w:sdtContent')))
        case 'mc:AlternateContent':
          return this.blocks(chosen(node))
        case 'w:altChunk':
          return this.#chunk(node)
        case 'w:del':
        case 'w:moveFrom':
          this.dropped.push(textOf(node))
          return []
        case 'm:oMathPara':
        case 'm:oMath':
          return this.#paragraph({ name: 'w:p', attributes: '', children: [node] })
        case 'w:ins':
        case 'w:moveTo':
        case 'w:customXml':
        case 'w:smartTag':
          return this.blocks(elements(node))
        default:
          return []
      }
    })
  }

  #chunk(node: XmlNode): Block[] {
    const id = attr(node, 'r:id')
    const bytes = this.pack.bytes(this.part, id)
    const blocks = bytes === undefined ? undefined : chunkBlocks(bytes)
    if (blocks === undefined) {
      const name = this.part.relationships.get(id ?? '')?.target ?? 'without a name'
      this.remarks.push(`A file that is part of the text was not read: ${name}.`)
    }
    return blocks ?? []
  }

  #paragraph(node: XmlNode): Block[] {
    const properties = child(node, 'w:pPr')
    const style = attr(child(properties, 'w:pStyle'), 'w:val')
    const { runs, asides, equations } = paragraphContent(node, this, style)
    if (equations !== undefined)
      return [...equations.map((latex): Block => ({ kind: 'text', markdown: `$$\n${latex}\n$$` })), ...asides]
    const role = this.styles.role(style)
    const outline = numberAttr(child(properties, 'w:outlineLvl'), 'w:val')
    const level =
      typeof role === 'object'
        ? role.heading
        : role === undefined && outline !== undefined && outline < 9
          ? outline + 1
          : undefined
    if (role === 'code') return [{ kind: 'code', text: runs.map(({ source }) => source ?? '').join('') }, ...asides]
    const isHead = level !== undefined || role === 'title'
    const text = renderRuns(runs, isHead)
    if (text === '') return asides
    const numbered = this.#numbered(properties, style)
    if (isHead) {
      const label = numbered?.numbering.kind === 'number' ? escapeText(numbered.numbering.label) : ''
      const line = `${label} ${text.replace(/\\\n/g, ' ')}`.trim()
      return [{ kind: 'text', markdown: heading(role === 'title' ? 1 : (level ?? 1) + this.#deeper, line) }, ...asides]
    }
    if (role === 'quote') return [{ kind: 'quote', markdown: text }, ...asides]
    if (numbered === undefined || numbered.numbering.kind === 'none')
      return [{ kind: 'text', markdown: text }, ...asides]
    return [itemOf(numbered.numbering, numbered.level, numbered.list, text), ...asides]
  }

  #numbered(
    properties: XmlNode | undefined,
    style: string | undefined,
  ): { numbering: Numbering; level: number; list: string } | undefined {
    const own = child(properties, 'w:numPr')
    const styled = this.styles.numbering(style)
    const named = this.styles.listByName(style)
    const list = attr(child(own, 'w:numId'), 'w:val') ?? styled?.id
    if (list === '0') return undefined
    const level =
      numberAttr(child(own, 'w:ilvl'), 'w:val') ??
      (styled === undefined ? undefined : (this.#numbering.levelOfStyle(styled.id, styled.style) ?? styled.level)) ??
      0
    const numbering = list === undefined ? undefined : this.#numbering.next(list, level)
    // A Word list style, in a file that does not define its numbering.
    if (numbering === undefined)
      return named === undefined && list === undefined
        ? undefined
        : { numbering: { kind: 'bullet' }, level: Math.max(level, named?.level ?? 0), list: list ?? named?.kind ?? '' }
    return { numbering, level: own === undefined && level === 0 ? (named?.level ?? 0) : level, list: `${list}` }
  }

  /** Markdown blocks. */
  table(node: XmlNode): string[] {
    const writer = new TableWriter()
    for (const row of rowsOf(node)) {
      const properties = child(row, 'w:trPr')
      if (child(properties, 'w:del') !== undefined) {
        this.dropped.push(textOf(row))
        continue
      }
      const before = Math.min(COLUMNS_MAX, numberAttr(child(properties, 'w:gridBefore'), 'w:val') ?? 0)
      writer.row(cellsOf(row).map((cell, index) => ({ ...this.#cell(cell), skip: index === 0 ? before : 0 })))
    }
    return writer.markdown()
  }

  #cell(cell: XmlNode): { blocks: Block[]; tables: string[][]; columns: number } {
    const properties = child(cell, 'w:tcPr')
    const columns = Math.max(1, numberAttr(child(properties, 'w:gridSpan'), 'w:val') ?? 1)
    const merged = child(properties, 'w:vMerge')
    if (merged !== undefined && attr(merged, 'w:val') !== 'restart') {
      this.dropped.push(textOf(cell))
      return { blocks: [], tables: [], columns }
    }
    const content = elements(cell).flatMap((each) =>
      each.name === 'w:sdt' ? elements(child(each, 'w:sdtContent')) : [each],
    )
    const tables = content.filter(({ name }) => name === 'w:tbl').map((inner) => this.table(inner))
    return {
      blocks: this.blocks(content.filter(({ name }) => name !== 'w:tbl')),
      tables: tables.filter((each) => each.length > 0),
      columns,
    }
  }
}

/** Rows may be wrapped in content controls and tracked changes. */
function rowsOf(node: XmlNode): XmlNode[] {
  return elements(node).flatMap((each) => {
    if (each.name === 'w:tr') return [each]
    if (each.name === 'w:sdt') return rowsOf(child(each, 'w:sdtContent') ?? each)
    return ['w:ins', 'w:customXml', 'w:moveTo'].includes(each.name) ? rowsOf(each) : []
  })
}

function cellsOf(node: XmlNode): XmlNode[] {
  return elements(node).flatMap((each) => {
    if (each.name === 'w:tc') return [each]
    if (each.name === 'w:sdt') return cellsOf(child(each, 'w:sdtContent') ?? each)
    return each.name === 'w:customXml' || each.name === 'w:ins' ? cellsOf(each) : []
  })
}

/** The author and date of a comment. */
function headOf(node: XmlNode): string {
  if (node.name !== 'w:comment') return ''
  return commentHead(attr(node, 'w:author')?.trim() ?? '', /^\d{4}-\d{2}-\d{2}/.exec(attr(node, 'w:date') ?? '')?.[0])
}
