import { expect, test } from 'vitest'
import { lossesOf } from '../../../src/cli/outcome.ts'
import type { AddedDocument } from '../../../src/index.ts'

const added = (name: string, ...messages: string[]): AddedDocument => ({
  name,
  path: `/in/${name}`,
  sha256: '0'.repeat(64),
  commit: '0'.repeat(40),
  warnings: messages.map((message) => ({ code: 'textLost', message })),
})

test('one line for each document that lost something, however much it was', () => {
  expect(lossesOf([added('a', 'One.', 'Two.', 'Three.'), added('b'), added('c', 'Four.')])).toEqual([
    'a: One. And 2 more warnings: see --json.',
    'c: Four.',
  ])
})

test('the first documents, if there are many', () => {
  const lines = lossesOf(Array.from({ length: 40 }, (_, index) => added(`d${index}`, 'Lost.')))
  expect(lines.at(-1)).toMatch(/^\d+ more documents: see --json$/)
  expect(lines.length).toBeLessThan(40)
})
