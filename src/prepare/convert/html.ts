// Web pages: their main content, or the whole page if they have none, with what leads around the site left out.
import { DocumentError } from '../../core/errors.ts'
import { FootnoteWriter, takeFootnotes } from '../html-footnotes.ts'
import { mainContent } from '../html-main.ts'
import { htmlToMarkdown, nodesToMarkdown, type HtmlOptions } from '../html-markdown.ts'
import { plainOfHtml } from '../html-plain.ts'
import { attribute, elementsOf, parseHtml, type HtmlElement, type HtmlNode } from '../html-tree.ts'
import type { Converter, ConvertTask } from './converter.ts'
import { pageFacts } from './html-facts.ts'
import { escapeText } from './markdown.ts'
import { storedImage } from './stored-image.ts'
import { declaredEncoding, readText, unreadableNote } from './text-source.ts'

/** Angle brackets of a page whose main content is looked for. */
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
  const { markdown, dropped } = isModest(html)
    ? readTree(page, options)
    : { markdown: htmlToMarkdown(html, options), dropped: [] }
  return {
    body: { kind: 'flow', markdown: withDescription(markdown, description) },
    ...facts,
    ...(url === undefined ? {} : { url }),
    notes: unreadableNote(html),
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

/** Whether the main content can be looked for in reasonable time; a page beyond is taken whole. */
function isModest(html: string): boolean {
  let tags = 0
  for (let i = html.indexOf('<'); i >= 0 && tags <= TREE_TAGS_MAX; i = html.indexOf('<', i + 1)) tags++
  return tags <= TREE_TAGS_MAX
}

/** The address that a page gives itself; one that was fetched can speak for its own host alone. */
function canonical(declared: string | undefined, fetched: string | undefined): string | undefined {
  if (declared === undefined || !URL.canParse(declared, fetched)) return undefined
  const url = new URL(declared, fetched)
  const host = (address: URL): string => address.hostname.replace(/^www\./, '')
  if (!/^https?:$/.test(url.protocol) || (fetched !== undefined && host(url) !== host(new URL(fetched))))
    return undefined
  return url.href
}

/** What links are relative to: the address that the page names for it, itself relative to the page's own. */
function baseOf(named: string | undefined, url: string | undefined): string | undefined {
  if (named === undefined || !URL.canParse(named, url)) return url
  const base = new URL(named, url)
  return /^https?:$/.test(base.protocol) ? base.href : url
}

/** A page that scripts fill has no text until they run. */
function refuseShell(page: HtmlElement, blocks: number, task: ConvertTask): void {
  if (blocks > 0) return
  const elements = elementsOf(page)
  const isShell = elements.some(({ name }) => name === 'script')
  const hasPictures = elements.some(
    (each) => each.name === 'img' && (attribute(each, 'alt') ?? attribute(each, 'src') ?? '') !== '',
  )
  if (!isShell || hasPictures) return
  throw new DocumentError(
    'empty',
    `${task.label} has no text: it is the shell of a page that scripts fill.`,
    'Open it in a browser, save the page as the browser shows it, and add that.',
  )
}

/** An abstract that the head has, unless the text has it too. */
function withDescription(markdown: string, description: string | undefined): string {
  const letters = (text: string): string => text.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()
  if (description === undefined || letters(markdown).includes(letters(description))) return markdown
  const [first = '', ...rest] = markdown.split('\n\n')
  const blocks = first.startsWith('# ')
    ? [first, escapeText(description), ...rest]
    : [escapeText(description), first, ...rest]
  return blocks.filter((block) => block !== '').join('\n\n')
}
