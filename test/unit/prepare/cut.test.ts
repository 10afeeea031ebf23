import { expect, it } from 'vitest'
import { cutPages, PAGE_CHARACTERS } from '../../../src/prepare/cut.ts'

it('cuts a text of nothing but headings into pages, with none lost', async () => {
  const headings = Array.from({ length: 5_000 }, (_, index) => `# Heading ${index}`)
  const pages: string[] = []
  for await (const page of cutPages([headings.join('\n')])) pages.push(page)
  expect(Math.max(...pages.map((page) => page.length))).toBeLessThan(PAGE_CHARACTERS * 1.5)
  expect(pages.join('\n\n').split('\n\n')).toEqual(headings)
})

it('keeps the headings at the end of a page with what follows', async () => {
  const text = 'A sentence of the text. '.repeat(70).trim()
  const pages: string[] = []
  for await (const page of cutPages([`${text}\n\n# One\n\n## Two\n\n${text}\n\n${text}`])) pages.push(page)
  expect(pages[0]).toBe(text)
  expect(pages[1]?.startsWith('# One\n\n## Two\n\n')).toBe(true)
})
