import { z } from 'zod'
import { PAGE_KINDS } from '../../core/page/page-kind.ts'
import { AT, COMMIT, material, MATERIAL, NAME, ORIGIN, originLine, originOf, UNTRUSTED } from '../material.ts'
import { tool } from '../tool.ts'
import { counted } from '../words.ts'

const HITS_MAX = 25

export const search = tool({
  name: 'search',
  title: 'Search the knowledge base',
  description: `Finds pages by words; there is no query syntax. Use it before answering anything that the base may know. Returns one hit per page with its best passage; read the page with "read". ${UNTRUSTED}`,
  effect: 'read',
  input: z.object({
    query: z.string().min(1).max(2_000),
    limit: z.number().int().min(1).max(HITS_MAX).default(8),
    kinds: z.array(z.enum(PAGE_KINDS)).optional().describe('Default: all. "source" is the text of documents'),
    at: AT,
  }),
  output: z.object({
    at: COMMIT,
    hits: z.array(z.object({ number: z.number().int(), kind: z.string(), name: NAME, score: z.number(), ...ORIGIN })),
    material: MATERIAL,
  }),
  run: async ({ query, limit, kinds, at }, { kb, signal }) => {
    const found = await kb.search(query, { limit, kinds, at, signal })
    const hits = await Promise.all(
      found.hits.map(async ({ page, kind, name, document, pageNumber, score }, index) => ({
        number: index + 1,
        kind,
        name,
        score,
        ...(await originOf(kb, found.at, page, { document, pageNumber })),
      })),
    )
    const passages = found.hits.flatMap(({ heading, snippet }, index) => {
      const hit = hits[index]
      if (hit === undefined) return []
      return [
        `[${hit.number}] ${hit.kind} ${originLine(hit)}\n${heading === undefined ? '' : `${heading}: `}${snippet}`,
      ]
    })
    const shown = material(passages.join('\n\n'))
    return {
      value: { at: found.at, hits, material: shown },
      text:
        hits.length === 0
          ? 'Nothing found. Try other words, or "list".'
          : `${counted(hits.length, 'page')} at commit ${found.at.slice(0, 12)}\n${shown}`,
    }
  },
})
