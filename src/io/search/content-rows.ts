// What the search store keeps of a file: its title, passages and sections.
import type { IndexedKind } from '../../core/page/page-kind.ts'
import { readTree, type OutlineNode } from '../../core/search/outline-nodes.ts'
import { readMarkdown, readPages, type Passage } from '../../core/search/passage.ts'

export type ContentRows = {
  title: string
  aliases: string[]
  language?: string
  passages: Passage[]
  nodes: OutlineNode[]
}

/** Pages that kbgit writes. */
const WIKI: ReadonlySet<IndexedKind> = new Set(['summary', 'concept', 'entity'])

/** Content that cannot be read as its kind has no passages. */
export function rowsOf(kind: IndexedKind, text: string): ContentRows {
  if (kind === 'pages') return { ...readPages(text), nodes: [] }
  if (kind !== 'tree') return { ...readMarkdown(text, { isWiki: WIKI.has(kind) }), nodes: [] }
  const { title, nodes } = readTree(text)
  const passages = nodes.map(({ title, startPage, summary }) => ({
    heading: title,
    page: startPage,
    text: summary,
    links: '',
  }))
  return { title, aliases: [], passages, nodes }
}
