// Pages and documents by address: `kbgit://page/wiki/concepts/tide.md`, `kbgit://document/tides`.
import { documentPaths, shardOf } from '../core/layout.ts'
import { KbError } from '../core/errors.ts'
import type { Kb } from '../api.ts'
import { documentOf, material, originLine, originOf } from './material.ts'

/** Characters of one resource; `read` goes on from there. */
const CHARACTERS_MAX = 100_000
/** Documents that are listed; the others are found by searching. */
const LISTED_MAX = 200

export const PAGE_TEMPLATE = 'kbgit://page/{+path}'
export const DOCUMENT_TEMPLATE = 'kbgit://document/{name}'

export type ListedResource = { uri: string; name: string; title: string; mimeType: string }

export function pageUri(path: string): string {
  return `kbgit://page/${path.split('/').map(encodeURIComponent).join('/')}`
}

function documentUri(name: string): string {
  return `kbgit://document/${encodeURIComponent(name)}`
}

/** The addresses under which the file at a path can be had: a document's are those of its summary and of its text. */
export function urisOf(path: string): string[] {
  const document = documentOf(path)
  return document === undefined ? [pageUri(path)] : [pageUri(path), documentUri(document)]
}

/** The front page and the documents, by name. Titles are documents' own words, so names stand in for them. */
export async function listResources(kb: Kb): Promise<ListedResource[]> {
  const { documents } = await kb.list()
  const index = {
    uri: pageUri('wiki/index.md'),
    name: 'index',
    title: 'Front page of the wiki',
    mimeType: 'text/markdown',
  }
  return [
    index,
    ...documents
      .slice(0, LISTED_MAX)
      .map(({ name }) => ({ uri: documentUri(name), name, title: name, mimeType: 'text/markdown' })),
  ]
}

/** The path of the page that an address names, or the text of the document. Throws `KbError` (`notFound`). */
async function pathOf(kb: Kb, uri: string, at: string): Promise<{ path: string; document?: string }> {
  const [, kind, rest = ''] = /^kbgit:\/\/(page|document)\/(.+)$/.exec(uri) ?? []
  const name = decoded(rest)
  if (kind === 'page' && name?.startsWith('wiki/') === true && !name.split('/').includes('..')) return { path: name }
  if (kind === 'document' && name !== undefined && !name.includes('/')) {
    const { documents } = await kb.list({ at })
    const found = documents.find((document) => document.name === name)
    if (found?.kind === 'short') return { path: found.source, document: name }
    if (found !== undefined)
      return { path: found.tree ?? documentPaths(name, shardOf(found.summary), '').summary, document: name }
  }
  throw new KbError('notFound', `There is no resource ${uri}.`)
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text)
  } catch {
    return undefined
  }
}

export async function readResource(kb: Kb, uri: string): Promise<{ text: string; meta: Record<string, unknown> }> {
  const at = await kb.resolve()
  const { path, document } = await pathOf(kb, uri, at)
  const text = (await kb.file(path, { at }))?.toString()
  if (text === undefined) throw new KbError('notFound', `There is no resource ${uri}.`)
  const origin = await originOf(kb, at, path, { document })
  const more = text.length > CHARACTERS_MAX ? `\nCut off: "read" goes on from ${CHARACTERS_MAX}.` : ''
  return { text: `${originLine(origin)}\n${material(text.slice(0, CHARACTERS_MAX))}${more}`, meta: { ...origin } }
}
