// Web pages: the main content, or the whole page if there is none, without the navigation of the site.
import { DocumentError } from '../../core/errors.ts'
import { FootnoteWriter, takeFootnotes } from '../html-footnotes.ts'
import { mainContent } from '../html-main.ts'
import type { HtmlOptions } from '../html-inline.ts'
import { htmlToMarkdown, nodesToMarkdown } from '../html-markdown.ts'
import { plainOfHtml } from '../html-plain.ts'
import { attribute, elementsOf, parseHtml, type HtmlElement, type HtmlNode } from '../html-tree.ts'
import type { Converter, ConvertTask } from './converter.ts'
import { pageFacts } from './html-facts.ts'
import { escapeText } from './markdown.ts'
import { storedImage } from './stored-image.ts'
import { declaredEncoding, readText } from './text-source.ts'

/** Maximum number of angle brackets for which the main content is searched. */
const TREE_TAGS_MAX = 200_000
const DECLARATION = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i

export const convert: Converter = async (task) => {
  const encoding = task.encoding ?? (await declaredEncoding(task, DECLARATION, 2048))
  const html = await readText({ ...task, encoding })
  const page = parseHtml(html)
  const { url: declared, base, description, ...facts } = pageFacts(page, html)
  const url = canonical(declared, task.url)
  const plain = plainOfHtml(html)
  refuseShell(page, plain.length, task)
  const options: HtmlOptions = {
    image: (source, own) => task.sibling?.(own) ?? storedImage(source, task),
    url: baseOf(base, task.url ?? url),
  }
  const tree = isModest(html) ? readTree(page, options) : undefined
  // A page of nothing but links is its navigation.
  const isMain = tree !== undefined && (tree.markdown.trim() !== '' || plain.length === 0)
  const { markdown, dropped } = isMain ? tree : { markdown: htmlToMarkdown(html, options), dropped: [] }
  return {
    body: { kind: 'flow', markdown: withDescription(markdown, description) },
    ...facts,
    ...(url === undefined ? {} : { url }),
    plain,
    dropped,
  }
}

function readTree(page: HtmlElement, options: HtmlOptions): { markdown: string; dropped: string[] } {
  const footnotes = takeFootnotes(page)
  const { root, dropped } = mainContent(page)
  const write = (nodes: HtmlNode[]): string => nodesToMarkdown(nodes, options)
  const writer = new FootnoteWriter(footnotes, write)
  const markdown = [writer.text(write(root.children)), writer.rest()].filter((text) => text !== '').join('\n\n')
  return { markdown, dropped: [...dropped, ...footnotes.dropped] }
}

/** Whether the main content can be found in reasonable time; a larger page is converted as a whole. */
function isModest(html: string): boolean {
  let tags = 0
  for (let i = html.indexOf('<'); i >= 0 && tags <= TREE_TAGS_MAX; i = html.indexOf('<', i + 1)) tags++
  return tags <= TREE_TAGS_MAX
}

/** The address that a page declares for itself; a fetched page can declare only addresses of its own host. */
function canonical(declared: string | undefined, fetched: string | undefined): string | undefined {
  if (declared === undefined || !URL.canParse(declared, fetched)) return undefined
  const url = new URL(declared, fetched)
  const host = (address: URL): string => address.hostname.replace(/^www\./, '')
  if (!/^https?:$/.test(url.protocol) || (fetched !== undefined && host(url) !== host(new URL(fetched))))
    return undefined
  return url.href
}

/** The base of relative links: the address in the page's `base` element, itself relative to the page's own. */
function baseOf(named: string | undefined, url: string | undefined): string | undefined {
  if (named === undefined || !URL.canParse(named, url)) return url
  const base = new URL(named, url)
  return /^https?:$/.test(base.protocol) ? base.href : url
}

/** A page filled by scripts has no text until they run. */
function refuseShell(page: HtmlElement, blocks: number, task: ConvertTask): void {
  if (blocks > 0) return
  const elements = elementsOf(page)
  if (elements.some(({ name }) => name === 'frameset'))
    throw new DocumentError(
      'empty',
      `${task.label} has no text of its own: it shows other pages in frames.`,
      'Add the pages in its frames.',
    )
  const isShell = elements.some(({ name }) => name === 'script')
  const hasPictures = elements.some(
    (each) => each.name === 'img' && (attribute(each, 'alt') ?? attribute(each, 'src') ?? '') !== '',
  )
  if (!isShell || hasPictures) return
  throw new DocumentError(
    'empty',
    `${task.label} has no text: scripts fill it in when it is opened.`,
    'Open it in a browser, save the page there, and add that.',
  )
}

/** An abstract from the head, unless the text has it too. */
function withDescription(markdown: string, description: string | undefined): string {
  const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()
  if (description === undefined || letters(markdown).includes(letters(description))) return markdown
  const [first = '', ...rest] = markdown.split('\n\n')
  const blocks = first.startsWith('# ')
    ? [first, escapeText(description), ...rest]
    : [escapeText(description), first, ...rest]
  return blocks.filter((block) => block !== '').join('\n\n')
}
