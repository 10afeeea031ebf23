// `kbgit export okf`: an Open Knowledge Format bundle, version 0.2: a folder of Markdown pages with a type in their front
// matter, links from the bundle's root, an index in each folder and a log.
import type { DocumentRecord } from '../../core/document/document.ts'
import { renderFrontMatter, type FrontMatter } from '../../core/page/page.ts'
import type { ExportFile } from '../../io/export-folder.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { timeline } from '../../read/timeline.ts'
import {
  portableBase,
  portableTexts,
  PORTABLE_FOLDERS,
  type PortableBase,
  type PortableKind,
  type PortablePage,
  type PortableText,
} from './portable.ts'

const OKF_VERSION = '0.2'
const TITLES: Record<PortableKind, string> = {
  theme: 'Themes',
  document: 'Documents',
  concept: 'Concepts',
  entity: 'Entities',
  exploration: 'Saved answers',
  text: 'Texts of the documents',
}
const TYPES: Record<PortableKind, string> = {
  theme: 'Theme',
  document: 'Document',
  concept: 'Concept',
  entity: 'Entity',
  exploration: 'Exploration',
  text: 'Reference',
}

export async function* okfFiles(reader: BaseReader, at: string): AsyncGenerator<ExportFile> {
  const base = await portableBase(reader, at)
  const listed = new Map<PortableKind, string[]>()
  for await (const page of portableTexts(reader, base, (to) => `/${to}`)) {
    yield { path: page.path, content: `${renderFrontMatter(frontOf(page, base))}${page.body}` }
    const file = page.path.slice(page.path.lastIndexOf('/') + 1)
    const about = page.description === '' ? '' : ` - ${oneLine(page.description)}`
    const lines = listed.get(page.kind) ?? []
    lines.push(`* [${label(page.title)}](${encoded(file)})${about}`)
    listed.set(page.kind, lines)
  }
  for (const { path, oid } of base.images)
    yield { path: base.exported.get(path) ?? '', content: reader.history.stream(oid) }
  const folders: string[] = []
  for (const [kind, folder] of Object.entries(PORTABLE_FOLDERS) as [PortableKind, string][]) {
    const lines = listed.get(kind) ?? []
    if (lines.length === 0) continue
    yield { path: `${folder}/index.md`, content: `# ${TITLES[kind]}\n\n${lines.join('\n')}\n` }
    folders.push(`* [${TITLES[kind]}](${folder}/) - ${lines.length} ${lines.length === 1 ? 'page' : 'pages'}`)
  }
  const root = `# ${oneLine(base.title)}\n\n${folders.join('\n')}\n`
  yield { path: 'index.md', content: `---\nokf_version: "${OKF_VERSION}"\n---\n\n${root}` }
  yield { path: 'log.md', content: await logOf(reader, at, base) }
}

function frontOf(page: PortablePage & PortableText, base: PortableBase): FrontMatter {
  const { kind, front, title, description, record } = page
  const type =
    kind === 'entity' && typeof front['entity_type'] === 'string' ? capital(front['entity_type']) : TYPES[kind]
  const common = { type, title, ...(description === '' ? {} : { description: oneLine(description) }) }
  if (record !== undefined) return { ...common, ...documentFront(page, record) }
  const from = kind === 'concept' || kind === 'entity' ? recordsOf(front['sources'], base) : []
  const newest = from.toSorted((a, b) => (a.addedAt < b.addedAt ? 1 : -1))[0]
  return {
    ...common,
    ...(Array.isArray(front['aliases']) && front['aliases'].length > 0 ? { aliases: front['aliases'] } : {}),
    ...(from.length === 0 ? {} : { sources: from.map((source) => sourceOf(source, base)) }),
    ...(newest === undefined ? {} : { generated: generated(newest) }),
  }
}

function documentFront({ kind, front }: PortablePage & PortableText, record: DocumentRecord): FrontMatter {
  const web = /^https?:\/\//.test(record.origin) ? { resource: record.origin } : {}
  if (kind === 'text') return { ...web, format: record.format, generated: generated(record) }
  const kept = ['author', 'date', 'tags', 'aliases', 'language'].flatMap((key) =>
    front[key] === undefined ? [] : [[key, front[key]] as const],
  )
  const text = `/${PORTABLE_FOLDERS.text}/`
  return {
    ...web,
    ...Object.fromEntries(kept),
    format: record.format,
    ...(record.pages === undefined ? {} : { pages: record.pages }),
    sha256: record.sha256,
    sources: [{ id: record.name, resource: `${text}${fileOf(record.name)}`, title: record.title }],
    generated: generated(record),
  }
}

/** Reserved names are written with an underscore; see `portable.ts`. */
function fileOf(name: string): string {
  return encoded(/^(?:index|log)$/i.test(name) ? `${name}_.md` : `${name}.md`)
}

function recordsOf(names: unknown, { records }: PortableBase): DocumentRecord[] {
  return Array.isArray(names) ? names.flatMap((name) => records.get(String(name)) ?? []) : []
}

function sourceOf({ name, title, summary }: DocumentRecord, { exported }: PortableBase): object {
  return { id: name, resource: `/${encoded(exported.get(summary) ?? '')}`, title }
}

function generated({ compiler, model, addedAt }: DocumentRecord): object {
  return { by: `kbgit/${model ?? compiler}`, at: addedAt }
}

const LOGGED = [
  ['added', 'Creation', 'Added'],
  ['updated', 'Update', 'Updated'],
  ['recompiled', 'Update', 'Compiled again'],
  ['removed', 'Removal', 'Removed'],
] as const

async function logOf(reader: BaseReader, at: string, base: PortableBase): Promise<string> {
  const days = new Map<string, string[]>()
  for (const entry of (await timeline(reader, { at })).entries) {
    const lines = LOGGED.flatMap(([list, word, verb]) =>
      entry[list].map((name) => {
        const record = base.records.get(name)
        const to = record === undefined ? undefined : base.exported.get(record.summary)
        const shown = to === undefined ? `\`${name}\`` : `[${label(record?.title ?? name)}](/${encoded(to)})`
        return `* **${word}**: ${verb} ${shown}.`
      }),
    )
    const said = lines.length > 0 ? lines : [`* **Update**: ${oneLine(entry.text)}`]
    const day = entry.to.slice(0, 10)
    days.set(day, [...(days.get(day) ?? []), ...said])
  }
  const newestFirst = [...days].sort(([a], [b]) => (a < b ? 1 : -1))
  return `# Update log\n${newestFirst.map(([day, lines]) => `\n## ${day}\n\n${lines.join('\n')}\n`).join('')}`
}

function label(text: string): string {
  return oneLine(text).replace(/[[\]\\]/g, '\\$&')
}

function encoded(path: string): string {
  return encodeURI(path).replace(/[()#?]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
