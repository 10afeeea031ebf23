import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { changedWords, differences } from '../../../../src/core/history/page-differences.ts'
import type { DifferenceLine, DifferenceRow } from '../../../../src/core/results/explore.ts'

const textOf = (line: DifferenceLine | undefined): string => line?.parts.map(({ text }) => text).join('') ?? ''
const side = (rows: DifferenceRow[], which: 'before' | 'after'): string[] =>
  rows.flatMap((row) => {
    const line =
      which === 'before' ? ('before' in row ? row.before : undefined) : 'after' in row ? row.after : undefined
    return line === undefined ? [] : [textOf(line)]
  })

describe('differences between two versions of a page', () => {
  it('marks the words of a line that changed', () => {
    const [row] = differences('Alice built the engine in Paris.\n', 'Alice built the engine in Berlin.\n')
    expect(row).toEqual({
      kind: 'changed',
      before: {
        line: 1,
        parts: [
          { text: 'Alice built the engine in ', changed: false },
          { text: 'Paris', changed: true },
          { text: '.', changed: false },
        ],
      },
      after: {
        line: 1,
        parts: [
          { text: 'Alice built the engine in ', changed: false },
          { text: 'Berlin', changed: true },
          { text: '.', changed: false },
        ],
      },
    })
  })

  it('keeps lines apart that have little in common', () => {
    expect(differences('one two three\n', 'quite another sentence\n').map(({ kind }) => kind)).toEqual([
      'removed',
      'added',
    ])
  })

  it('numbers the lines of each version', () => {
    const rows = differences('a\nb\nc\n', 'a\nx\ny\nc\n')
    expect(rows.at(-1)).toMatchObject({ kind: 'same', before: { line: 3 }, after: { line: 4 } })
  })

  it('counts words, not characters', () => {
    const rows = differences('', 'Two words, and three more.\n')
    expect([changedWords(rows, 'before'), changedWords(rows, 'after')]).toEqual([0, 5])
    expect(differences('same\n', 'same\n').every(({ kind }) => kind === 'same')).toBe(true)
  })

  it('has every line of both versions, in order', () => {
    const text = fc
      .array(fc.constantFrom('', 'alpha beta', 'alpha gamma', 'delta', '- x'))
      .map((lines) => lines.join('\n'))
    fc.assert(
      fc.property(text, text, (before, after) => {
        const rows = differences(before, after)
        const lines = (all: string): string[] => (all === '' ? [] : all.replace(/\n$/, '').split('\n'))
        expect(side(rows, 'before')).toEqual(lines(before))
        expect(side(rows, 'after')).toEqual(lines(after))
      }),
    )
  })
})
