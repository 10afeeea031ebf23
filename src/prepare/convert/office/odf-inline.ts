// Contents of an OpenDocument paragraph: styled text, fields, notes, and frames anchored in it.
import { latexOfMathml, lettersOfMathml, localName, mathElement, mathText } from '../../mathml.ts'
import type { ImageSink } from '../converter.ts'
import { escapeText, inlineCode, lowered, raised } from '../markdown.ts'
import type { Block } from './blocks.ts'
import { renderBlocks, textBlock } from './blocks.ts'
import { PLAIN, type Run, type RunStyle } from './inline-runs.ts'
import { odfChart } from './odf-chart.ts'
import type { OdfPackage } from './odf-package.ts'
import type { OdfStyles } from './odf-styles.ts'
import { pictureMarkdown } from './picture.ts'
import {
  attr,
  child,
  children,
  descendants,
  elements,
  numberAttr,
  parseXml,
  textOf,
  type XmlNode,
} from './xml-nodes.ts'

/** What a paragraph needs from the reader of its document. */
export type OdfContext = {
  readonly pack: OdfPackage
  readonly styles: OdfStyles
  readonly images: ImageSink
  /** Texts omitted on purpose. */
  readonly dropped: string[]
  /** The reference to a note. Its content is written at the end. */
  note: (head: string, nodes: XmlNode[]) => string
  /** The reference to a comment. */
  annotation: (node: XmlNode) => string
  blocks: (nodes: XmlNode[]) => Block[]
  /** Markdown blocks. */
  table: (node: XmlNode) => string[]
}

type OdfRun = Run & { source?: string; isMath?: boolean }
type Look = RunStyle & { shift?: string | undefined; isCode?: boolean }

export class OdfInline {
  readonly runs: OdfRun[] = []
  readonly asides: Block[] = []
  readonly equations: string[] = []
  readonly #reader: OdfContext
  /** White space is kept: this is a line of code. */
  readonly #verbatim: boolean

  constructor(reader: OdfContext, verbatim: boolean) {
    this.#reader = reader
    this.#verbatim = verbatim
  }

  visit(node: XmlNode, look: Look = PLAIN): void {
    for (const each of node.children) {
      if (typeof each === 'string') this.#text(each, look)
      else this.#node(each, look)
    }
  }

