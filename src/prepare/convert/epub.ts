// EPUB: chapters in reading order, their headings, images and metadata (EPUB 3.3; the table of contents of EPUB 2 is
// supported too).
import { posix } from 'node:path'
import { DocumentError } from '../../core/errors.ts'
import { attributeOf, decode } from '../html-tokens.ts'
import { FootnoteWriter, takeFootnotes } from '../html-footnotes.ts'
import type { HtmlOptions } from '../html-inline.ts'
import { htmlToMarkdown, nodesToMarkdown } from '../html-markdown.ts'
import { plainOfHtml } from '../html-plain.ts'
import { elementsOf, parseHtml, type HtmlElement } from '../html-tree.ts'
import { openArchive, type Archive } from './archive.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { escapeText, heading } from './markdown.ts'

type Item = { path: string; type: string; properties: string }

/** Algorithms that only obfuscate fonts; any other one encrypts the text (EPUB OCF 3.3, 4.4). */
const FONT_HIDING = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/

/** Notes on files that are not among the chapters. */
const UNLISTED_MAX = 10

export async function convert(task: ConvertTask): Promise<Converted> {
  const archive = byAnyName(await openArchive(task))
  refuseLocked(archive, task.label)
  const container = archive.readText('META-INF/container.xml') ?? ''
  const root =
    attributeOf(/<(?:\w+:)?rootfile\s([^>]*)>/.exec(container)?.[1] ?? '', 'full-path') ??
    archive.names.find((name) => name.endsWith('.opf'))
  const opf = root === undefined ? undefined : archive.readText(root)
  if (root === undefined || opf === undefined)
    throw new DocumentError(
      'corrupt',
      `${task.label} is damaged: its package file is missing.`,
      'Download or export it again.',
    )
  const items = readManifest(opf, posix.dirname(root))
  const spine = [...opf.matchAll(/<(?:\w+:)?itemref\s([^>]*)>/g)].flatMap(
    (match) => items.get(attributeOf(match[1] ?? '', 'idref') ?? '') ?? [],
  )
  const chapters = [...new Set(spine)].filter((item) => /html|xml/.test(item.type) && !/\bnav\b/.test(item.properties))
  const titles = chapterTitles(archive, [...items.values()])
  const found = chapters.flatMap(({ path }) => {
    const html = archive.readText(path)
    return html === undefined ? [] : [{ path, html }]
  })
  const missing = chapters.filter(({ path }) => !archive.has(path)).map(({ path }) => path)
  const unlisted = [...items.values()].filter(
    (item) => /xhtml/.test(item.type) && !/\bnav\b/.test(item.properties) && !spine.includes(item),
  )
  const about = metadata(opf)
  const book = new Book(found, archive, task)
  async function* markdown(): AsyncGenerator<string> {
    if (about.text !== '') yield about.text
    for (const [i, { path }] of found.entries()) {
      const text = book.chapter(i)
      const title = titles.get(path)
      const headed = /^#{1,6} /m.test(text)
      if (text !== '') yield title === undefined || headed ? text : `${heading(1, escapeText(title))}\n\n${text}`
    }
    const rest = book.rest()
    if (rest !== '') yield rest
  }
  return {
    ...about.facts,
    body: { kind: 'flow', markdown: markdown() },
    notes: [
      ...missing.map(
        (path) => `The chapter "${titles.get(path) ?? posix.basename(path)}" is missing: the book has no file ${path}.`,
      ),
      ...unlisted
        .slice(0, UNLISTED_MAX)
        .map(({ path }) => `${path} was left out: the book does not list it among its chapters.`),
    ],
    plain: found.flatMap(({ html, path }) => plainOfHtml(html, titles.get(path) ?? posix.basename(path))),
    dropped: book.dropped,
  }
}

/** The names of a book's files, exact and in lower case: some programs pack them with different capitals. */
function byAnyName(archive: Archive): Archive {
  const key = (name: string): string => name.normalize('NFC').toLowerCase()
  const names = new Map(archive.names.map((name) => [key(name), name]))
  const own = (name: string): string => (archive.has(name) ? name : (names.get(key(name)) ?? name))
  return {
    ...archive,
    has: (name) => archive.has(own(name)),
    read: (name) => archive.read(own(name)),
    readText: (name) => archive.readText(own(name)),
  }
}

/** The chapters as one tree, because a book's notes may be in a chapter of their own. */
class Book {
  readonly #chapters: HtmlElement[]
  readonly #options: HtmlOptions[]
  readonly #notes: FootnoteWriter
  readonly dropped: string[]
  #current = 0

  constructor(found: { path: string; html: string }[], archive: Archive, task: ConvertTask) {
    const indexes = new Map(found.map(({ path }, i) => [path, i]))
    const root: HtmlElement = { name: '', attributes: '', children: [], parent: undefined }
    this.#chapters = found.map(({ path, html }, i) => {
      const chapter = parseHtml(html)
      chapter.name = 'div'
      chapter.parent = root
      for (const element of elementsOf(chapter)) placeIds(element, i, posix.dirname(path), indexes)
      return chapter
    })
    root.children = this.#chapters
    this.#options = found.map(({ path }) => ({
      image: (source) => {
        const bytes = archive.read(resolve(posix.dirname(path), source))
        return bytes === undefined ? undefined : task.images.add(bytes)
      },
    }))
    const footnotes = takeFootnotes(root)
    this.dropped = footnotes.dropped
    this.#notes = new FootnoteWriter(footnotes, (nodes) => nodesToMarkdown(nodes, this.#options[this.#current]))
  }

  chapter(i: number): string {
    this.#current = i
    return this.#notes.text(nodesToMarkdown(this.#chapters[i]?.children ?? [], this.#options[i])).trim()
  }

  rest(): string {
    return this.#notes.rest()
  }
}

