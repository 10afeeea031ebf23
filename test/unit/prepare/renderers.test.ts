// Whatever a document contains, its page is nothing but Markdown to three renderers that allow HTML.
import { expect, test } from 'vitest'
import { sanitize } from '../../../src/prepare/sanitize.ts'
import { liveMarkdown, livePieces } from '../../support/live-markdown.ts'

test('the attack vectors work, and there are enough of them', () => {
  const vectors = liveMarkdown()
  expect(vectors.length).toBeGreaterThan(1_000)
  expect(vectors.filter((text) => livePieces(text).length > 0).length).toBeGreaterThan(900)
})

test('each of them becomes nothing but Markdown', async () => {
  const alive: { text: string; became: string; found: string[] }[] = []
  for (const text of liveMarkdown()) {
    const became = await sanitize(text, { hasImage: () => false })
    const found = livePieces(became)
    if (found.length > 0) alive.push({ text, became, found })
  }
  expect(alive).toEqual([])
})
