// Raw HTML inside Markdown: replaced by equivalent Markdown, or else by its text.
import type { Html, Node } from 'mdast'
import { htmlToMarkdown } from './html-markdown.ts'
import { attributeOf } from './html-tokens.ts'
import { lowered, raised, target } from './convert/markdown.ts'
import type { Edit } from './edit.ts'

/** HTML elements; anything else in angle brackets is a type, a placeholder or a sign. */
const ELEMENTS = new Set(
  `a abbr acronym address applet area article aside audio b base basefont bdi bdo big blink blockquote body br button canvas caption
center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer
form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe image img input ins isindex kbd keygen label legend li
link listing main map mark marquee math menu meta meter nav nobr noembed noframes noscript object ol optgroup option output p param
picture plaintext portal pre progress q rp rt ruby s samp script search section select slot small source span strike strong style
sub summary sup svg table tbody td template textarea tfoot th thead time title tr track tt u ul var video wbr xmp`.split(
    /\s+/,
  ),
)
const MARKS: Record<string, string> = { b: '**', strong: '**', i: '*', em: '*', del: '~~', s: '~~', strike: '~~' }
const ADDRESS_CHARACTERS_MAX = 300
const DROPPED_WITH_CONTENT = new Set(['script', 'style', 'iframe', 'object', 'svg', 'template', 'rp'])

/** An HTML block. Its lines keep the quote marks and the indentation of the enclosing block. */
export function flowHtml(node: Html, text: string, { start, end }: { start: number; end: number }): Edit[] {
  const lineStart = text.lastIndexOf('\n', start - 1) + 1
  const prefix = text.slice(lineStart, start).replace(/[^>\s]/g, ' ')
  const markdown = htmlToMarkdown(node.value)
  return [{ start, end, text: markdown.replace(/\n/g, `\n${prefix}`) }]
}

/** One tag or comment inside a paragraph, `siblings[at]`. */
export function inlineHtml(siblings: Node[], index: number, within: string[], text: string): Edit[] {
  const node = siblings[index] as Html
  const { start, end } = range(node)
  const tag = /^<(\/?)([A-Za-z][\w:-]*)([^]*?)(\/?)>$/.exec(node.value)
  if (tag === null) return [{ start, end, text: '' }]
  const [, closing, written = '', attributes = ''] = tag
  const name = written.toLowerCase()
  const isWord =
    /[\p{L}\p{N}_:]/u.test(text[start - 1] ?? '') && attributes === '' && closing === '' && !MARKS_TEXT.has(written)
  if (!ELEMENTS.has(name) || isWord) {
    // An address in the text would take a backslash as part of itself.
    const inAddress = /(?::\/\/|www\.|@)\S*$/i.test(text.slice(Math.max(0, start - ADDRESS_CHARACTERS_MAX), start))
    return [inAddress ? { start, end: start + 1, text: '&lt;' } : { start, end: start, text: '\\' }]
  }
  const inTable = within.includes('tableCell') || within.includes('heading')
  if (name === 'rt') return [{ start, end, text: closing === '' ? '(' : ')' }]
  if (closing !== '') {
    if (MARKS[name] !== undefined && opener(siblings, index, name) >= 0) return [{ start, end, text: MARKS[name] }]
    const from = name === 'a' ? opener(siblings, index, name) : -1
    const address = from < 0 ? undefined : attributeOf((siblings[from] as Html).value.slice(2, -1), 'href')
    return [{ start, end, text: address === undefined || within.includes('link') ? '' : `](${target(address)})` }]
  }
  if (DROPPED_WITH_CONTENT.has(name)) {
    const close = closer(siblings, index, name)
    return [{ start, end: close < 0 ? end : range(siblings[close]).end, text: '' }]
  }
  const whole = SHIFTED.has(name) ? shiftedHtml(siblings, index, name, text) : undefined
  if (whole !== undefined) return [whole]
  if (name === 'br')
    return [{ start, end, text: inTable || /^\s*(?:\n|$)/.test(text.slice(end, end + 2)) ? ' ' : '\\\n' }]
  if (name === 'img') return [{ start, end, text: htmlToMarkdown(node.value) }]
  if (
    name === 'a' &&
    attributeOf(attributes, 'href') !== undefined &&
    closer(siblings, index, name) >= 0 &&
    !within.includes('link')
  ) {
    return [{ start, end, text: '[' }]
  }
  if (MARKS[name] !== undefined && closer(siblings, index, name) >= 0) return [{ start, end, text: MARKS[name] }]
  return [{ start, end, text: '' }]
}

/** Elements whose letters would run into those before them. */
const SHIFTED = new Set(['sup', 'sub', 'math'])

/** Superscript, subscript or a formula, from tag to tag; undefined if there are other tags among the letters. */
function shiftedHtml(siblings: Node[], index: number, name: string, text: string): Edit | undefined {
  const close = closer(siblings, index, name)
  const { start, end: innerStart } = range(siblings[index])
  if (close < 0) return undefined
  const { start: innerEnd, end } = range(siblings[close])
  if (name === 'math') return { start, end, text: htmlToMarkdown(text.slice(start, end)) }
  if (siblings.slice(index + 1, close).some(({ type }) => type === 'html')) return undefined
  const inner = text.slice(innerStart, innerEnd)
  return { start, end, text: name === 'sup' ? raised(inner) : lowered(inner, text[start - 1] ?? '') }
}

/** Tags that are written right after a word and are not a type parameter. */
const MARKS_TEXT = new Set([
  'sup',
  'sub',
  'br',
  'wbr',
  'b',
  'i',
  'em',
  'strong',
  'span',
  'code',
  'kbd',
  'u',
  's',
  'del',
  'ins',
  'a',
  'img',
  'small',
  'script',
  'style',
  'ruby',
  'rb',
  'rt',
  'rp',
  'math',
])

/** Nodes to search for the other tag of a pair: every tag may lack one. */
const PAIR_NODES_MAX = 500

function closer(siblings: Node[], index: number, name: string): number {
  const tag = new RegExp(`^</${name}\\s*>$`, 'i')
  const found = siblings
    .slice(index + 1, index + 1 + PAIR_NODES_MAX)
    .findIndex((node) => node.type === 'html' && tag.test((node as Html).value))
  return found < 0 ? -1 : index + 1 + found
}

function opener(siblings: Node[], index: number, name: string): number {
  const tag = new RegExp(`^<${name}(?=[\\s/>])`, 'i')
  const from = Math.max(0, index - PAIR_NODES_MAX)
  const found = siblings
    .slice(from, index)
    .findLastIndex((node) => node.type === 'html' && tag.test((node as Html).value))
  return found < 0 ? -1 : from + found
}

function range(node: Node | undefined): { start: number; end: number } {
  return { start: node?.position?.start.offset ?? 0, end: node?.position?.end.offset ?? 0 }
}
