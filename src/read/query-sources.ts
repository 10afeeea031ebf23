// What a question may look at, and the tools a model looks with: everything as it was at one commit.
import { enclose } from '../core/enclose.ts'
import type { AskedWord } from '../core/search/answer-passages.ts'
import { sanitizeLine } from '../core/page/sanitize-markdown.ts'
import type { SearchHit } from '../core/results.ts'
import { visibleText } from '../core/page/visible-text.ts'
import type { ModelTool } from '../io/model/model.ts'
import type { FoundHit } from './search.ts'

export type TreeFileNode = {
  title?: string
  node_id?: string
  start_index?: number
  end_index?: number
  summary?: string | undefined
  nodes?: TreeFileNode[]
}
export type OutlineFile = { doc_name?: string; structure?: TreeFileNode[] }

export type QuerySources = {
  search: (query: string, limit: number) => Promise<SearchHit[]>
  /** The same hits, with what an answer without a model is judged by. */
  found: (question: string, limit: number) => Promise<FoundHit[]>
  /** The words of a question that are looked for, with how much each says. */
  weights: (question: string) => AskedWord[]
  /** The text of a file in `wiki/`, by its path relative to the base; undefined if there is none. */
  page: (path: string) => Promise<string | undefined>
  /** The tree of a long document, by the document's name. */
  tree: (document: string) => Promise<OutlineFile | undefined>
  /** One page of a long document, and the path of the file that has it. */
  pageText: (document: string, pageNumber: number) => Promise<{ page: string; text: string } | undefined>
}

/** Maximum number of characters per tool call; more is requested with `from`. */
const LOOK_CHARACTERS_MAX = 12_000
const HITS_MAX = 12
const PAGES_MAX = 6
const TREE_NODES_MAX = 200

/** The tools of a question. They only read. */
export function queryTools(sources: QuerySources): ModelTool[] {
  return [
    {
      name: 'search',
      description: 'Search the wiki. Returns the best pages, each with its path, its document and a passage.',
      input: (z) => z.object({ query: z.string(), limit: z.number().nullable() }),
      run: async ({ query, limit }) => {
        const hits = await sources.search(String(query), bounded(limit, 1, HITS_MAX, 8))
        return hits.length === 0
          ? 'Nothing found. Try other words.'
          : enclose('hits', hits.map(hitLine).join('\n')).block
      },
    },
    {
      name: 'read_page',
      description:
        'Read a wiki page by its path, as returned by search (wiki/…). "from" is the character offset to start at, for pages that were cut off.',
      input: (z) => z.object({ path: z.string(), from: z.number().nullable() }),
      run: async ({ path, from }) => {
        const text = await sources.page(String(path))
        return text === undefined
          ? 'No page has this path. Use a path returned by search.'
          : look('page', text, bounded(from, 0, text.length, 0))
      },
    },
    {
      name: 'read_tree',
      description:
        'Get the table of contents of a long document, by its name, with page numbers and section summaries.',
      input: (z) => z.object({ document: z.string() }),
      run: async ({ document }) => {
        const tree = await sources.tree(String(document))
        return tree === undefined
          ? 'This document has no table of contents. Read its page instead.'
          : look('tree', treeLines(tree).join('\n'), 0)
      },
    },
    {
      name: 'read_document_pages',
      description: `Read up to ${PAGES_MAX} pages of a long document, by its name and page numbers, counted from 1.`,
      input: (z) => z.object({ document: z.string(), first: z.number(), last: z.number() }),
      run: async ({ document, first, last }) => {
        const start = bounded(first, 1, 1_000_000, 1)
        const end = bounded(last, start, start + PAGES_MAX - 1, start)
        const share = Math.floor(LOOK_CHARACTERS_MAX / (end - start + 1))
        const texts: string[] = []
        for (let number = start; number <= end; number++) {
          const found = await sources.pageText(String(document), number)
          if (found !== undefined)
            texts.push(`${found.page} page ${number}:\n${visibleText(found.text).slice(0, share)}`)
        }
        return texts.length === 0 ? 'No pages have these numbers.' : enclose('pages', texts.join('\n\n')).block
      },
    },
  ]
}

function hitLine({ page, document, pageNumber, heading, snippet }: SearchHit): string {
  const place = [
    document === undefined ? undefined : `document ${document}`,
    pageNumber === undefined ? undefined : `page ${pageNumber}`,
    heading,
  ]
  return `${page} (${place.filter((part) => part !== undefined).join(', ')}): ${sanitizeLine(snippet, 500)}`
}

function look(kind: string, text: string, from: number): string {
  const seen = visibleText(text.slice(from, from + LOOK_CHARACTERS_MAX))
  const rest = text.length - from - LOOK_CHARACTERS_MAX
  return `${enclose(kind, seen).block}${rest > 0 ? `\n${rest} characters follow; read on from ${from + LOOK_CHARACTERS_MAX}.` : ''}`
}

function treeLines({ structure = [] }: OutlineFile): string[] {
  const lines: string[] = []
  const visit = (node: TreeFileNode, depth: number): void => {
    if (lines.length >= TREE_NODES_MAX) return
    const pages = `(pages ${node.start_index ?? '?'} to ${node.end_index ?? '?'})`
    const summary = node.summary === undefined ? '' : `: ${sanitizeLine(node.summary, 200)}`
    lines.push(`${'  '.repeat(depth)}${sanitizeLine(node.title ?? '', 120)} ${pages}${summary}`)
    for (const child of node.nodes ?? []) visit(child, Math.min(depth + 1, 10))
  }
  for (const node of structure) visit(node, 0)
  return lines
}

/** An integer within bounds, from a model's input. */
function bounded(value: unknown, min: number, max: number, fallback: number): number {
  const number = typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : fallback
  return Math.min(max, Math.max(min, number))
}
