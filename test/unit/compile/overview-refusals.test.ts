import { expect, test } from 'vitest'
import { Refusals } from '../../../src/compile/llm/refusals.ts'

const codes = (overview: string): string[] => {
  const refusals = new Refusals('answers.page')
  refusals.overview('overview', overview, 2)
  return refusals.problems.map(({ code }) => code)
}

test.each([
  ['It turns [1], and stands still [1, 2] or [2][1].', []],
  ['It turns [3].', ['source']],
  ['It turns [0] and [12, 1].', ['source', 'source']],
  ['See [[concepts/Nothing]] and [[Acme|it]].', ['brokenLink', 'brokenLink']],
  ['See [it](https://example.org).', ['active']],
  ['# It\n\nIt turns.', ['active']],
])('an overview such as %j is refused for %j', (overview, expected) => expect(codes(overview)).toEqual(expected))
