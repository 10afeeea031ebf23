// Whatever a document holds, a page of it is nothing but Markdown for three renderers that let HTML through.
import { expect, test } from 'vitest'
import { sanitize } from '../../../src/prepare/sanitize.ts'
import { liveMarkdown, livePieces } from '../../support/live-markdown.ts'

test('the vectors are alive, and there are enough of them', () => {
  const vectors = liveMarkdown()
  expect(vectors.length).toBeGreaterThan(1_000)
  expect(vectors.filter((text) => livePieces(text).length > 0).length).toBeGreaterThan(900)
})

test('what became of each of them is nothing but Markdown', async () => {
  const alive: { text: string; became: string; found: string[] }[] = []
  for (const text of liveMarkdown()) {
    const became = await sanitize(text, { hasImage: () => false })
    const found = livePieces(became)
    if (found.length > 0) alive.push({ text, became, found })
  }
  expect(alive).toEqual([])
}, 120_000)
