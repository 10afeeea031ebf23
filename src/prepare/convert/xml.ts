// XML other than feeds: text with markup is read as a document, anything else as records.
import { articleBlocks, isArticle } from './xml-article.ts'
import type { Converter } from './converter.ts'
import { recordBlocks } from './xml-records.ts'
import { child, readXml, textOf, xmlTree, type XmlElement } from './xml-source.ts'

export const convert: Converter = async (task) => {
  const elements = xmlTree(await readXml(task), task.label)
  const [root] = elements
  const blocks = isArticle(elements) ? articleBlocks(elements) : recordBlocks(elements)
  const title = root === undefined ? '' : titleOf(root)
  return {
    body: { kind: 'flow', markdown: blocks.join('\n\n') },
    ...(title === '' ? {} : { title }),
    plain: [{ text: elements.map(textOf).join(' ') }],
  }
}

/** The title of the root element, or of its first section or header (DocBook, JATS, DITA, TEI, patents). */
function titleOf(root: XmlElement): string {
  const info = child(root, 'info', 'bookinfo', 'articleinfo', 'teiHeader', 'front', 'head')
  const own =
    child(root, 'title', 'name') ?? deepTitle(info ?? root, 4, info === undefined ? TITLES_OF_WHOLE : TITLES_IN_HEAD)
  return own === undefined ? '' : textOf(own)
}

const TITLES_IN_HEAD = ['article-title', 'title']
/** Titles that no part of a document has. */
const TITLES_OF_WHOLE = ['invention-title', 'title-of-invention', 'document-title', 'doc-title']

function deepTitle(element: XmlElement, depth: number, names: string[]): XmlElement | undefined {
  const own = child(element, ...names)
  if (own !== undefined || depth === 0) return own
  return element.children.map((each) => deepTitle(each, depth - 1, names)).find((found) => found !== undefined)
}
