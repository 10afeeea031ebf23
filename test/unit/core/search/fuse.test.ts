import { expect, it } from 'vitest'
import { fuseRanks } from '../../../../src/core/search/fuse.ts'

it('puts first what several rankings have near their beginning', () => {
  const fused = (lists: string[][]) => fuseRanks(lists, (item) => item).join('')
  expect(
    fused([
      ['a', 'b', 'c'],
      ['c', 'b', 'd'],
    ]),
  ).toBe('cbad')
  expect(fused([['a', 'b'], []])).toBe('ab')
  expect(fused([])).toBe('')
})
