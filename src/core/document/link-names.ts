// What a link calls a document, and which document it means. Names are looked up by keys: the last part of a path, or
// the last two, with case and Unicode form folded.
import { collisionKey } from '../page/slug.ts'
import type { DocumentLink, DocumentRecord } from './document.ts'

/** What a document can be called by. */
export type Named = Pick<DocumentRecord, 'name' | 'origin' | 'context' | 'aliases'>
/** The document that has a link. */
export type Linking = Pick<DocumentRecord, 'name' | 'origin' | 'context' | 'format'>

/** Documents by key and by origin: part of a `Catalog`. */
export type Names<D extends Named> = {
  documentByOrigin: (origin: string) => D | undefined
  documentsNamed: (key: string, limit: number) => D[]
}

const MARKDOWN_EXTENSION = /\.(?:md|markdown)$/i

/** Documents with the same key that are compared for one link. Beyond that, only an exact path is found for sure. */
const CANDIDATES_MAX = 200

/** The keys under which a document is found. */
export function documentKeys({ name, origin, aliases = [] }: Named): string[] {
  const [base, parent] = partsOf(origin).reverse()
  const names = base === undefined ? [] : [base, withoutMarkdown(base)]
  const placed = parent === undefined ? [] : names.map((one) => `${parent}/${one}`)
  return [...new Set([...names, ...placed, name, ...aliases].map(fold))].filter((key) => key !== '')
}

/** The keys of the documents that a link may mean. */
export function linkKeys({ to }: Pick<DocumentLink, 'to'>, from: Linking): string[] {
  const exact = isRelative(to) ? [lastTwo(besides(from, to))] : []
  return [...new Set([...exact, ...(isLoose(to, from) ? [lastTwo(namedParts(to))] : [])].map(fold))].filter(
    (key) => key !== '',
  )
}

/**
 * The document that a link on `from` leads to. A relative path is exact. A name means, as in Obsidian: the file at that
 * path from the folder that was added, else one in the note's own folder or below, else the one with the shortest path;
 * then a document with that alias, then one with that name.
 */
export function linkedDocument<D extends Named>(
  link: Pick<DocumentLink, 'to'>,
  from: Linking,
  names: Names<D>,
): D | undefined {
  const found = new Map<string, D>()
  const meet = (document: D | undefined): void => void (document !== undefined && found.set(document.name, document))
  for (const key of linkKeys(link, from)) {
    const documents = names.documentsNamed(key, CANDIDATES_MAX)
    for (const document of documents) meet(document)
    if (documents.length === CANDIDATES_MAX)
      for (const path of exactPaths(link.to, from))
        for (const end of ['', '.md']) meet(names.documentByOrigin(path + end))
  }
  let best: { document: D; rank: Rank } | undefined
  for (const document of found.values()) {
    const rank = rankOf(document, link.to, from)
    if (rank !== undefined && (best === undefined || compare(rank, best.rank) < 0)) best = { document, rank }
  }
  return best?.document
}

/** The lower the better: kind of match, difference in case, length of the path, and the name, which differs always. */
type Rank = [kind: number, otherCase: number, length: number, name: string]

function rankOf(document: Named, to: string, from: Linking): Rank | undefined {
  const path = partsOf(document.origin)
  const ranked = (kind: number, wanted: string): Rank => {
    const base = path.at(-1)?.normalize('NFC') ?? ''
    const same = wanted === base || wanted === withoutMarkdown(base)
    return [kind, same ? 0 : 1, path.length, document.name]
  }
  if (isRelative(to)) {
    const wanted = besides(from, to)
    if (path.length === wanted.length && endsWith(path, wanted)) return ranked(0, wanted.at(-1) ?? '')
  }
  if (!isLoose(to, from)) return undefined
  const wanted = namedParts(to)
  if (endsWith(path, wanted)) {
    const own = folderOf(from)
    const root = own.slice(0, Math.max(0, own.length - contextOf(from).length))
    const inRoot = startsWith(path, root)
    const kind = inRoot && path.length === root.length + wanted.length ? 1 : startsWith(path, own) ? 2 : inRoot ? 3 : 4
    return ranked(kind, wanted.at(-1) ?? '')
  }
  const whole = fold(wanted.join('/'))
  if (document.aliases?.some((alias) => fold(alias) === whole) === true) return ranked(5, '')
  return fold(document.name) === whole ? ranked(6, '') : undefined
}

function compare(a: Rank, b: Rank): number {
  for (const [index, value] of a.entries()) {
    const other = b[index] ?? 0
    if (value !== other) return value < other ? -1 : 1
  }
  return 0
}

/** Written from the document's own folder. */
function isRelative(to: string): boolean {
  return /^\.\.?\//.test(to)
}

/** Whether a file elsewhere may be meant: in a note, unless the path says otherwise. */
function isLoose(to: string, { format }: Linking): boolean {
  return to !== '' && !to.startsWith('../') && (format === 'md' || !isRelative(to))
}

function namedParts(to: string): string[] {
  return partsOf(to.replace(/^\.?\//, ''))
}

/** The parts of a path, or none of a URL. */
function partsOf(path: string): string[] {
  return /^[a-z][a-z0-9+.-]+:\/\//i.test(path) ? [] : path.split('/').filter((part) => part !== '' && part !== '.')
}

function folderOf({ origin }: Pick<Linking, 'origin'>): string[] {
  return partsOf(origin).slice(0, -1)
}

function contextOf({ context }: Pick<Linking, 'context'>): string[] {
  return partsOf(context ?? '')
}

function besides(from: Linking, to: string): string[] {
  const parts = folderOf(from)
  for (const part of partsOf(to)) {
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts
}

function exactPaths(to: string, from: Linking): string[] {
  const own = folderOf(from)
  const root = own.slice(0, Math.max(0, own.length - contextOf(from).length))
  return [isRelative(to) ? besides(from, to) : [...root, ...namedParts(to)]].map((parts) => `/${parts.join('/')}`)
}

function lastTwo(parts: string[]): string {
  return parts.slice(-2).join('/')
}

function withoutMarkdown(base: string): string {
  return base.replace(MARKDOWN_EXTENSION, '')
}

function fold(text: string): string {
  return collisionKey(text.trim())
}

function startsWith(path: string[], start: string[]): boolean {
  return path.length >= start.length && start.every((part, index) => part === path[index])
}

/** Whether a path ends in some parts; the extension of a note may be left out. */
function endsWith(path: string[], end: string[]): boolean {
  if (end.length === 0 || path.length < end.length) return false
  const last = fold(end.at(-1) ?? '')
  const base = fold(path.at(-1) ?? '')
  return (
    (last === base || last === withoutMarkdown(base)) &&
    end.slice(0, -1).every((part, index) => fold(part) === fold(path[path.length - end.length + index] ?? ''))
  )
}