  #node(node: XmlNode, look: Look): void {
    switch (node.name) {
      case 'text:span': {
        const name = attr(node, 'text:style-name')
        const { hidden, ...style } = this.#reader.styles.run(name, look)
        if (hidden) this.#reader.dropped.push(textOf(node))
        else
          this.visit(node, {
            ...style,
            shift: style.shift ?? look.shift,
            isCode: look.isCode === true || this.#reader.styles.isCode(name),
          })
        return
      }
      case 'text:a':
      case 'draw:a':
        return this.visit(node, { ...look, link: attr(node, 'xlink:href') ?? look.link })
      case 'text:s':
        return this.#push(look, ' '.repeat(Math.min(1_000, numberAttr(node, 'text:c') ?? 1)))
      case 'text:tab':
        return this.#push(look, this.#verbatim ? '\t' : ' ')
      case 'text:line-break':
        this.runs.push({ ...PLAIN, text: '\\\n', source: '\n' })
        return
      case 'text:note':
        this.runs.push({ ...PLAIN, text: this.#reader.note('', elements(child(node, 'text:note-body'))) })
        return
      case 'office:annotation':
        this.runs.push({ ...PLAIN, text: this.#reader.annotation(node) })
        return
      case 'text:ruby': {
        const reading = textOf(child(node, 'text:ruby-text'))
        this.visit(child(node, 'text:ruby-base') ?? node, look)
        if (reading !== '') this.#push(look, escapeText(`(${reading})`))
        return
      }
      case 'text:hidden-text':
      case 'text:hidden-paragraph':
        this.#reader.dropped.push(textOf(node))
        return
      case 'text:p':
      case 'text:h':
      case 'text:list':
      case 'table:table':
        this.asides.push(...renderBlocks(this.#reader.blocks([node])).flatMap(textBlock))
        return
      default:
        if (node.name.startsWith('draw:')) this.#drawing(node, look)
        else if (!/^office:annotation-end$|^svg:|^office:event-listeners$|^script:/.test(node.name))
          this.visit(node, look)
    }
  }

  /**
   * White space in the file collapses to one space; intended white space has elements of its own (ODF 1.3 part 3,
   * 6.1.2).
   */
  #text(text: string, look: Look): void {
    this.#push(look, text.replace(/[\t\n\r ]+/g, ' '))
  }

  #push({ shift, isCode, ...style }: Look, line: string): void {
    if (line === '') return
    const before = this.runs.at(-1)?.text ?? ''
    if (isCode === true && !this.#verbatim && line.trim() !== '') {
      this.runs.push({ ...style, text: inlineCode(line), source: line })
      return
    }
    const text = escapeText(line).replace(/\S(?:[\s\S]*\S)?/, (letters) => {
      if (shift === 'superscript') return raised(letters)
      return shift === 'subscript' ? lowered(letters, before) : letters
    })
    this.runs.push({ ...style, text, source: line })
  }

  #drawing(node: XmlNode, look: Look): void {
    if (node.name === 'draw:g') {
      for (const each of elements(node)) this.#node(each, look)
      return
    }
    const alt = textOf(child(node, 'svg:desc')).trim() || textOf(child(node, 'svg:title')).trim()
    const [object] = children(node, 'draw:object')
    if (object !== undefined && this.#object(object)) return
    for (const each of elements(node)) {
      if (each.name === 'draw:text-box')
        this.asides.push(...renderBlocks(this.#reader.blocks(elements(each))).flatMap(textBlock))
      else if (each.name === 'table:table') this.asides.push(...this.#reader.table(each).flatMap(textBlock))
      else if (/^text:(?:p|h|list)$/.test(each.name))
        this.asides.push(...renderBlocks(this.#reader.blocks([each])).flatMap(textBlock))
      else if (
        each.name.startsWith('draw:') &&
        !/^draw:(?:image|object|object-ole|enhanced-geometry|glue-point|plugin|param)$/.test(each.name)
      )
        this.#drawing(each, look)
    }
    // Several pictures in one frame are one picture in different formats.
    const images = children(node, 'draw:image')
    if (images.length === 0) return
    const stored = images
      .map((image) => this.#reader.pack.bytes(attr(image, 'xlink:href')))
      .map((bytes) => (bytes === undefined ? undefined : this.#reader.images.add(bytes)))
    const text = pictureMarkdown(
      stored.find((target) => target !== undefined),
      alt,
    )
    this.runs.push({ ...PLAIN, link: look.link, text })
  }

  /** A formula, a chart or a table from an embedded document; false if it is none of these. */
  #object(node: XmlNode): boolean {
    const inside = elements(node)[0]
    const source = this.#reader.pack.objectText(attr(node, 'xlink:href'))
    const root = inside ?? (source === undefined ? undefined : parseXml(source, this.#reader.pack.label))
    if (root === undefined) return false
    if (/^(?:math:)?math$/.test(root.name)) {
      const inner = mathOf(root)
      const latex = latexOfMathml(inner) ?? lettersOfMathml(inner)
      if (latex === '') return false
      this.equations.push(latex)
      this.runs.push({ ...PLAIN, text: `$${latex}$`, source: latex, isMath: true })
      return true
    }
    const body = child(root, 'office:body')
    const chart = child(body, 'office:chart', 'chart:chart')
    if (chart !== undefined) {
      this.asides.push(...odfChart(chart))
      return true
    }
    const tables = [...descendants(child(body, 'office:spreadsheet'), 'table:table')]
    this.asides.push(...tables.flatMap((table) => this.#reader.table(table)).flatMap(textBlock))
    // Texts, slides and drawings, without their own styles.
    const text = child(body, 'office:text')
    const pages = ['office:presentation', 'office:drawing'].flatMap((name) => children(child(body, name), 'draw:page'))
    const blocks = [text, ...pages].flatMap((each) => this.#reader.blocks(elements(each)))
    this.asides.push(...renderBlocks(blocks).flatMap(textBlock))
    return tables.length > 0 || blocks.length > 0
  }
}

/** MathML as `mathml.ts` expects it. Annotations are other forms of the same formula. */
function mathOf(node: XmlNode): string {
  return node.children
    .map((each) => {
      if (typeof each === 'string') return mathText(each)
      return mathElement(localName(each.name), each.attributes, mathOf(each))
    })
    .join('')
}
