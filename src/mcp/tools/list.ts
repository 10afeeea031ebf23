import { z } from 'zod'
import type { Kb } from '../../api.ts'
import { THEMES } from '../../core/layout.ts'
import { pageName } from '../../core/page/page-kind.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import { AT, COMMIT, material, MATERIAL, NAME, originOf, UNTRUSTED } from '../material.ts'
import { tool } from '../tool.ts'
import { counted } from '../words.ts'

const ITEMS_MAX = 100
const BRIEF_CHARACTERS_MAX = 200

type Item = {
  name: string
  page: string
  document?: string
  original?: string
  format?: string
  pages?: number
  sources?: number
}

export const list = tool({
  name: 'list',
  title: 'List documents and topics',
  description: `Lists documents, concepts, entities or themes with one line about each, in pages: pass "next" as "from". "filter" keeps names that contain it. Use "search" to find something; use this to see what there is. ${UNTRUSTED}`,
  effect: 'read',
  input: z.object({
    kind: z.enum(['documents', 'concepts', 'entities', 'themes']).default('documents'),
    filter: z.string().max(200).optional(),
    from: z.number().int().min(0).default(0),
    limit: z.number().int().min(1).max(ITEMS_MAX).default(50),
    at: AT,
  }),
  output: z.object({
    at: COMMIT,
    total: z.number(),
    next: z.number().optional(),
    items: z.array(
      z.object({
        number: z.number().int(),
        name: NAME,
        page: z.string(),
        document: z.string().optional(),
        digest: z.string().describe('SHA-256 of the page at the commit'),
        original: z.string().optional().describe('SHA-256 of what was added'),
        format: z.string().optional(),
        pages: z.number().optional(),
        sources: z.number().optional().describe('Documents with a section on the page'),
        commit: z.string(),
      }),
    ),
    material: MATERIAL,
  }),
  run: async ({ kind, filter, from, limit, at }, { kb }) => {
    const commit = await kb.resolve({ at })
    const wanted = filter?.toLowerCase()
    const all = (await itemsOf(kb, commit, kind)).filter(
      ({ name }) => wanted === undefined || name.toLowerCase().includes(wanted),
    )
    const shown = all.slice(from, from + limit)
    const briefs = await Promise.all(shown.map(({ page }) => briefOf(kb, commit, page)))
    const origins = await Promise.all(shown.map(({ page }) => originOf(kb, commit, page)))
    const items = shown.map((item, index) => ({
      number: from + index + 1,
      ...item,
      digest: origins[index]?.digest ?? '',
      commit,
    }))
    const next = from + limit < all.length ? { next: from + limit } : {}
    const lines = items.map(({ number, name, page, pages, sources }, index) => {
      const facts = [
        name,
        page,
        ...(pages === undefined ? [] : [counted(pages, 'page')]),
        ...(sources === undefined ? [] : [counted(sources, 'document')]),
      ]
      return `[${number}] ${facts.join(', ')}: ${briefs[index] ?? ''}`
    })
    const about = material(lines.join('\n'))
    const head = `${all.length} ${kind} at commit ${commit.slice(0, 12)}${next.next === undefined ? '' : `; read on with from: ${next.next}`}`
    return {
      value: { at: commit, total: all.length, ...next, items, material: about },
      text: items.length === 0 ? head : `${head}\n${about}`,
    }
  },
})

async function itemsOf(kb: Kb, at: string, kind: 'documents' | 'concepts' | 'entities' | 'themes'): Promise<Item[]> {
  if (kind === 'themes') {
    const paths = (await kb.paths(THEMES, { at })).filter((path) => path.endsWith('.md'))
    return paths.map((page) => ({ name: pageName(page), page }))
  }
  const found = await kb.list({ at })
  if (kind !== 'documents') return found[kind].map(({ name, path, sources }) => ({ name, page: path, sources }))
  return found.documents.map(({ name, summary, sha256, format, pages }) => ({
    name,
    page: summary,
    document: name,
    original: `sha256:${sha256}`,
    format,
    ...(pages === undefined ? {} : { pages }),
  }))
}

/** Title and description of a page in one line. */
async function briefOf(kb: Kb, at: string, page: string): Promise<string> {
  const { title, description } = splitFrontMatter((await kb.file(page, { at }))?.toString() ?? '').front
  return [title, description]
    .filter((part) => typeof part === 'string' && part !== '')
    .join(': ')
    .replace(/\s+/g, ' ')
    .slice(0, BRIEF_CHARACTERS_MAX)
}
