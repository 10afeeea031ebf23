import { array, assert, constantFrom, property } from 'fast-check'
import { expect, test } from 'vitest'
import { matchLines } from '../../../../src/core/merge/matching-lines.ts'

const lines = array(constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 })

test('pairs equal lines, each at most once, in the order of both texts', () => {
  assert(
    property(lines, lines, (before, after) => {
      const pairs = matchLines(before, after)
      for (const [x, y] of pairs) expect(before[x]).toBe(after[y])
      for (const [i, [x, y]] of pairs.entries()) {
        const [px, py] = pairs[i - 1] ?? [-1, -1]
        expect(x > px && y > py).toBe(true)
      }
    }),
  )
})

test('pairs as many lines as any alignment does', () => {
  assert(
    property(lines, lines, (before, after) => {
      expect(matchLines(before, after)).toHaveLength(longestCommonSubsequence(before, after))
    }),
  )
})

test('finds an inserted and a deleted line', () => {
  expect(matchLines(['a', 'b', 'c', 'd'], ['a', 'x', 'b', 'd'])).toEqual([
    [0, 0],
    [1, 2],
    [3, 3],
  ])
})

function longestCommonSubsequence(before: string[], after: string[]): number {
  let previous = after.map(() => 0)
  for (const x of before) {
    const next: number[] = []
    for (const [j, y] of after.entries())
      next.push(x === y ? (previous[j - 1] ?? 0) + 1 : Math.max(next[j - 1] ?? 0, previous[j] ?? 0))
    previous = next
  }
  return previous.at(-1) ?? 0
}
