// Comments on slides, in the forms of PowerPoint before and since 2021.
import type { OfficePackage, Part } from './package.ts'
import { attr, child, children, descendants, elements, textOf, type XmlNode } from './xml-nodes.ts'

/** `level`: 1 for replies. */
export type SlideComment = { author: string; text: string; level: 0 | 1 }

export function slideComments(pack: OfficePackage, main: Part, slide: Part): SlideComment[] {
  const comments = pack.related(slide, 'comments')
  if (comments === undefined) return []
  const authors = new Map<string, string>()
  for (const type of ['commentAuthors', 'authors'])
    for (const node of elements(pack.related(main, type)?.root))
      authors.set(attr(node, 'id') ?? '', attr(node, 'name') ?? '')
  return elements(comments.root).flatMap((node) => {
    const [first, ...answers] = node.name === 'p:cm' ? [node] : [node, ...descendants(node, prefixed(node, 'reply'))]
    return [first, ...answers].flatMap((each, index): SlideComment[] => {
      const text = commentText(each)
      return each === undefined || text === ''
        ? []
        : [{ author: authors.get(attr(each, 'authorId') ?? '') ?? '', text, level: index === 0 ? 0 : 1 }]
    })
  })
}

function commentText(node: XmlNode | undefined): string {
  if (node === undefined) return ''
  const old = child(node, 'p:text')
  const body = child(node, prefixed(node, 'txBody'))
  const text =
    old === undefined
      ? children(body, 'a:p')
          .map((paragraph) => [...descendants(paragraph, 'a:t')].map(textOf).join(''))
          .join(' ')
      : textOf(old)
  return text.replace(/\s+/g, ' ').trim()
}

/** Modern comments are in a namespace per program version, whose prefix is the node's own. */
function prefixed(node: XmlNode, name: string): string {
  return node.name.includes(':') ? `${node.name.slice(0, node.name.indexOf(':'))}:${name}` : name
}
