// RSS 0.9 to 2.0 and Atom (RFC 4287): each entry becomes a section with its date, author, link and content.
import { htmlToMarkdown } from '../html-markdown.ts'
import { attributeOf } from '../html-tokens.ts'
import type { Converted, Converter, ConvertTask } from './converter.ts'
import { storedImage } from './stored-image.ts'
import { escapeText, heading, target } from './markdown.ts'
import { child, local, readXml, xmlTree, type XmlElement } from './xml-source.ts'

export const convert: Converter = async (task) => {
  const [root] = xmlTree(await readXml(task), task.label).filter((element) => element.name !== '')
  const channel = root === undefined ? undefined : (child(root, 'channel') ?? root)
  if (root === undefined || channel === undefined) return { body: { kind: 'flow', markdown: '' } }
  const entries = [...channel.children, ...(channel === root ? [] : root.children)].filter((element) =>
    /^(?:item|entry)$/.test(local(element)),
  )
  const title = plain(child(channel, 'title'))
  const about = contentOf(child(channel, 'description', 'subtitle'), task)
  const blocks = [heading(1, escapeText(title)), about, ...entries.flatMap((entry) => sectionOf(entry, task))].filter(
    (block) => block !== '',
  )
  return { body: { kind: 'flow', markdown: blocks.join('\n\n') }, ...factsOf(channel, title) }
}

function sectionOf(entry: XmlElement, task: ConvertTask): string[] {
  const link = linkOf(entry)
  const facts = [
    plain(child(entry, 'pubDate', 'published', 'updated', 'date')),
    authorOf(entry),
    entry.children
      .filter((element) => local(element) === 'category')
      .map((element) => plain(element) || (attributeOf(element.attributes, 'term') ?? ''))
      .filter((name) => name !== '')
      .join(', '),
  ].filter((fact) => fact !== '')
  // The longest of the elements that may have the content: `description` is often only its beginning.
  const content = ['encoded', 'content', 'description', 'summary']
    .map((name) =>
      contentOf(
        entry.children.find((element) => local(element) === name),
        task,
      ),
    )
    .reduce((longest, each) => (each.length > longest.length ? each : longest), '')
  return [
    heading(2, escapeText(plain(child(entry, 'title')) || 'Untitled')),
    facts.length === 0 ? '' : `*${escapeText(facts.join(' · ')).replaceAll('*', '')}*`,
    link === undefined ? '' : `[${escapeText(link)}](${target(link)})`,
    // Headings in an entry go below the entry's own.
    content.replace(/^(#{1,4}) /gm, '##$1 '),
  ]
}

function factsOf(channel: XmlElement, title: string): Partial<Converted> {
  const facts: Partial<Converted> = {}
  if (title !== '') facts.title = title
  const author = authorOf(channel)
  if (author !== '') facts.author = author
  const date = plain(child(channel, 'lastBuildDate', 'pubDate', 'updated', 'date'))
  if (date !== '') facts.date = date
  const language = plain(child(channel, 'language')) || (attributeOf(channel.attributes, 'xml:lang') ?? '')
  if (language !== '') facts.language = language
  return facts
}

function authorOf(element: XmlElement): string {
  const author = child(element, 'creator', 'author', 'managingEditor')
  return author === undefined ? '' : plain(child(author, 'name') ?? author)
}

function linkOf(element: XmlElement): string | undefined {
  for (const link of element.children.filter((each) => local(each) === 'link')) {
    const relation = attributeOf(link.attributes, 'rel') ?? 'alternate'
    const address = attributeOf(link.attributes, 'href') ?? link.text.trim()
    if (relation === 'alternate' && /^https?:\/\//.test(address)) return address
  }
  return undefined
}

/** Text, escaped HTML or XHTML: an element's content as Markdown. */
function contentOf(element: XmlElement | undefined, task: ConvertTask): string {
  if (element === undefined) return ''
  return htmlToMarkdown(markupOf(element), { image: (source) => storedImage(source, task) })
}

/** Its content as HTML: text that is escaped HTML, or inline XHTML. */
export function markupOf(element: XmlElement): string {
  return element.children.length === 0 ? element.text : inlineMarkup(element)
}

/** Its text was already decoded, and remains text. */
function inlineMarkup(element: XmlElement): string {
  return element.content
    .map((part) =>
      typeof part === 'string'
        ? part.replace(/&/g, '&amp;').replace(/</g, '&lt;')
        : `<${local(part)} ${part.attributes}>${inlineMarkup(part)}</${local(part)}>`,
    )
    .join('')
}

/** Its text on one line, without markup. */
export function plain(element: XmlElement | undefined): string {
  return element === undefined
    ? ''
    : htmlToMarkdown(element.text)
        .replace(/\\([!-/:-@[-`{-~])/g, '$1')
        .replace(/\s+/g, ' ')
        .trim()
}
