// Web pages: their main content, or the whole page where they have none.
import type { Converted, Converter } from './converter.ts'
import { htmlToMarkdown, type HtmlOptions } from '../html-markdown.ts'
import { attributeOf, decode, tokenize } from '../html-tokens.ts'
import { takeFootnotes, withFootnotes, type PageNode } from './html-footnotes.ts'
import { declaredEncoding, readText } from './text-source.ts'
import { storedImage } from './stored-image.ts'

const DECLARATION = /<meta[^>]+charset\s*=\s*["']?([\w-]+)/i
/** Characters up to which a tree is made of a page to find its main content. */
const TREE_CHARACTERS_MAX = 8 * 1024 * 1024
/** Angle brackets up to which that is done: finding the main content asks every element hundreds of questions. */
const TREE_TAGS_MAX = 60_000
/** Elements inside one another, up to which that is done. */
const TREE_DEPTH_MAX = 300
/** The main content must have this part of the words of the page, or this many, to stand for it. */
const MAIN_PART_MIN = 0.1
const MAIN_WORDS_MIN = 120
/** A page with no more words than this is taken whole: there is little in it to leave out, and much to lose. */
const WHOLE_WORDS_MAX = 200

export const convert: Converter = async (task) => {
  const html = await readText({ ...task, encoding: task.encoding ?? (await declaredEncoding(task, DECLARATION, 2048)) })
  const { url: declared, ...facts } = pageFacts(html)
  const url = canonical(declared, task.url)
  const base = task.url ?? url
  const options: HtmlOptions = {
    image: (source, own) => task.beside?.(own) ?? storedImage(source, task),
    ...(base === undefined ? {} : { url: base }),
  }
  const main = isModest(html) ? await mainContent(html, base) : undefined
  const whole = (): string => htmlToMarkdown(html, { ...options, withoutNavigation: true })
  let markdown =
    main === undefined ? whole() : withFootnotes(htmlToMarkdown(main.content, options), main.notes, options)
  if (main !== undefined && words(markdown) < MAIN_WORDS_MIN) {
    const all = whole()
    if (words(all) < WHOLE_WORDS_MAX || words(markdown) < words(all) * MAIN_PART_MIN) markdown = all
  }
  return { body: { kind: 'flow', markdown }, ...facts, ...main?.facts, ...(url === undefined ? {} : { url }) }
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

/**
 * Extractors that fetch must not: one document is one file. Standardising loses headings and their levels; scores and
 * patterns of content lose short lists.
 */
const EXTRACTION = { useAsync: false, standardize: false, removeLowScoring: false, removeContentPatterns: false }

type Main = { content: string; notes: string[]; facts: Partial<Converted> }

async function mainContent(html: string, url: string | undefined): Promise<Main | undefined> {
  const [{ parseHTML }, { Defuddle }] = await Promise.all([import('linkedom'), import('defuddle/node')])
  try {
    const { document } = parseHTML(html)
    const notes = takeFootnotes(document as unknown as PageNode)
    const result = await Defuddle(document as never, url, EXTRACTION)
    const facts: Partial<Converted> = {}
    if (result.title !== '') facts.title = result.title
    if (result.author !== '') facts.author = result.author
    if (result.published !== '') facts.date = result.published
    if (result.language !== '') facts.language = result.language
    return result.content.trim() === '' ? undefined : { content: result.content, notes, facts }
  } catch {
    // A page that it cannot take apart is taken whole.
    return undefined
  }
}

/** What the head says, where it says so plainly. */
function pageFacts(html: string): Partial<Converted> {
  const facts: Partial<Converted> = {}
  let title = ''
  let within = ''
  tokenize(html.slice(0, 512 * 1024), {
    text: (text) => {
      if (within === 'title' && title === '') title = text.replace(/\s+/g, ' ').trim()
    },
    open: (name, attributes) => {
      within = name
      if (name === 'html') {
        const language = attributeOf(attributes, 'lang')
        if (language !== undefined && language !== '') facts.language = language
      } else if (name === 'link' && /\bcanonical\b/i.test(attributes)) {
        const href = attributeOf(attributes, 'href')
        if (href !== undefined && facts.url === undefined) facts.url = href
      } else if (name === 'meta') {
        const key = (attributeOf(attributes, 'name') ?? attributeOf(attributes, 'property') ?? '').toLowerCase()
        const content = decode(attributeOf(attributes, 'content') ?? '').trim()
        if (content === '') return
        if (key === 'author' && facts.author === undefined) facts.author = content
        if (/^(?:article:published_time|date|dc\.date|dcterms\.created)$/.test(key) && facts.date === undefined)
          facts.date = content
      }
    },
    close: () => {
      within = ''
    },
  })
  if (title !== '') facts.title = title
  return facts
}

/** Whether a tree can be made of the page in reasonable time. */
function isModest(html: string): boolean {
  if (html.length > TREE_CHARACTERS_MAX) return false
  let tags = 0
  for (let at = html.indexOf('<'); at >= 0; at = html.indexOf('<', at + 1)) if (++tags > TREE_TAGS_MAX) return false
  return depthOf(html) <= TREE_DEPTH_MAX
}

function depthOf(html: string): number {
  let depth = 0
  let deepest = 0
  for (const match of html.matchAll(/<(\/?)([a-z][a-z0-9]*)\b/gi)) {
    if (/^(?:area|base|br|col|hr|img|input|link|meta|p|li|source|wbr)$/i.test(match[2] ?? '')) continue
    depth = match[1] === '/' ? Math.max(0, depth - 1) : depth + 1
    if (depth > deepest) deepest = depth
  }
  return deepest
}

function words(markdown: string): number {
  return markdown.split(/\s+/).length
}
