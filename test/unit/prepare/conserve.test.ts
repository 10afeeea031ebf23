import { expect, test } from 'vitest'
import { conserve, piecesOf, type Conservation } from '../../../src/prepare/conserve.ts'
import type { Converted } from '../../../src/prepare/convert/converter.ts'

async function conserved(converted: Converted): Promise<{ pieces: string[]; outcome: Conservation }> {
  const { converted: whole, outcome } = conserve(converted)
  const pieces: string[] = []
  for await (const piece of piecesOf(whole.body)) pieces.push(piece)
  return { pieces, outcome }
}

const flow = (markdown: string): Converted['body'] => ({ kind: 'flow', markdown })
const pages = (...contents: string[]): Converted['body'] => ({
  kind: 'pages',
  physical: true,
  pages: contents.map((content) => ({ content })),
})

test('a document that lost nothing stays unchanged', async () => {
  const { pieces, outcome } = await conserved({
    body: flow('# Fees\n\nAll paid.'),
    plain: [{ text: 'Fees All paid.' }],
  })
  expect(pieces).toEqual(['# Fees\n\nAll paid.'])
  expect(outcome).toEqual({ warnings: [], notes: [], putBack: 0 })
})

test('a lost paragraph is put back after the block that it followed', async () => {
  const plain = ['The first one here.', 'The lost *one* of all.', 'The last one there.'].map((text) => ({ text }))
  const { pieces, outcome } = await conserved({ body: flow('The first one here.\n\nThe last one there.'), plain })
  expect(pieces).toEqual(['The first one here.\n\nThe lost \\*one\\* of all.\n\nThe last one there.'])
  expect(outcome).toMatchObject({ putBack: 5, warnings: [] })
  expect(outcome.coverage).toBeUndefined()
})

test('consecutive lost paragraphs keep their order, outside of code', async () => {
  const plain = ['let a be one', 'second lost text', 'third lost text', 'the end of it'].map((text) => ({ text }))
  const { pieces } = await conserved({ body: flow('```\nlet a be one\n\n```\n\nthe end of it'), plain })
  expect(pieces).toEqual(['```\nlet a be one\n\n```\n\nsecond lost text\n\nthird lost text\n\nthe end of it'])
})

test('text lost from the first page is put back there, not where its words are repeated', async () => {
  const plain = [
    { text: 'alpha beta gamma', page: 1 },
    { text: 'lost on page two', page: 2 },
  ]
  const { pieces } = await conserved({ body: pages('alpha beta gamma', ''), plain })
  expect(pieces).toEqual(['alpha beta gamma', 'lost on page two'])
})

test('a single lost word is recorded, named in a note at the top, and reported as a warning', async () => {
  const { pieces, outcome } = await conserved({
    body: pages('The fee is due.'),
    plain: [{ text: 'The fee is not due.', page: 1 }],
  })
  expect(outcome.coverage).toBe(0.8)
  expect(outcome.warnings).toEqual([
    {
      code: 'textLost',
      message: 'Missing from the text on page 1: "not" (80% of the words of the original were kept).',
      page: 1,
    },
  ])
  expect(pieces[0]).toMatch(/^> \*\*Note:\*\* 80% of the words.*"not" on page 1\.\n\nThe fee is due\.$/)
})

test('words that fit on no page of the result are recorded', async () => {
  const { outcome } = await conserved({ body: pages('one'), plain: [{ text: 'four words on nine', page: 9 }] })
  expect(outcome).toMatchObject({ coverage: 0, putBack: 0, warnings: [{ page: 9 }] })
})
