// A light tree of an HTML page, for decisions that cannot be made in source order: where the main content is, and which
// note belongs to which call. Linear in the page.
import { CLOSES, INLINE, SKIPPED, VOID } from './html-elements.ts'
import { attributeOf, tokenize, type TokenSink } from './html-tokens.ts'

export type HtmlElement = {
  name: string
  /** As written after the name: see `attributeOf`. */
  attributes: string
  children: HtmlNode[]
  parent: HtmlElement | undefined
}
/** A string is text, decoded. */
export type HtmlNode = HtmlElement | string

/** Maximum nesting in the tree; deeper elements become children of the last one. */
const DEPTH_MAX = 400

export function parseHtml(html: string): HtmlElement {
  const root: HtmlElement = { name: '', attributes: '', children: [], parent: undefined }
  const stack = [root]
  const top = (): HtmlElement => stack.at(-1) ?? root
  const isXhtml = /^\s*<\?xml\s|<html\b[^>]*\sxmlns\s*=/i.test(html.slice(0, 1024))
  tokenize(html, {
    text: (text) => top().children.push(text),
    open: (name, attributes, empty) => {
      closeImplied(stack, name)
      const parent = top()
      const element: HtmlElement = { name, attributes, children: [], parent }
      parent.children.push(element)
      const ends = VOID.has(name) || (empty && (isXhtml || !HTML_ONLY.test(name)))
      if (!ends && stack.length < DEPTH_MAX) stack.push(element)
    },
    close: (name) => {
      for (let i = stack.length - 1; i > 0; i--) {
        const open = stack[i]?.name ?? ''
        if (open === name) {
          stack.length = i
          return
        }
        // A close tag closes the element that it names, not the enclosing cell or table.
        if (/^(?:td|th|table|caption)$/.test(open) && !/^(?:table|tr|tbody|thead|tfoot|td|th|body|html)$/.test(name))
          return
      }
    },
  })
  return root
}

/** Elements that a slash closes only in XHTML. */
const HTML_ONLY =
  /^(?:[abipqsu]|h[1-6]|div|span|td|th|tr|table|t(?:head|body|foot)|ul|ol|li|dl|dt|dd|section|article|main|body|html)$/

/** Neither inline text nor the end of a paragraph. */
const IN_PARAGRAPHS = new Set([...SKIPPED].filter((name) => name !== 'dialog' && name !== 'frameset'))

function closeImplied(stack: HtmlElement[], name: string): void {
  const rule = CLOSES[name]
  if (rule !== undefined) {
    const [ends, within] = rule
    let found = 0
    for (let i = stack.length - 1; i > 0 && !within.includes(stack[i]?.name ?? ''); i--)
      if (ends.includes(stack[i]?.name ?? '')) found = i
    if (found > 0) stack.length = found
  } else if (!INLINE.has(name) && !VOID.has(name) && !IN_PARAGRAPHS.has(name) && stack.at(-1)?.name === 'p') stack.pop()
}

/** Emits the events that the elements' source would produce. */
export function replay(nodes: HtmlNode[], sink: TokenSink): void {
  for (const node of nodes) {
    if (typeof node === 'string') sink.text(node)
    else {
      const isVoid = VOID.has(node.name)
      sink.open(node.name, node.attributes, isVoid || (node.children.length === 0 && node.attributes.endsWith('/')))
      if (isVoid || (node.children.length === 0 && node.attributes.endsWith('/'))) continue
      replay(node.children, sink)
      sink.close(node.name)
    }
  }
}

/** All descendants of an element, in page order. */
export function elementsOf(root: HtmlElement): HtmlElement[] {
  const found: HtmlElement[] = []
  const visit = (element: HtmlElement): void => {
    for (const child of element.children) {
      if (typeof child === 'string') continue
      found.push(child)
      visit(child)
    }
  }
  visit(root)
  return found
}

export function textOf(node: HtmlNode): string {
  return typeof node === 'string' ? node : node.children.map(textOf).join('')
}

export function attribute(element: HtmlElement, name: string): string | undefined {
  return element.attributes === '' ? undefined : attributeOf(element.attributes, name)
}

/** Class and id, in lower case. */
export function labelOf(element: HtmlElement): string {
  if (!/\b(?:class|id)\b/i.test(element.attributes)) return ''
  return `${attribute(element, 'class') ?? ''} ${attribute(element, 'id') ?? ''}`.toLowerCase()
}

export function closest(
  element: HtmlElement | undefined,
  test: (element: HtmlElement) => boolean,
): HtmlElement | undefined {
  for (let each = element; each !== undefined; each = each.parent) if (test(each)) return each
  return undefined
}

export function replaceWith(element: HtmlElement, ...nodes: HtmlNode[]): void {
  const siblings = element.parent?.children
  const i = siblings?.indexOf(element) ?? -1
  if (i >= 0) siblings?.splice(i, 1, ...nodes)
}
