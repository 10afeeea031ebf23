// Presentations: a page per slide with its title, shapes in order, speaker notes and comments.
import type { Archive } from '../archive.ts'
import type { ConvertedPage, ConvertTask, Converted, ImageSink } from '../converter.ts'
import { escapeText, heading } from '../markdown.ts'
import { renderBlocks, TableWriter, textBlock, type Block } from './blocks.ts'
import { bodyBlocks, paragraphText } from './drawing-text.ts'
import { graphicBlocks } from './drawings.ts'
import { OfficePackage, type Part } from './package.ts'
import { plainSlides } from './plain-text.ts'
import { placeholderOf, SlideLayouts, type Placeholder } from './slide-layouts.ts'
import { slideComments, type SlideComment } from './slide-comments.ts'
import { altOf, pictureMarkdown } from './picture.ts'
import { attr, child, children, chosen, descendant, descendants, elements, textOf, type XmlNode } from './xml-nodes.ts'

/** Repeated on every slide by the template. */
const FURNITURE = /^(?:dt|ftr|sldNum|hdr|sldImg)$/

export function convertPresentation(task: ConvertTask, archive: Archive): Converted {
  const pack = new OfficePackage(archive, task)
  const main = pack.main('ppt/presentation.xml')
  const layouts = new SlideLayouts(pack)
  const listed = children(child(main.root, 'p:sldIdLst'), 'p:sldId').map((node) => attr(node, 'r:id'))
  const slides = listed.flatMap((id) => pack.byId(main, id) ?? [])
  const missing = listed.flatMap((id, index) => (pack.byId(main, id) === undefined ? [index + 1] : []))
  const dropped: string[] = []
  const pages = slides.map((slide, index): ConvertedPage => {
    const reader = new SlideReader(pack, slide, layouts, task.images, dropped)
    return { content: reader.page(index + 1, slideComments(pack, main, slide)) }
  })
  const [first] = slides
  const title = first === undefined ? '' : new SlideReader(pack, first, layouts, task.images, []).titleText()
  return {
    ...(title === '' ? {} : { title }),
    ...pack.properties(),
    body: { kind: 'pages', physical: true, pages },
    plain: plainSlides(
      archive,
      slides.map(({ name, relationships }) => ({ name, related: [...relationships.values()] })),
    ),
    dropped,
    notes: missing.map((number) => `Slide ${number} is missing: the file lacks the part with its content.`),
  }
}

class SlideReader {
  readonly #pack: OfficePackage
  readonly #slide: Part
  readonly #inherited: ReturnType<SlideLayouts['of']>
  readonly #images: ImageSink
  readonly #dropped: string[]
  #shapes = 0

  constructor(pack: OfficePackage, slide: Part, layouts: SlideLayouts, images: ImageSink, dropped: string[]) {
    this.#pack = pack
    this.#slide = slide
    this.#inherited = layouts.of(slide)
    this.#images = images
    this.#dropped = dropped
  }

