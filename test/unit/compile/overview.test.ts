import { expect, test } from 'vitest'
import { acceptOverview } from '../../../src/compile/llm/overview.ts'

const page = {
  kind: 'concept' as const,
  name: 'Lighthouse',
  sections: ['North', 'South', 'West'].map((document) => ({
    document,
    target: `summaries/${document.toLowerCase()}`,
    says: 'It shines.',
  })),
}

test.each([
  ['It shines [1].', 'It shines ([[summaries/north|North]]).'],
  [
    'It shines [2][3], far [1].',
    'It shines ([[summaries/south|South]], [[summaries/west|West]]), far ([[summaries/north|North]]).',
  ],
  ['It shines [2, 2, 9] far.', 'It shines ([[summaries/south|South]]) far.'],
  ['It shines [0][4].', 'It shines.'],
  ['It shines [[1]] and [here](https://x.example).', 'It shines 1 and here.'],
  ['The year [1984] stays.', 'The year [1984] stays.'],
])('%s', (overview, expected) => {
  expect(acceptOverview({ overview }, page)).toBe(expected)
})

test('links never make an overview longer than its room', () => {
  const long = { ...page, sections: page.sections.map((section) => ({ ...section, document: 'x'.repeat(200) })) }
  expect(acceptOverview({ overview: 'It shines [1][2][3]. '.repeat(60) }, long).length).toBeLessThan(2_300)
})
