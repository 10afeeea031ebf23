// Reads a feed for its entries: RSS 0.9 to 2.0 and Atom. A feed is untrusted: size, number of entries and the length of
// what is kept are bounded, and entities are refused as in any XML.
import { DocumentError } from '../core/errors.ts'
import { plain, markupOf } from './convert/rss.ts'
import { child, local, readXml, textOf, xmlTree, type XmlElement } from './convert/xml-source.ts'
import { attributeOf } from './html-tokens.ts'

export type Feed = { title: string; entries: FeedEntry[] }

/** Texts of an entry are untrusted. */
export type FeedEntry = {
  /** What the feed says that it is, else its link, else its text. Of any length. */
  id: string
  /** http or https. */
  link?: string | undefined
  /** Plain text, on one line; '' if it has none. */
  title: string
  /** HTML: the longest of the elements that may have the content. */
  content: string
  /** Milliseconds since the epoch. */
  time?: number | undefined
}

/** A feed as it was fetched. `url`: where from, as the base of relative links. */
export type FeedFile = { path: string; size: number; url: string; encoding?: string | undefined }

const FEED_BYTES_MAX = 16 * 1024 * 1024
const ENTRIES_MAX = 10_000
const LINK_CHARS_MAX = 2_048
const TITLE_CHARS_MAX = 300
const DATE_CHARS_MAX = 100

/** The newest entry first. Throws `DocumentError`: `unsupported` for what is not a feed, `tooLarge`, `bomb`. */
export async function readFeed({ path, size, url, encoding }: FeedFile): Promise<Feed> {
  if (size > FEED_BYTES_MAX)
    throw new DocumentError('tooLarge', `${url} has ${size} bytes.`, `A feed may have ${FEED_BYTES_MAX}.`)
  const text = await readXml({ path, size, label: url, encoding })
  const root = xmlTree(text, url).find((element) => /^(?:rss|RDF|feed)$/.test(local(element)))
  const channel = root === undefined ? undefined : local(root) === 'feed' ? root : child(root, 'channel')
  if (root === undefined || channel === undefined)
    throw new DocumentError('unsupported', `${url} is not an RSS or Atom feed.`, 'List a page with "url:" instead.')
  const entries = [...channel.children, ...(channel === root ? [] : root.children)].filter((element) =>
    /^(?:item|entry)$/.test(local(element)),
  )
  if (entries.length > ENTRIES_MAX)
    throw new DocumentError('bomb', `${url} has ${entries.length} entries.`, `A feed may have ${ENTRIES_MAX}.`)
  return { title: titleOf(channel), entries: newestFirst(entries.map((entry) => entryOf(entry, url))) }
}

function entryOf(entry: XmlElement, url: string): FeedEntry {
  const link = linkOf(entry, url)
  const title = titleOf(entry)
  const content = ['encoded', 'content', 'description', 'summary']
    .map((name) => entry.children.find((element) => local(element) === name))
    .map((element) => (element === undefined ? '' : markupOf(element).trim()))
    .reduce((longest, each) => (each.length > longest.length ? each : longest), '')
  const declared = child(entry, 'id', 'guid')
  const id = (declared === undefined ? '' : textOf(declared)) || attributeOf(entry.attributes, 'rdf:about')
  const date = child(entry, 'published', 'pubDate', 'updated', 'date')
  const time = date === undefined ? Number.NaN : Date.parse(textOf(date).slice(0, DATE_CHARS_MAX))
  return {
    id: id || link || `${title}\n${content}`,
    link,
    title,
    content,
    ...(Number.isNaN(time) ? {} : { time }),
  }
}

/** Its page: the link to it, else a permanent identifier that is a full address. */
function linkOf(entry: XmlElement, url: string): string | undefined {
  const links = entry.children
    .filter((element) => local(element) === 'link')
    .filter((element) => (attributeOf(element.attributes, 'rel') ?? 'alternate') === 'alternate')
    .map((element) => addressOf(attributeOf(element.attributes, 'href') ?? element.text, url))
  const guid = child(entry, 'guid')
  if (guid !== undefined && attributeOf(guid.attributes, 'isPermaLink') !== 'false')
    links.push(addressOf(guid.text, undefined))
  return links.find((link) => link !== undefined)
}

/** Undefined for what cannot be fetched. */
function addressOf(text: string, base: string | undefined): string | undefined {
  const address = text.trim()
  if (address === '' || address.length > LINK_CHARS_MAX || !URL.canParse(address, base)) return undefined
  const link = new URL(address, base)
  link.hash = ''
  return /^https?:$/.test(link.protocol) && link.username === '' && link.password === '' ? link.href : undefined
}

function titleOf(element: XmlElement): string {
  const title = child(element, 'title')
  return title === undefined
    ? ''
    : plain({ ...title, text: title.text.slice(0, 10 * TITLE_CHARS_MAX) }).slice(0, TITLE_CHARS_MAX)
}

/** By their dates if all have one, else in the feed's order. */
function newestFirst(entries: FeedEntry[]): FeedEntry[] {
  if (entries.some(({ time }) => time === undefined)) return entries
  return entries.toSorted((a, b) => (b.time ?? 0) - (a.time ?? 0))
}