  page(number: number, comments: SlideComment[]): string {
    const title = this.#titleShape()
    const head = this.titleText()
    const content = this.#blocks(elements(treeOf(this.#slide)), title)
    const notes = this.#notes()
    const shown = attr(this.#slide.root, 'show') === '0' ? ' (hidden slide)' : ''
    const blocks = [heading(2, `${head === '' ? `Slide ${number}` : head}${shown}`), ...renderBlocks(content)]
    if (notes.length > 0) blocks.push('**Speaker notes**', ...notes)
    const remarks = comments.map(({ author, text, level }): Block => ({
      kind: 'item',
      level,
      list: 'comments',
      text: escapeText(`${author === '' ? 'Comment' : author}: ${text}`),
    }))
    if (remarks.length > 0) blocks.push('**Comments**', ...renderBlocks(remarks))
    return blocks.join('\n\n')
  }

  titleText(): string {
    const paragraphs = children(child(this.#titleShape(), 'p:txBody'), 'a:p')
    return paragraphs
      .map((paragraph) => paragraphText(paragraph, this.#slide, true).text)
      .join(' ')
      .replace(/\\\n|\s+/g, ' ')
      .trim()
  }

  #titleShape(): XmlNode | undefined {
    for (const shape of descendants(treeOf(this.#slide), 'p:sp'))
      if (/^(?:title|ctrTitle)$/.test(placeholderOf(shape)?.type ?? '')) return shape
    return undefined
  }

  #blocks(nodes: XmlNode[], except?: XmlNode): Block[] {
    return nodes.flatMap((node): Block[] => {
      if (node === except) return []
      switch (node.name) {
        case 'p:sp':
          return this.#shape(node, placeholderOf(node))
        case 'p:grpSp':
          return this.#blocks(elements(node), except)
        case 'p:graphicFrame':
          return this.#frame(node)
        case 'p:pic':
          return this.#picture(node)
        case 'mc:AlternateContent':
          return this.#blocks(chosen(node), except)
        default:
          return []
      }
    })
  }

  #shape(node: XmlNode, placeholder: Placeholder | undefined): Block[] {
    if (placeholder !== undefined && FURNITURE.test(placeholder.type)) {
      this.#dropped.push([...descendants(node, 'a:t')].map(textOf).join(' '))
      return []
    }
    const blocks = bodyBlocks(
      child(node, 'p:txBody'),
      this.#slide,
      this.#inherited(placeholder),
      `shape ${++this.#shapes}`,
    )
    const fill = child(node, 'p:spPr', 'a:blipFill')
    return fill === undefined ? blocks : [...blocks, ...this.#picture(node)]
  }

  #picture(node: XmlNode): Block[] {
    const bytes = this.#pack.bytes(this.#slide, attr(descendant(node, 'a:blip'), 'r:embed'))
    const stored = bytes === undefined ? undefined : this.#images.add(bytes)
    return textBlock(pictureMarkdown(stored, altOf(descendant(node, 'p:cNvPr')) ?? ''))
  }

  #frame(node: XmlNode): Block[] {
    const tables = [...descendants(node, 'a:tbl')].flatMap((table) => this.#table(table))
    const graphics = graphicBlocks(node, { pack: this.#pack, part: this.#slide })
    const pictures = [...descendants(node, 'p:pic')].slice(0, 1).flatMap((picture) => this.#picture(picture))
    const blocks = [...tables.flatMap(textBlock), ...graphics, ...pictures]
    return blocks.length > 0 ? blocks : textBlock(pictureMarkdown(undefined, altOf(descendant(node, 'p:cNvPr')) ?? ''))
  }

  #table(node: XmlNode): string[] {
    const writer = new TableWriter()
    for (const row of children(node, 'a:tr')) {
      writer.row(
        children(row, 'a:tc').map((cell) => {
          // Merged cells have no text: the cell that spans them does.
          const merged = attr(cell, 'hMerge') === '1' || attr(cell, 'vMerge') === '1'
          const own = bodyBlocks(child(cell, 'a:txBody'), this.#slide, () => undefined, 'cell')
          if (merged) this.#dropped.push([...descendants(cell, 'a:t')].map(textOf).join(' '))
          return { blocks: merged ? [] : own, tables: [], columns: 1 }
        }),
      )
    }
    return writer.markdown()
  }

  #notes(): string[] {
    const part = this.#pack.related(this.#slide, 'notesSlide')
    if (part === undefined) return []
    const blocks = [...descendants(treeOf(part), 'p:sp')].flatMap((shape) => {
      const placeholder = placeholderOf(shape)
      if (placeholder !== undefined && FURNITURE.test(placeholder.type)) {
        this.#dropped.push([...descendants(shape, 'a:t')].map(textOf).join(' '))
        return []
      }
      return bodyBlocks(child(shape, 'p:txBody'), part, () => undefined, `notes ${++this.#shapes}`)
    })
    return renderBlocks(blocks)
  }
}

function treeOf({ root }: Part): XmlNode | undefined {
  return child(root, 'p:cSld', 'p:spTree')
}
