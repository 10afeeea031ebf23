// EPUB: chapters in reading order, their headings, images and metadata (EPUB 3.3; EPUB 2's contents are read too).
import { posix } from 'node:path'
import { DocumentError } from '../../core/errors.ts'
import { attributeOf, decode } from '../html-tokens.ts'
import { htmlToMarkdown } from '../html-markdown.ts'
import { openArchive, type Archive } from './archive.ts'
import type { ConvertTask, Converted } from './converter.ts'
import { escapeText, heading } from './markdown.ts'

type Item = { path: string; type: string; properties: string }

/** Algorithms that only hide fonts; anything else locks the text (EPUB OCF 3.3, 4.4). */
const FONT_HIDING = /^http:\/\/(?:www\.idpf\.org\/2008\/embedding|ns\.adobe\.com\/pdf\/enc#RC)$/

export async function convert(task: ConvertTask): Promise<Converted> {
  const archive = await openArchive(task)
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
  const chapters = [...new Set(spine)].filter(
    (item) => /html|xml/.test(item.type) && !/\bnav\b/.test(item.properties) && archive.has(item.path),
  )
  const titles = chapterTitles(archive, [...items.values()])
  async function* markdown(): AsyncGenerator<string> {
    for (const { path } of chapters) {
      const text = chapter(archive, path, task)
      const title = titles.get(path)
      const headed = /^#{1,6} /m.test(text)
      if (text !== '') yield title === undefined || headed ? text : `${heading(1, escapeText(title))}\n\n${text}`
    }
  }
  return { ...metadata(opf), body: { kind: 'flow', markdown: markdown() } }
}

function refuseLocked(archive: Archive, label: string): void {
  const encryption = archive.readText('META-INF/encryption.xml')
  const methods = [...(encryption ?? '').matchAll(/EncryptionMethod\s([^>]*)>/g)].map(
    (match) => attributeOf(match[1] ?? '', 'Algorithm') ?? '',
  )
  if (archive.has('META-INF/rights.xml') || methods.some((method) => !FONT_HIDING.test(method))) {
    throw new DocumentError(
      'encrypted',
      `${label} is encrypted: its shop locked it.`,
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

/** A name of a member, from a reference in the file of a folder: percent signs decoded, fragment dropped. */
function resolve(folder: string, href: string): string {
  const bare = href.split('#')[0] ?? ''
  let name = bare
  try {
    name = decodeURIComponent(bare)
  } catch {
    // A stray percent sign stands for itself.
  }
  return posix.normalize(posix.join(folder, name)).replace(/^(?:\.\.?\/)+/, '')
}

/** What the table of contents calls each file: `nav` of EPUB 3, `ncx` of EPUB 2. */
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

function chapter(archive: Archive, path: string, task: ConvertTask): string {
  const html = archive.readText(path) ?? ''
  // Links to other chapters lead nowhere outside of the book: their text stays.
  const outside = html.replace(
    /(<a(?:\s[^>]{0,2000}?)?)\shref\s*=\s*(?:"(?!https?:|mailto:|#)[^"]*"|'(?!https?:|mailto:|#)[^']*')/gi,
    '$1',
  )
  return htmlToMarkdown(outside, {
    image: (source) => {
      const bytes = archive.read(resolve(posix.dirname(path), source))
      return bytes === undefined ? undefined : task.images.add(bytes)
    },
  }).trim()
}

function metadata(opf: string): Pick<Converted, 'title' | 'author' | 'date' | 'language'> {
  const texts = (name: string): string[] =>
    [...opf.matchAll(new RegExp(`<dc:${name}(?:\\s[^>]*)?>([\\s\\S]*?)</dc:${name}>`, 'g'))]
      .map((match) =>
        decode((match[1] ?? '').replace(/<[^>]*>/g, ''))
          .replace(/\s+/g, ' ')
          .trim(),
      )
      .filter((text) => text !== '')
  const [title] = texts('title')
  const author = texts('creator').join(', ')
  const [date] = texts('date')
  const [language] = texts('language')
  return {
    ...(title === undefined ? {} : { title }),
    ...(author === '' ? {} : { author }),
    ...(date === undefined ? {} : { date }),
    ...(language === undefined ? {} : { language }),
  }
}
