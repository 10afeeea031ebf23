// Turns inline elements of HTML into Markdown: marks, links and images.
import { escapeText, inlineCode, lowered, raised, target } from './convert/markdown.ts'
import { EMPTY_LINES, trimParagraph, type Open } from './html-blocks.ts'
import { attributeOf } from './html-tokens.ts'

export type HtmlOptions = {
  /** The base of relative links. */
  url?: string | undefined
  /**
   * Returns the target of an image, or undefined to omit it. Default: `src`. `own` is `src` before `url` is applied.
   */
  image?: (source: string, own: string) => string | undefined
}

/** A closed inline element. `last` is the character before it. */
export function inlineMarkdown(open: Open, last: string, { url }: HtmlOptions): string {
  const inner = open.inline
  const text = trimParagraph(inner)
  if (text === '') return inner
  const begin = inner.indexOf(text)
  const before = inner.slice(0, begin)
  const after = inner.slice(begin + text.length)
  // A mark does not reach into another paragraph.
  const marked = (mark: string): string => `${before}${mark}${text.replace(EMPTY_LINES, '\\\n')}${mark}${after}`
  switch (open.name) {
    case 'b':
    case 'strong':
      return /(?<!\\)\*\*/.test(text) ? inner : marked('**')
    case 'i':
    case 'em':
    case 'dfn':
    case 'var':
      return /(?<!\\)\*/.test(text) ? inner : marked('*')
    case 'del':
    case 's':
    case 'strike':
      return marked('~~')
    case 'code':
    case 'tt':
    case 'samp':
    case 'kbd':
      return `${before}${inlineCode(text)}${after}`
    case 'a':
      return `${before}${link(open.attributes, text, url)}${after}`
    case 'sup':
      return `${before}${raised(text)}${after}`
    case 'sub':
      return `${before}${lowered(text, before || last)}${after}`
    case 'rt':
      return `${before}(${text})${after}`
    // Adjacent controls are separated only by their frames.
    case 'button':
    case 'label':
      return `${last === '' || /\s/.test(last) ? '' : ' '}${text} `
    case 'q':
      return `${before}“${text}”${after}`
    default:
      return inner
  }
}

function link(attributes: string, text: string, url: string | undefined): string {
  const href = absolute(attributeOf(attributes, 'href') ?? '', url)
  if (href === '' || href.startsWith('#')) return text
  return `[${text.replace(/\\\n/g, ' ')}](${target(href)})`
}

/** An image, or its description if it is not to be shown. A picture of a formula becomes the formula. */
export function imageMarkdown(attributes: string, { url, image }: HtmlOptions): string {
  const alt = (attributeOf(attributes, 'alt') ?? attributeOf(attributes, 'title') ?? '').replace(/\s+/g, ' ').trim()
  const latex = /\b(?:tex|latex|mwe-math)/i.test(attributeOf(attributes, 'class') ?? '') && alt !== ''
  if (latex) return `$${alt.replace(/^\{\\displaystyle (.*)\}$/s, '$1').replaceAll('$', '\\$')}$`
  const source = attributeOf(attributes, 'src') ?? attributeOf(attributes, 'data-src') ?? ''
  const shown = image === undefined ? absolute(source, url) : image(absolute(source, url), source)
  return shown === undefined || shown === '' ? escapeText(alt) : `![${escapeText(alt)}](${target(shown)})`
}

/** An address as it is on the web. */
function absolute(address: string, url: string | undefined): string {
  // A protocol-relative address in a saved page still refers to the web.
  if (url === undefined && /^\/\/[\w-]+\./.test(address)) return `https:${address}`
  return url !== undefined && address !== '' && !address.startsWith('#') && URL.canParse(address, url)
    ? new URL(address, url).href
    : address
}
