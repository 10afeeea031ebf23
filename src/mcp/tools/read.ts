import { z } from 'zod'
import { KbError } from '../../core/errors.ts'
import { parsePages, type StoredPage } from '../../core/document/stored-text.ts'
import { documentPaths, shardOf } from '../../core/layout.ts'
import { readTree, type OutlineNode } from '../../core/search/outline-nodes.ts'
import type { Kb } from '../../api.ts'
import { AT, documentOf, material, MATERIAL, ORIGIN, originLine, originOf, UNTRUSTED } from '../material.ts'
import { tool } from '../tool.ts'

const CHARACTERS_DEFAULT = 12_000
const CHARACTERS_MAX = 60_000
const NODES_SHOWN_MAX = 400

type Part = { page: string; document?: string | undefined; pageNumber?: number | undefined; text: string }

export const read = tool({
  name: 'read',
  title: 'Read a page or a document',
  description: `Reads a page of the wiki by its path or link ("concepts/tide"), or the text of a document by its name. Of a long document without "pages" or "node" it returns the table of contents, with page and node numbers. Long texts come in parts: pass "next" as "from". ${UNTRUSTED}`,
  effect: 'read',
  input: z.object({
    target: z.string().min(1).max(1_000).describe('Path of a page, target of a wiki link, or name of a document'),
    pages: z
      .string()
      .regex(/^\d{1,6}(?:-\d{1,6})?$/)
      .optional()
      .describe('Of a long document: "7" or "7-9"'),
    node: z.string().max(100).optional().describe('Of a long document: a node of its table of contents, e.g. "0012"'),
    from: z.number().int().min(0).default(0).describe('Character to start at'),
    limit: z.number().int().min(500).max(CHARACTERS_MAX).default(CHARACTERS_DEFAULT).describe('Characters'),
    at: AT,
  }),
  output: z.object({
    ...ORIGIN,
    kind: z.enum(['page', 'text', 'contents', 'pages']),
    from: z.number(),
    characters: z.number().describe('Of the whole text'),
    next: z.number().optional().describe('Where to read on; absent at the end'),
    material: MATERIAL,
  }),
  run: async ({ target, pages, node, from, limit, at }, { kb }) => {
    const commit = await kb.resolve({ at })
    const { kind, part } = await partOf(kb, commit, target, { pages, node })
    const end = wholeCharacter(part.text, Math.min(part.text.length, from + limit))
    const origin = await originOf(kb, commit, part.page, part)
    const shown = material(part.text.slice(from, end))
    const more = end < part.text.length
    return {
      value: { ...origin, kind, from, characters: part.text.length, ...(more ? { next: end } : {}), material: shown },
      text: `${originLine(origin)}\n${shown}${more ? `\n${part.text.length - end} characters follow: read on with from: ${end}.` : ''}`,
    }
  },
})

type Wanted = { pages: string | undefined; node: string | undefined }

async function partOf(
  kb: Kb,
  at: string,
  target: string,
  wanted: Wanted,
): Promise<{ kind: 'page' | 'text' | 'contents' | 'pages'; part: Part }> {
  const found = await kb.show(target, { at })
  const document = documentOf(found.page)
  // A document's name leads to its summary: whoever reads wants its text, unless the summary itself was named.
  const isNamed = target.includes('/') || target.endsWith('.md')
  if (document === undefined || (found.page.startsWith('wiki/summaries/') && isNamed && wanted.pages === undefined))
    return { kind: 'page', part: { page: found.page, document, text: found.text } }
  const paths = documentPaths(document, shardOf(found.page), '')
  const short = await kb.file(paths.sourceShort, { at })
  if (short !== undefined) {
    if (wanted.pages !== undefined || wanted.node !== undefined)
      throw new KbError(
        'usage',
        `${document} is a short document: it has no pages. Read it without "pages" and "node".`,
      )
    return { kind: 'text', part: { page: paths.sourceShort, document, text: short.toString() } }
  }
  const pages = parsePages((await kb.file(paths.sourceLong, { at }))?.toString() ?? '')
  if (pages === undefined) return { kind: 'page', part: { page: found.page, document, text: found.text } }
  const nodes = readTree((await kb.file(paths.tree, { at }))?.toString() ?? '').nodes
  const range = rangeOf(document, wanted, nodes, pages)
  if (range === undefined)
    return { kind: 'contents', part: { page: paths.tree, document, text: contents(nodes, pages.length) } }
  const inside = pages.filter(({ page }) => page >= range.first && page <= range.last)
  if (inside.length === 0) throw new KbError('notFound', `${document} has pages 1 to ${pages.at(-1)?.page ?? 0}.`)
  const text = inside.map(({ page, content }) => `[page ${page}]\n${content}`).join('\n\n')
  return { kind: 'pages', part: { page: paths.sourceLong, document, pageNumber: inside[0]?.page, text } }
}

function rangeOf(
  document: string,
  { pages, node }: Wanted,
  nodes: readonly OutlineNode[],
  stored: readonly StoredPage[],
): { first: number; last: number } | undefined {
  if (pages !== undefined) {
    const [first = 1, last = first] = pages.split('-').map(Number)
    return { first, last }
  }
  if (node === undefined) return undefined
  const found = nodes.find(({ nodeId }) => nodeId === node)
  if (found === undefined)
    throw new KbError('notFound', `${document} has no node ${node}.`, {
      hint: 'Read it without "node" for its contents.',
    })
  const last = stored.at(-1)?.page ?? 1
  return { first: found.startPage ?? 1, last: found.endPage ?? last }
}

function contents(nodes: readonly OutlineNode[], pages: number): string {
  const lines = nodes.slice(0, NODES_SHOWN_MAX).map(({ nodeId, title, within, startPage, endPage, summary }) => {
    const about = summary === '' ? '' : `: ${summary.slice(0, 300)}`
    return `${'  '.repeat(within.length)}- [${nodeId}] ${title} (pages ${startPage ?? '?'}-${endPage ?? '?'})${about}`
  })
  const more = nodes.length > NODES_SHOWN_MAX ? [`… and ${nodes.length - NODES_SHOWN_MAX} more nodes`] : []
  return [`${pages} pages`, ...lines, ...more].join('\n')
}

function wholeCharacter(text: string, at: number): number {
  return /[\uD800-\uDBFF]/.test(text[at - 1] ?? '') ? at - 1 : at
}
