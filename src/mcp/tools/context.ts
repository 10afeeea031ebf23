import { z } from 'zod'
import { AT, COMMIT, MATERIAL, ORIGIN, UNTRUSTED } from '../material.ts'
import { tool } from '../tool.ts'

export const context = tool({
  name: 'context',
  title: 'Collect material for a task',
  description: `The best start for a question or a task: passages from several documents, the sections around them, in reading order and within a budget of tokens, each with its origin. Says what was left out. ${UNTRUSTED}`,
  effect: 'read',
  input: z.object({
    task: z.string().min(1).max(4_000).describe('The question or task, in your own words'),
    budget: z.number().int().min(500).max(100_000).default(8_000).describe('Tokens'),
    at: AT,
  }),
  output: z.object({
    at: COMMIT,
    budget: z.number(),
    tokens: z.number(),
    blocks: z.array(z.object({ number: z.number().int(), kind: z.string(), tokens: z.number(), ...ORIGIN })),
    omitted: z.object({ passages: z.number(), tokens: z.number(), duplicates: z.number() }),
    material: MATERIAL,
  }),
  run: async ({ task, budget, at }, { kb }) => {
    const pack = await kb.context(task, { budgetTokens: budget, at })
    const blocks = pack.blocks.map(({ number, kind, tokens, document, page, pageNumber, commit, digest }) => ({
      number,
      kind,
      tokens,
      ...(document === undefined ? {} : { document }),
      page,
      ...(pageNumber === undefined ? {} : { pageNumber }),
      commit,
      digest,
    }))
    const { passages, tokens, duplicates } = pack.omitted
    return {
      value: {
        at: pack.at,
        budget: pack.budget,
        tokens: pack.tokens,
        blocks,
        omitted: { passages, tokens, duplicates },
        material: pack.text,
      },
      text: pack.text,
    }
  },
})
