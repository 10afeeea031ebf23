// What a page is to search, and which document it belongs to, decided from its path alone.
import { CONCEPTS, ENTITIES, EXPLORATIONS, REPORTS, SOURCES, SUMMARIES } from '../layout.ts'

/** What search indexes. `source`: text of a short document. `pages`: page text of a long one. `tree`: its sections. */
export const INDEXED_KINDS = [
  'source',
  'pages',
  'tree',
  'summary',
  'concept',
  'entity',
  'exploration',
  'report',
] as const
export type IndexedKind = (typeof INDEXED_KINDS)[number]

/** Page kinds as `search --kind` names them: page text counts as source, a section of a tree is a node. */
export const PAGE_KINDS = ['source', 'summary', 'concept', 'entity', 'exploration', 'report', 'node'] as const
export type PageKind = (typeof PAGE_KINDS)[number]

const FOLDERS: [folder: string, kind: IndexedKind][] = [
  [SUMMARIES, 'summary'],
  [CONCEPTS, 'concept'],
  [ENTITIES, 'entity'],
  [EXPLORATIONS, 'exploration'],
  [REPORTS, 'report'],
]

/** The kind of the page at `path`, relative to the base, or undefined if search does not read it. */
export function pageKind(path: string): IndexedKind | undefined {
  if (path.startsWith(`${SOURCES}/`)) {
    if (path.endsWith('.tree.json')) return 'tree'
    if (path.endsWith('.json')) return 'pages'
    return path.endsWith('.md') ? 'source' : undefined
  }
  if (!path.endsWith('.md')) return undefined
  return FOLDERS.find(([folder]) => path.startsWith(`${folder}/`))?.[1]
}

export function searchKind(kind: IndexedKind): PageKind {
  switch (kind) {
    case 'pages':
      return 'source'
    case 'tree':
      return 'node'
    case 'source':
    case 'summary':
    case 'concept':
    case 'entity':
    case 'exploration':
    case 'report':
      return kind
  }
}

/** The file's name without folder, extension, and the `--2` of a continuation page. */
export function pageName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/(?:\.tree\.json|\.json|(?:--\d+)?\.md)$/, '')
}

/**
 * The summary page of the document that a source, its page text or its tree belongs to: same shard, same name. It has
 * the title that the text itself may lack.
 */
export function summaryOf(path: string): string | undefined {
  if (!path.startsWith(`${SOURCES}/`)) return undefined
  return `${SUMMARIES}${path.slice(SOURCES.length).replace(/(?:\.tree\.json|\.json|\.md)$/, '')}.md`
}
