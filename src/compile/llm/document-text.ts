// A document as a model reads it: bounded parts of visible text, each with its location in the document.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Place } from '../../core/document/document.ts'
import type { PreparedText } from '../../core/document/prepared.ts'
import { visibleText } from '../../core/page/visible-text.ts'
import { parsePages, parseTree, type StoredNode } from '../../core/document/stored-text.ts'

/** Characters of a document that is read in one call. */
export const SHORT_PART_CHARACTERS = 60_000
const SHORT_PARTS_MAX = 2
/**
 * Characters per part of a long document, and the number of parts: what exceeds them is left out evenly, page by page.
 */
export const LONG_PART_CHARACTERS = 40_000
export const LONG_PARTS_MAX = 24
/** Tree nodes that are described in one call. */
export const PART_NODES_MAX = 40

export type PageRangeNode = { id: string; title: string; level: number; startPage: number; endPage: number }

export type Part = {
  text: string
  /** Its pages, for long documents. */
  pages?: { first: number; last: number } | undefined
  /** Tree nodes within it. */
  nodes: PageRangeNode[]
  /** The location in the document of an offset of `text`. */
  placeAt: (offset: number) => Place | undefined
}

export type DocumentText = {
  parts: Part[]
  /** Nodes that no single part contains. */
  spanning: PageRangeNode[]
}

/** Reads the staged text. The result depends only on the staged bytes. */
export async function readDocument(prepared: PreparedText, staging: string): Promise<DocumentText> {
  const staged = await readFile(join(staging, prepared.text), 'utf8')
  if (prepared.text === 'source.md') return { parts: shortParts(readable(staged)), spanning: [] }
  const tree = prepared.tree === undefined ? undefined : parseTree(await readFile(join(staging, prepared.tree), 'utf8'))
  const pages = (parsePages(staged) ?? []).map(({ page, content }) => ({ page, content: readable(content) }))
  return longParts(pages, treeNodes(tree?.structure ?? []))
}

/** An image becomes its alternative text; invisible text is dropped. */
function readable(text: string): string {
  const image = /!\[([^\n]{0,2000}?)\]\(kbgit-image:[^)\n]*\)/g
  return visibleText(text).replace(image, (_, alt: string) => (alt.trim() === '' ? '' : `[image: ${alt}]`))
}

function shortParts(text: string): Part[] {
  const headings = [...text.matchAll(/^#{1,6}[ \t]+(.+?)(?:[ \t]+#+)?[ \t]*$/gm)].map((match) => ({
    at: match.index,
    title: match[1] ?? '',
  }))
  const count = text.length <= SHORT_PART_CHARACTERS ? 1 : SHORT_PARTS_MAX
  const share = Math.ceil(text.length / count)
  const parts: Part[] = []
  for (let start = 0; start < text.length || parts.length === 0;) {
    const stop = parts.length === count - 1 ? text.length : paragraphEnd(text, start + share)
    const from = start
    parts.push({
      text: text.slice(from, Math.min(stop, from + SHORT_PART_CHARACTERS)),
      nodes: [],
      placeAt: (offset) => {
        const heading = headings.findLast(({ at }) => at <= from + offset)
        return heading === undefined ? undefined : { heading: heading.title.replace(/[*_`]/g, '').trim() }
      },
    })
    if (stop >= text.length) break
    start = stop
  }
  return parts
}

/** The two halves of a part, cut between paragraphs if there is one near the middle. */
export function halvesOf(part: Part): [Part, Part] {
  const middle = paragraphEnd(part.text, Math.ceil(part.text.length / 2))
  return [
    { ...part, text: part.text.slice(0, middle) },
    { ...part, text: part.text.slice(middle), placeAt: (offset) => part.placeAt(middle + offset) },
  ]
}

/** The end of the nearest paragraph before `at`, or `at` if a paragraph is longer than a tenth of the text. */
function paragraphEnd(text: string, offset: number): number {
  const end = text.lastIndexOf('\n\n', offset)
  return end > offset * 0.9 ? end + 2 : offset
}

type Page = { page: number; content: string }

function longParts(all: Page[], nodes: PageRangeNode[]): DocumentText {
  const budget = LONG_PARTS_MAX * LONG_PART_CHARACTERS * 0.8
  const total = all.reduce((sum, { content }) => sum + content.length + 20, 0)
  const share = total <= budget ? LONG_PART_CHARACTERS : Math.floor(budget / all.length)
  const pages = all.map(({ page, content }) => ({ page, content: content.slice(0, share) }))
  const chapters = new Set(nodes.filter(({ level }) => level === 1).map(({ startPage }) => startPage))
  const groups: Page[][] = []
  let size = Infinity
  for (const page of pages) {
    const full = size + page.content.length > LONG_PART_CHARACTERS
    // A chapter begins a new part if the current one is large enough not to waste a call.
    if ((full || (chapters.has(page.page) && size > LONG_PART_CHARACTERS * 0.8)) && groups.length < LONG_PARTS_MAX) {
      groups.push([])
      size = 0
    }
    groups.at(-1)?.push(page)
    size += page.content.length + 20
  }
  const within = (node: PageRangeNode, group: Page[]) =>
    node.startPage >= (group[0]?.page ?? 0) && node.endPage <= (group.at(-1)?.page ?? 0)
  const placed = groups.map((group) => nodes.filter((node) => within(node, group)))
  const held = new Set(placed.flat())
  return {
    parts: groups.map((group, index) => longPart(group, (placed[index] ?? []).slice(0, PART_NODES_MAX))),
    spanning: nodes.filter((node) => !held.has(node)).slice(0, PART_NODES_MAX),
  }
}

function longPart(pages: Page[], nodes: PageRangeNode[]): Part {
  const starts: { at: number; page: number }[] = []
  let text = ''
  for (const { page, content } of pages) {
    text += `[page ${page}]\n`
    starts.push({ at: text.length, page })
    text += `${content.trim()}\n\n`
  }
  return {
    text,
    pages: { first: pages[0]?.page ?? 1, last: pages.at(-1)?.page ?? 1 },
    nodes,
    placeAt: (offset) => ({ page: (starts.findLast(({ at }) => at <= offset) ?? starts[0])?.page ?? 1 }),
  }
}

function treeNodes(structure: StoredNode[]): PageRangeNode[] {
  const nodes: PageRangeNode[] = []
  const visit = (node: StoredNode, level: number): void => {
    const { node_id: id, title, start_index: startPage, end_index: last } = node
    nodes.push({ id, title: visibleText(title).slice(0, 120), level, startPage, endPage: Math.max(startPage, last) })
    for (const child of node.nodes ?? []) visit(child, level + 1)
  }
  for (const top of structure) visit(top, 1)
  return nodes
}
