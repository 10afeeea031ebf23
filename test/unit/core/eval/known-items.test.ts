import { describe, expect, test } from 'vitest'
import { knownItems } from '../../../../src/core/eval/known-items.ts'
import { seeded } from '../../../../src/core/seeded.ts'

const TEXT = `# Tides

The tide at Emden rises by about three metres, and the harbour gates are closed when a storm is expected from the north.

\`\`\`js
const secret = compute(every, single, thing, that, is, code, and, never, asked, for)
\`\`\`

- It ebbs.
`
const weigh = (words: string[]): number[] => words.map((word) => (word === 'storm' ? 0 : word.length))
const source = { title: 'Tides of the North Sea', text: TEXT, weigh }

describe('queries made from a document', () => {
  test('are the same for the same seed', () => {
    expect(knownItems(source, seeded(3))).toEqual(knownItems(source, seeded(3)))
  })

  test('have the words of the title, half of a sentence, and the most telling words', () => {
    const [title, half, rare] = knownItems(source, seeded(1))
    expect(title?.query.split(' ').sort()).toEqual(['North', 'Sea', 'Tides', 'of', 'the'])
    expect(half).toEqual({
      kind: 'half sentence',
      query: 'harbour gates are closed when a storm is expected from the north.',
    })
    expect(rare?.query.split(' ')).toHaveLength(3)
    expect(rare?.query).toContain('expected')
    expect(rare?.query).not.toContain('storm')
  })

  test('never have code, and there are none of what has no text', () => {
    for (let seed = 0; seed < 50; seed++)
      for (const { query } of knownItems(source, seeded(seed))) expect(query).not.toMatch(/secret|compute|ebbs/)
    expect(knownItems({ title: 'X', text: '| a | b |\n', weigh }, seeded(1))).toEqual([])
  })
})
