// The table of contents of a document: headings into an outline with page ranges, and an outline into the tree of a
// long document, with the field names of PageIndex (https://github.com/VectifyAI/PageIndex).
import type { OutlineEntry } from '../core/document/compiled.ts'

export type TreeNode = { title: string; node_id: string; start_index: number; end_index: number; nodes: TreeNode[] }

/** A heading on a page. `top`: nothing precedes it there, so that the section before it ends a page earlier. */
export type Heading = { title: string; level: number; page: number; top: boolean }

/** Maximum entries per outline; anything beyond is found only by search. */
export const OUTLINE_ENTRIES_MAX = 5_000
/** Nodes of a tree built from page numbers alone. */
const PLAIN_NODES_MAX = 50
const TITLE_CHARACTERS_MAX = 300

/** Outline with page ranges of headings in reading order. `pages` is the number of pages, from 1. */
export function outlineOfHeadings(headings: Heading[], pages: number): OutlineEntry[] {
  return withEnds(
    headings
      .slice(0, OUTLINE_ENTRIES_MAX)
      .map(({ title, level, page, top }) => ({ title, level, startPage: page, top })),
    pages,
  )
}

/** Normalises an outline whose entries may lack ends: titles on one line, pages inside the document and in order. */
export function completeOutline(outline: OutlineEntry[], pages: number): OutlineEntry[] {
  let index = 1
  const entries = outline.slice(0, OUTLINE_ENTRIES_MAX).map((entry) => {
    index = Math.min(Math.max(index, entry.startPage ?? index), Math.max(1, pages))
    return { ...entry, startPage: index, top: false }
  })
  return withEnds(entries, pages)
}

type Started = { title: string; level: number; startPage: number; endPage?: number; top: boolean }

/** A section ends where the next one of its level or above begins, and contains all of its sub-sections. */
function withEnds(entries: Started[], pages: number): OutlineEntry[] {
  const outline: OutlineEntry[] = []
  const open: { entry: OutlineEntry & { endPage: number }; known: boolean }[] = []
  const close = (level: number, last: number): void => {
    for (let inner = open.at(-1); inner !== undefined && inner.entry.level >= level; inner = open.at(-1)) {
      open.pop()
      if (!inner.known) inner.entry.endPage = Math.max(inner.entry.endPage, last)
      const around = open.at(-1)?.entry
      if (around !== undefined) around.endPage = Math.max(around.endPage, inner.entry.endPage)
    }
  }
  for (const { title, level, startPage, endPage, top } of entries) {
    close(level, top ? startPage - 1 : startPage)
    const own = endPage === undefined ? startPage : Math.min(Math.max(startPage, endPage), pages)
    const entry = { title: plainTitle(title), level, startPage, endPage: own }
    outline.push(entry)
    open.push({ entry, known: endPage !== undefined })
  }
  close(-Infinity, pages)
  return outline
}

/** The tree of a document of `pages` pages. Deterministic; node ids count from `0001` in reading order. */
export function treeOfOutline(outline: OutlineEntry[], pages: number): TreeNode[] {
  const roots: TreeNode[] = []
  const path: { level: number; node: TreeNode }[] = []
  let count = 0
  const add = (into: TreeNode[], title: string, start: number, end: number): TreeNode => {
    const node = { title, node_id: String(++count).padStart(4, '0'), start_index: start, end_index: end, nodes: [] }
    into.push(node)
    return node
  }
  if (outline.length === 0) {
    const step = Math.max(1, Math.ceil(pages / PLAIN_NODES_MAX))
    for (let page = 1; page <= pages; page += step) {
      const end = Math.min(pages, page + step - 1)
      add(roots, page === end ? `Page ${page}` : `Pages ${page} to ${end}`, page, end)
    }
    return roots
  }
  const first = outline[0]?.startPage ?? 1
  if (first > 1) add(roots, 'Preface', 1, first - 1)
  for (const { title, level, startPage = 1, endPage = startPage } of outline) {
    while ((path.at(-1)?.level ?? -Infinity) >= level) path.pop()
    const node = add(path.at(-1)?.node.nodes ?? roots, title, startPage, endPage)
    path.push({ level, node })
  }
  return roots
}

/** One line of plain text, at most 300 characters. */
export function plainTitle(title: string): string {
  const line = title
    .replaceAll('\u00ad', '')
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return line.length <= TITLE_CHARACTERS_MAX
    ? line
    : `${line.slice(0, TITLE_CHARACTERS_MAX - 1).replace(/[\ud800-\udbff]$/, '')}…`
}
