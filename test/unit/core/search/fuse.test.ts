import { expect, it } from 'vitest'
import { fuseRanks } from '../../../../src/core/search/fuse.ts'

it('puts first what several rankings have near their beginning', () => {
  const fused = (lists: string[][], weights?: number[]) => fuseRanks(lists, (item) => item, weights).join('')
  expect(
    fused([
      ['a', 'b', 'c'],
      ['c', 'b', 'd'],
    ]),
  ).toBe('cbad')
  expect(fused([['a', 'b'], []])).toBe('ab')
  expect(fused([['a'], ['b']], [1, 2])).toBe('ba')
  expect(fused([])).toBe('')
})
