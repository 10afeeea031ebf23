// The tools with which a model looks at a base before it answers. They only read.
import { enclose } from '../core/enclose.ts'
import { sanitizeLine } from '../core/page/sanitize-markdown.ts'
import { visibleText } from '../core/page/visible-text.ts'
import type { SearchHit } from '../core/results.ts'
import { fuseRanks } from '../core/search/fuse.ts'
import type { ModelTool } from '../io/model/model.ts'
import type { OpenedPages } from './opened.ts'
import type { IndexKind, QuerySources } from './query-sources.ts'
import { outlineLines } from './tree-outline.ts'

/** Maximum number of characters per tool call; more is requested with `from`. */
const LOOK_CHARACTERS_MAX = 12_000
const HITS_MAX = 12
const PAGES_MAX = 6
/** Lines of the index per call. */
const INDEX_ITEMS_MAX = 40
/** A search in other words, beside the one in the question's. */
const REWRITES_MAX = 2
/** Hits of each of them that are ranked together. */
const REWRITTEN_HITS_MAX = 25

/** What is opened with them is put into `opened`. */
export function queryTools(sources: QuerySources, opened: OpenedPages): ModelTool[] {
  return [
    listTool('list_topics', 'topics', sources),
    listTool('list_documents', 'documents', sources),
    searchTool(sources),
    readPageTool(sources, opened),
    readTreeTool(sources),
    readDocumentTool(sources, opened),
  ]
}

function listTool(name: string, kind: IndexKind, sources: QuerySources): ModelTool {
  return {
    name,
    description: `List the ${kind} of the wiki with one line about each, ${INDEX_ITEMS_MAX} at a time. "from" is the number of lines to skip.`,
    input: (z) => z.object({ from: z.number().nullable() }),
    run: async ({ from }) => {
      const first = bounded(from, 0, 1_000_000_000, 0)
      const { total, items } = await sources.index(kind, first, INDEX_ITEMS_MAX)
      if (items.length === 0) return first === 0 ? `There are no ${kind}.` : `There are only ${total} ${kind}.`
      const lines = items.map(({ page, document, brief }) =>
        [page, document === undefined ? '' : ` (document ${document})`, `: ${sanitizeLine(brief, 200)}`].join(''),
      )
      const last = first + items.length
      const rest = last < total ? `\n${total - last} more follow; go on from ${last}.` : ''
      return `${enclose(kind, lines.join('\n')).block}${rest}`
    },
  }
}

function searchTool(sources: QuerySources): ModelTool {
  return {
    name: 'search',
    description: `Search the wiki by words. "rewrites": up to ${REWRITES_MAX} queries for the same thing in words that documents may use instead. Returns the best pages, each with its path, its document and a passage.`,
    input: (z) =>
      z.object({ query: z.string(), rewrites: z.array(z.string()).nullable(), limit: z.number().nullable() }),
    run: async ({ query, rewrites, limit }) => {
      const others = Array.isArray(rewrites) ? rewrites.slice(0, REWRITES_MAX).map(String) : []
      const count = bounded(limit, 1, HITS_MAX, 8)
      const lists = await Promise.all(
        [String(query), ...others].map((words) =>
          sources.search(words, others.length === 0 ? count : REWRITTEN_HITS_MAX),
        ),
      )
      const hits = fuseRanks(lists, ({ page }) => page).slice(0, count)
      return hits.length === 0 ? 'Nothing found. Try other words.' : enclose('hits', hits.map(hitLine).join('\n')).block
    },
  }
}

function readPageTool(sources: QuerySources, opened: OpenedPages): ModelTool {
  return {
    name: 'read_page',
    description:
      'Read a wiki page by its path, as returned by search (wiki/…). "from" is the character offset to start at, for pages that were cut off.',
    input: (z) => z.object({ path: z.string(), from: z.number().nullable() }),
    run: async ({ path, from }) => {
      const text = await sources.page(String(path))
      if (text === undefined) return 'No page has this path. Use a path returned by search.'
      const start = bounded(from, 0, text.length, 0)
      const end = Math.min(text.length, start + LOOK_CHARACTERS_MAX)
      opened.showPage(String(path), text, { from: start, to: end })
      const rest = end < text.length ? `\n${text.length - end} characters follow; read on from ${end}.` : ''
      return `${enclose('page', visibleText(text.slice(start, end))).block}${rest}`
    },
  }
}

function readTreeTool(sources: QuerySources): ModelTool {
  return {
    name: 'read_tree',
    description:
      'Get the table of contents of a long document, by its name: section ids, titles, pages and summaries. "node" is the id of a section to look into; without it, the top of the tree.',
    input: (z) => z.object({ document: z.string(), node: z.string().nullable() }),
    run: async ({ document, node }) => {
      const tree = await sources.tree(String(document))
      if (tree === undefined) return 'This document has no table of contents. Read its page instead.'
      const lines = outlineLines(tree, typeof node === 'string' && node !== '' ? node : undefined)
      if (lines === undefined) return 'The document has no section with this id.'
      if (lines.length === 0) return 'This section has no sections within. Read its pages.'
      return enclose('tree', lines.join('\n').slice(0, LOOK_CHARACTERS_MAX)).block
    },
  }
}

function readDocumentTool(sources: QuerySources, opened: OpenedPages): ModelTool {
  return {
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
        if (found === undefined) continue
        const text = visibleText(found.text).slice(0, share)
        opened.showNumbered(String(document), number, { page: found.page, text })
        texts.push(`${found.page} page ${number}:\n${text}`)
      }
      return texts.length === 0 ? 'No pages have these numbers.' : enclose('pages', texts.join('\n\n')).block
    },
  }
}

function hitLine({ page, document, pageNumber, heading, snippet }: SearchHit): string {
  const place = [
    document === undefined ? undefined : `document ${document}`,
    pageNumber === undefined ? undefined : `page ${pageNumber}`,
    heading,
  ]
  return `${page} (${place.filter((part) => part !== undefined).join(', ')}): ${sanitizeLine(snippet, 500)}`
}

/** An integer within bounds, from a model's input. */
function bounded(value: unknown, min: number, max: number, fallback: number): number {
  const number = typeof value === 'number' && Number.isFinite(value) ? Math.trunc(value) : fallback
  return Math.min(max, Math.max(min, number))
}