/** Ids are unique only within a chapter; links within the book name the chapter by its number. */
function placeIds(element: HtmlElement, i: number, folder: string, indexes: Map<string, number>): void {
  if (element.attributes === '') return
  element.attributes = element.attributes
    .replace(/(\s(?:xml:)?id\s*=\s*["'])([^"']*)/i, (_, before: string, id: string) => `${before}c${i}-${id}`)
    .replace(/(\shref\s*=\s*)(?:"([^"]*)"|'([^']*)')/i, (_, before: string, double?: string, single?: string) => {
      const href = double ?? single ?? ''
      if (/^(?:https?|mailto):/i.test(href)) return `${before}"${href}"`
      const [file = '', fragment = ''] = href.split('#')
      const chapter = file === '' ? i : indexes.get(resolve(folder, file))
      // Outside of the book, a link to a place inside it leads nowhere: only its text is kept.
      return `${before}"#c${chapter ?? '-'}-${fragment}"`
    })
}

function refuseLocked(archive: Archive, label: string): void {
  const encryption = archive.readText('META-INF/encryption.xml')
  const methods = [...(encryption ?? '').matchAll(/EncryptionMethod\s([^>]*)>/g)].map(
    (match) => attributeOf(match[1] ?? '', 'Algorithm') ?? '',
  )
  if (archive.has('META-INF/rights.xml') || methods.some((method) => !FONT_HIDING.test(method))) {
    throw new DocumentError(
      'encrypted',
      `${label} is encrypted by its shop's copy protection.`,
      'Add a copy without copy protection.',
    )
  }
}

function readManifest(opf: string, folder: string): Map<string, Item> {
  const items = new Map<string, Item>()
  for (const match of opf.matchAll(/<(?:\w+:)?item\s([^>]*)>/g)) {
    const attributes = match[1] ?? ''
    const id = attributeOf(attributes, 'id')
    const href = attributeOf(attributes, 'href')
    if (id === undefined || href === undefined) continue
    items.set(id, {
      path: resolve(folder, href),
      type: attributeOf(attributes, 'media-type') ?? '',
      properties: attributeOf(attributes, 'properties') ?? '',
    })
  }
  return items
}

/** The name of a member from a reference in a file of `folder`: percent signs decoded, fragment dropped. */
function resolve(folder: string, href: string): string {
  const bare = href.split('#')[0] ?? ''
  let name = bare
  try {
    name = decodeURIComponent(bare)
  } catch {
    // A stray percent sign is literal.
  }
  return posix.normalize(posix.join(folder, name)).replace(/^(?:\.\.?\/)+/, '')
}

/** The title of each file in the table of contents: `nav` of EPUB 3, `ncx` of EPUB 2. */
function chapterTitles(archive: Archive, items: Item[]): Map<string, string> {
  const titles = new Map<string, string>()
  const add = (folder: string, href: string | undefined, label: string): void => {
    const title = decode(label.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim()
    const path = href === undefined ? undefined : resolve(folder, href)
    if (path !== undefined && title !== '' && !titles.has(path)) titles.set(path, title)
  }
  for (const { path, type, properties } of items) {
    const folder = posix.dirname(path)
    if (/\bnav\b/.test(properties)) {
      for (const match of (archive.readText(path) ?? '').matchAll(/<a\s([^>]*)>([\s\S]*?)<\/a>/g))
        add(folder, attributeOf(match[1] ?? '', 'href'), match[2] ?? '')
    } else if (/ncx/.test(type)) {
      for (const match of (archive.readText(path) ?? '').matchAll(
        /<navLabel>([\s\S]*?)<\/navLabel>\s*<content\s([^>]*)>/g,
      ))
        add(folder, attributeOf(match[2] ?? '', 'src'), match[1] ?? '')
    }
  }
  return titles
}

type About = { facts: Pick<Converted, 'title' | 'author' | 'date' | 'language'>; text: string }

/** The book's metadata from the package file: facts, and a text of whatever does not fit them. */
function metadata(opf: string): About {
  const texts = (name: string): string[] =>
    [...opf.matchAll(new RegExp(`<dc:${name}(?:\\s[^>]*)?>([\\s\\S]*?)</dc:${name}>`, 'g'))]
      .map((match) =>
        decode((match[1] ?? '').replace(/<!\[CDATA\[|\]\]>|<[^>]*>/g, ''))
          .replace(/\s+/g, ' ')
          .trim(),
      )
      .filter((text) => text !== '')
  const [title] = texts('title')
  const author = texts('creator').join(', ')
  const [date] = texts('date')
  const [language] = texts('language')
  const others = { Contributors: 'contributor', Publisher: 'publisher', Subjects: 'subject', Rights: 'rights' }
  const lines = Object.entries(others).flatMap(([label, name]) => {
    const found = texts(name).join(', ')
    return found === '' ? [] : [`- **${label}:** ${escapeText(found)}`]
  })
  // Shops write descriptions in HTML.
  const description = texts('description')
    .map((text) => htmlToMarkdown(text))
    .join('\n\n')
  return {
    facts: {
      ...(title === undefined ? {} : { title }),
      ...(author === '' ? {} : { author }),
      ...(date === undefined ? {} : { date }),
      ...(language === undefined ? {} : { language }),
    },
    text: [description, lines.join('\n')].filter((block) => block !== '').join('\n\n'),
  }
}
