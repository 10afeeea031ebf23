// The wiki of a commit as Markdown that any program reads: links between pages are ordinary ones, pages of one topic are
// one page, and each document's text is a page.
import type { DocumentRecord } from '../../core/document/document.ts'
import { parsePages } from '../../core/document/stored-text.ts'
import { CONCEPTS, ENTITIES, EXPLORATIONS, IMAGES, INDEX_PAGE, splitPart, THEMES } from '../../core/layout.ts'
import { pageName } from '../../core/page/page-kind.ts'
import { parsePage, renderPage, splitFrontMatter, type FrontMatter } from '../../core/page/page.ts'
import { replaceLinks, resolveLink } from '../../core/page/wiki-links.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { listingAt } from '../../read/listing.ts'
import { recordsIn } from '../../read/records.ts'

export const PORTABLE_FOLDERS = {
  theme: 'themes',
  document: 'documents',
  concept: 'concepts',
  entity: 'entities',
  exploration: 'explorations',
  text: 'references',
} as const
export type PortableKind = keyof typeof PORTABLE_FOLDERS

export type PortablePage = {
  kind: PortableKind
  /** In the export, e.g. `concepts/x.md`. */
  path: string
  /** In the base; several of a topic that continues. */
  files: { path: string; oid: string }[]
  /** Of a document or its text. */
  record?: DocumentRecord | undefined
}

export type PortableText = { front: FrontMatter; title: string; description: string; body: string }

export type PortableBase = {
  title: string
  records: ReadonlyMap<string, DocumentRecord>
  /** By kind in the order of the folders above, then by path. */
  pages: PortablePage[]
  /** From path in the base to path in the export, pictures included. */
  exported: ReadonlyMap<string, string>
  images: { path: string; oid: string }[]
}

/** Names that formats of folders of Markdown reserve. */
const RESERVED = new Set(['index', 'log'])
const FOLDERS: [PortableKind, string][] = [
  ['theme', THEMES],
  ['concept', CONCEPTS],
  ['entity', ENTITIES],
  ['exploration', EXPLORATIONS],
]

export async function portableBase(reader: BaseReader, at: string): Promise<PortableBase> {
  const oids = new Map<string, string>()
  for await (const { path, oid } of reader.history.list(at, ['wiki'])) oids.set(path, oid)
  const records = new Map<string, DocumentRecord>()
  const { files } = await listingAt(reader, at)
  for await (const { record } of recordsIn(reader.history, at, files)) records.set(record.name, record)
  const pages = new Map<string, PortablePage>()
  const exported = new Map<string, string>()
  const add = (kind: PortableKind, path: string, record?: DocumentRecord): void => {
    const oid = oids.get(path)
    if (oid === undefined) return
    const to = freePath(kind, kind === 'text' ? (record?.name ?? '') : pageName(splitPart(path).first), path, exported)
    const page = pages.get(to) ?? { kind, path: to, files: [], record }
    page.files.push({ path, oid })
    pages.set(to, page)
    exported.set(path, to)
  }
  for (const record of [...records.values()].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    add('document', record.summary, record)
    add('text', record.source, record)
  }
  const images: PortableBase['images'] = []
  const paths = [...oids.keys()].sort((a, b) => splitPart(a).part - splitPart(b).part || (a < b ? -1 : 1))
  for (const path of paths) {
    const kind = path.endsWith('.md') ? FOLDERS.find(([, folder]) => path.startsWith(`${folder}/`))?.[0] : undefined
    if (kind !== undefined) add(kind, path)
    if (!path.startsWith(`${IMAGES}/`)) continue
    images.push({ path, oid: oids.get(path) ?? '' })
    exported.set(path, `${PORTABLE_FOLDERS.text}/images/${path.slice(IMAGES.length + 1)}`)
  }
  const order = Object.keys(PORTABLE_FOLDERS)
  return {
    title: await titleOf(reader, at),
    records,
    pages: [...pages.values()].sort(
      (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind) || (a.path < b.path ? -1 : 1),
    ),
    exported,
    images,
  }
}

async function titleOf({ history }: BaseReader, at: string): Promise<string> {
  const { title } = splitFrontMatter((await history.page(at, INDEX_PAGE))?.toString() ?? '').front
  return typeof title === 'string' && title !== '' ? title : 'Knowledge base'
}

/** Names are unique in their folders, but for the reserved ones. A later page of a topic goes to its first one. */
function freePath(kind: PortableKind, name: string, from: string, exported: Map<string, string>): string {
  const first = exported.get(splitPart(from).first)
  if (first !== undefined && splitPart(from).part > 1) return first
  let free = name
  if (RESERVED.has(name.toLowerCase())) {
    const taken = new Set(exported.values())
    do free += '_'
    while (taken.has(`${PORTABLE_FOLDERS[kind]}/${free}.md`))
  }
  return `${PORTABLE_FOLDERS[kind]}/${free}.md`
}

/**
 * The pages with their texts, in order. `href` makes the address of a path of the export for a page that links it; a link
 * that leads nowhere is its text alone.
 */
export async function* portableTexts(
  { history }: BaseReader,
  { pages, exported }: PortableBase,
  href: (to: string, from: string) => string,
): AsyncGenerator<PortablePage & PortableText> {
  const files = pages.flatMap((page) => page.files.map((file) => ({ page, file })))
  let parts: string[] = []
  for await (const { item, body } of history.contents(files, ({ file }) => file.oid)) {
    const { page, file } = item
    const linked = (text: string): string =>
      replaceLinks(text, (link) => {
        const to = resolveLink(file.path, link)
          .map((path) => exported.get(path))
          .find((path) => path !== undefined)
        // A heading of the page itself stays a link.
        if (to === undefined) return link.target === '' ? undefined : plain(link.shown)
        const image = to.startsWith(`${PORTABLE_FOLDERS.text}/images/`) ? '!' : ''
        return `${image}[${plain(link.shown)}](${encoded(href(to, page.path))})`
      })
    parts.push(file.path.endsWith('.json') ? pagesText(body.toString(), linked) : linked(body.toString()))
    if (file !== page.files.at(-1)) continue
    yield { ...page, ...joined(parts, page) }
    parts = []
  }
}

/** A long text: each page of the original under a heading. */
function pagesText(json: string, linked: (text: string) => string): string {
  const pages = parsePages(json) ?? []
  return pages.map(({ page, content }) => `## Page ${page}\n\n${linked(content).trim()}\n`).join('\n')
}

function joined(parts: string[], { kind, path, record }: PortablePage): PortableText {
  const [first = '', ...others] = parts
  const { front, body } = splitFrontMatter(first)
  const title = kind === 'text' ? record?.title : front['title']
  const description = kind === 'text' ? undefined : front['description']
  const sections = others.flatMap((part) => parsePage(part).sections)
  return {
    front,
    title: typeof title === 'string' && title !== '' ? title : pageName(path),
    description: typeof description === 'string' ? description : '',
    body:
      sections.length === 0
        ? `${body.trim()}\n`
        : `${body.trim()}\n\n${renderPage({ front: {}, intro: '', sections })}`,
  }
}

/** Link texts of a wikilink are plain; those of Markdown links may have marks, which stay. */
function plain(shown: string): string {
  return shown.replace(/(?<!\\)[[\]]/g, '\\$&')
}

function encoded(path: string): string {
  return encodeURI(path).replace(/[()#?]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}
