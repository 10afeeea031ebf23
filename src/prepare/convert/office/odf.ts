// OpenDocument texts and presentations.
import type { Archive } from '../archive.ts'
import type { ConvertedPage, ConvertTask, Converted } from '../converter.ts'
import { heading } from '../markdown.ts'
import { renderBlocks, type Block } from './blocks.ts'
import { OdfPackage } from './odf-package.ts'
import { OdfReader } from './odf-reader.ts'
import { OdfStyles } from './odf-styles.ts'
import { plainOdf } from './plain-text.ts'
import { attr, child, children, descendants, elements, textOf, type XmlNode } from './xml-nodes.ts'

export function convertOdfText(task: ConvertTask, archive: Archive): Converted {
  const pack = new OdfPackage(archive, task)
  const root = pack.content()
  const styles = new OdfStyles([pack.part('styles.xml'), { root }])
  const body = child(root, 'office:body', 'office:text')
  const titled = [...descendants(body, 'text:p')].find(
    (node) => styles.role(attr(node, 'text:style-name')) === 'title' && textOf(node).trim() !== '',
  )
  const reader = new OdfReader(pack, styles, task.images, titled === undefined ? 0 : 1)
  const title = textOf(titled).replace(/\s+/g, ' ').trim()
  const blocks = renderBlocks(reader.blocks(elements(body)))
  return {
    ...(title === '' ? {} : { title }),
    ...pack.properties(),
    body: { kind: 'flow', markdown: [...blocks, ...reader.notes()].join('\n\n') },
    plain: plainOdf(archive),
    dropped: reader.dropped,
  }
}

/** Repeated on every slide. */
const FURNITURE = /^(?:header|footer|date-time|page-number|page)$/

export function convertOdfSlides(task: ConvertTask, archive: Archive): Converted {
  const pack = new OdfPackage(archive, task)
  const root = pack.content()
  const styles = new OdfStyles([pack.part('styles.xml'), { root }])
  const reader = new OdfReader(pack, styles, task.images, 1)
  const slides = children(child(root, 'office:body', 'office:presentation'), 'draw:page')
  const pages = slides.map((slide, index): ConvertedPage => ({ content: slidePage(slide, index + 1, reader) }))
  // Notes are written on the last page.
  const notes = reader.notes()
  const last = pages.at(-1)
  if (last !== undefined && notes.length > 0)
    pages[pages.length - 1] = { content: [last.content, ...notes].join('\n\n') }
  const title = titleOf(slides[0])
  return {
    ...(title === '' ? {} : { title }),
    ...pack.properties(),
    body: { kind: 'pages', physical: true, pages },
    plain: plainOdf(archive),
    dropped: reader.dropped,
  }
}

function slidePage(slide: XmlNode, number: number, reader: OdfReader): string {
  const content: Block[] = []
  const notes: Block[] = []
  let head = ''
  for (const node of elements(slide)) {
    const kind = attr(node, 'presentation:class') ?? ''
    if (FURNITURE.test(kind)) reader.dropped.push(textOf(node))
    else if (node.name === 'presentation:notes') {
      for (const each of elements(node)) {
        if (FURNITURE.test(attr(each, 'presentation:class') ?? '')) reader.dropped.push(textOf(each))
        else notes.push(...reader.blocks([each]))
      }
    } else if (kind === 'title' && head === '') {
      head = renderBlocks(reader.blocks([node]))
        .join(' ')
        .replace(/\\\n|\s+/g, ' ')
        .trim()
    } else content.push(...reader.blocks([node]))
  }
  const blocks = [head === '' ? `## Slide ${number}` : heading(2, head), ...renderBlocks(content)]
  return (notes.length === 0 ? blocks : [...blocks, '**Speaker notes**', ...renderBlocks(notes)]).join('\n\n')
}

function titleOf(slide: XmlNode | undefined): string {
  const node = elements(slide).find((each) => attr(each, 'presentation:class') === 'title')
  return textOf(node).replace(/\s+/g, ' ').trim()
}
