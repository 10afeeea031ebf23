import { expect, test } from 'vitest'
import { claimsIn } from '../../../../src/core/search/cited-quotes.ts'

test.each([
  ['[1] wiki/sources/x.md: "the words"', [{ page: 'wiki/sources/x.md', quote: 'the words', line: 1 }]],
  [
    '- [12] `wiki/sources/x.json` page 3: “the "inner" words”',
    [{ page: 'wiki/sources/x.json', pageNumber: 3, quote: 'the "inner" words', line: 1 }],
  ],
  ['a\n\n- [[sources/x|X]], p. 4: “the words”', [{ page: 'sources/x', pageNumber: 4, quote: 'the words', line: 3 }]],
  [
    'It says “the words” ([[sources/x#Part|X]], page 2) and [[concepts/y]].',
    [
      { page: 'sources/x', pageNumber: 2, quote: 'the words', line: 1 },
      { page: 'concepts/y', line: 1 },
    ],
  ],
  ['```\n[[concepts/y]]\n```\n`[[z]]` ![[picture]]', []],
  [
    '{"citations":[{"page":"wiki/a.md","document":"a","pageNumber":2,"quote":"q"}],"deep":[{"document":"b","quote":"r"}]}',
    [
      { page: 'wiki/a.md', document: 'a', pageNumber: 2, quote: 'q' },
      { page: 'b', document: 'b', quote: 'r' },
    ],
  ],
  [
    '{"blocks":[{"page":"wiki/a.md","digest":"sha256:0","text":"t"}],"page":"wiki/b.md","text":"not a block"}',
    [{ page: 'wiki/a.md', quote: 't' }],
  ],
  ['{ not JSON', []],
])('the citations of %j', (text, claims) => expect(claimsIn(text)).toEqual(claims))

test('of a long line are found in time', () => {
  expect(claimsIn('[['.repeat(100_000))).toEqual([])
  expect(claimsIn('"'.repeat(100_000))).toEqual([])
  expect(claimsIn(`[1] ${'x'.repeat(100_000)}`)).toEqual([])
})
