// The documents that are searched: notes, READMEs of packages, manual pages in English and German, and a folder of many formats.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { readManual } from './roff.ts'

/** `name` is the document's name in the base. */
export type Document = { name: string; title: string; text: string }
export type Corpus = { name: string; documents: Document[] }

const README_BYTES_MIN = 3_000
const MANUALS_MAX = 150
const MANUAL_CHARACTERS_MIN = 2_000
/** A hundred pages of one program in the same words are no corpus. */
const OF_A_KIND = /^gcloud/

export function notes(folder: string): Document[] {
  return listed(folder)
    .filter((file) => file.endsWith('.md'))
    .map((file) => {
      const name = basename(file, '.md')
      const title = name.replace(/^\d+[-_]/, '').replace(/[-_]+/g, ' ')
      return { name, title, text: readFileSync(join(folder, file), 'utf8') }
    })
}

/** One for each package that is installed beside this file, by the package's name. */
export function readmes(modules: string): Document[] {
  const packages = listed(modules).flatMap((name) =>
    name.startsWith('@') ? listed(join(modules, name)).map((inner) => `${name}/${inner}`) : [name],
  )
  return packages.flatMap((name) => {
    const file = listed(join(modules, name)).find((each) => /^readme\.md$/i.test(each))
    const text = file === undefined ? '' : readFileSync(join(modules, name, file), 'utf8')
    if (Buffer.byteLength(text) < README_BYTES_MIN) return []
    return [{ name: documentName(name), title: topHeading(text) ?? name, text }]
  })
}

/** A package's name as the name of a file and of a document. */
export function documentName(name: string): string {
  return name.replace(/^@/, '').replaceAll('/', '-')
}

/** The same pages on the same machine: those whose names have the lowest digests. */
export function manuals(folders: string[]): Document[] {
  const files = folders.flatMap((folder) => listed(folder).map((file) => join(folder, file)))
  const found = new Map<string, Document>()
  // Several commands may share a page.
  const texts = new Set<string>()
  for (const file of files.sort((a, b) => (digest(basename(a)) < digest(basename(b)) ? -1 : 1))) {
    const name = basename(file)
      .replace(/\.gz$/, '')
      .replace(/[.:+]+/g, '-')
    if (found.size === MANUALS_MAX || !/^\w/.test(name) || OF_A_KIND.test(name) || found.has(name)) continue
    const bytes = readFileSync(file)
    const manual = readManual((file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString())
    if (manual === undefined || manual.text.length < MANUAL_CHARACTERS_MIN || texts.has(manual.text)) continue
    texts.add(manual.text)
    found.set(name, { name, ...manual })
  }
  return [...found.values()]
}

/** Whether queries about this document are for reporting: half of all, whatever else is in the corpus. */
export function isHeldOut({ name }: Document): boolean {
  return Number.parseInt(digest(name).slice(0, 2), 16) % 2 === 1
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function topHeading(text: string): string | undefined {
  const heading = /^#[ \t]+(.+)$/m.exec(text)?.[1]
  const plain = heading?.replace(/!?\[([^\][]*)\]\([^()]*\)|<[^<>]*>|[`*]/g, '$1').trim()
  return plain === '' ? undefined : plain
}

function listed(folder: string): string[] {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => !name.startsWith('.'))
        .sort()
    : []
}
