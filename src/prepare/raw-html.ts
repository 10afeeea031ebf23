// Raw HTML inside Markdown: what it means in Markdown, else its text.
import type { Html, Node } from 'mdast'
import { htmlToMarkdown } from './html-markdown.ts'
import { attributeOf } from './html-tokens.ts'
import { target } from './convert/markdown.ts'
import type { Edit } from './active.ts'

/** Elements of HTML; anything else in angle brackets is a type, a placeholder or a sign. */
const ELEMENTS = new Set(
  `a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button canvas caption
center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer
form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li
link listing main map mark marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup option output p param
picture plaintext portal pre progress q rp rt ruby s samp script search section select slot small source span strike strong style
sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp`.split(/\s+/),
)
const MARKS: Record<string, string> = { b: '**', strong: '**', i: '*', em: '*', del: '~~', s: '~~', strike: '~~' }
const ADDRESS_CHARACTERS_MAX = 300
const DROPPED_WITH_CONTENT = new Set(['script', 'style', 'iframe', 'object', 'svg', 'template'])

/** A block of HTML. Its lines keep the quote marks and the indentation of what it stands in. */
export function flowHtml(node: Html, text: string, { start, end }: { start: number; end: number }): Edit[] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const prefix = text.slice(lineStart, start).replace(/[^>\s]/g, ' ')
  const markdown = htmlToMarkdown(node.value)
  return [{ start, end, text: markdown.replace(/\n/g, `\n${prefix}`) }]
}

/** One tag or comment inside a paragraph, `siblings[at]`. */
export function inlineHtml(siblings: Node[], at: number, within: string[], text: string): Edit[] {
  const node = siblings[at] as Html
  const { start, end } = range(node)
  const tag = /^<(\/?)([A-Za-z][\w:-]*)([^]*?)(\/?)>$/.exec(node.value)
  if (tag === null) return [{ start, end, text: '' }]
  const [, closing, written = '', attributes = ''] = tag
  const name = written.toLowerCase()
  const isWord = /[\p{L}\p{N}_:]/u.test(text[start - 1] ?? '') && attributes === '' && closing === '' && !MARKS_TEXT.has(written)
  if (!ELEMENTS.has(name) || isWord) {
    // An address in the text would take a backslash for a part of itself.
    const inAddress = /(?::\/\/|www\.|@)\S*$/i.test(text.slice(Math.max(0, start - ADDRESS_CHARACTERS_MAX), start))
    return [inAddress ? { start, end: start + 1, text: '&lt;' } : { start, end: start, text: '\\' }]
  }
  const inTable = within.includes('tableCell') || within.includes('heading')
  if (closing !== '') {
    if (MARKS[name] !== undefined && opener(siblings, at, name) >= 0) return [{ start, end, text: MARKS[name] }]
    const from = name === 'a' ? opener(siblings, at, name) : -1
    const address = from < 0 ? undefined : attributeOf((siblings[from] as Html).value.slice(2, -1), 'href')
    return [{ start, end, text: address === undefined || within.includes('link') ? '' : `](${target(address)})` }]
  }
  if (DROPPED_WITH_CONTENT.has(name)) {
    const close = closer(siblings, at, name)
    return [{ start, end: close < 0 ? end : range(siblings[close]).end, text: '' }]
  }
  if (name === 'br') return [{ start, end, text: inTable || /^\s*(?:\n|$)/.test(text.slice(end, end + 2)) ? ' ' : '\\\n' }]
  if (name === 'img') return [{ start, end, text: htmlToMarkdown(node.value) }]
  if (name === 'a' && attributeOf(attributes, 'href') !== undefined && closer(siblings, at, name) >= 0 && !within.includes('link')) {
    return [{ start, end, text: '[' }]
  }
  if (MARKS[name] !== undefined && closer(siblings, at, name) >= 0) return [{ start, end, text: MARKS[name] }]
  return [{ start, end, text: '' }]
}

/** Tags that are written right after a word and are no type parameter. */
const MARKS_TEXT = new Set(['sup', 'sub', 'br', 'wbr', 'b', 'i', 'em', 'strong', 'span', 'code', 'kbd', 'u', 's', 'del', 'ins', 'a', 'img', 'small', 'script', 'style'])

function closer(siblings: Node[], at: number, name: string): number {
  return siblings.findIndex((node, index) => index > at && node.type === 'html' && new RegExp(`^</${name}\\s*>$`, 'i').test((node as Html).value))
}

function opener(siblings: Node[], at: number, name: string): number {
  return siblings.slice(0, at).findLastIndex((node) => node.type === 'html' && new RegExp(`^<${name}(?=[\\s/>])`, 'i').test((node as Html).value))
}

function range(node: Node | undefined): { start: number; end: number } {
  return { start: node?.position?.start.offset ?? 0, end: node?.position?.end.offset ?? 0 }
}
