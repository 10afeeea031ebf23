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
      { page: 'sources/x', heading: 'Part', pageNumber: 2, quote: 'the words', line: 1 },
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

const x = { page: 'sources/x', quote: 'the words' }

test.each([
  ['> the words\n> — [[sources/x]], p. 3', [{ ...x, pageNumber: 3, line: 1 }]],
  ['> “the words” ([X](../sources/x.md#page=3))', [{ ...x, page: 'sources/x.md', pageNumber: 3, line: 1 }]],
  [
    'A.\n\n> the\n> words\n\n— Ada, in [[sources/x|X]], pp. 3–5',
    [
      { page: 'sources/x', quote: 'the\nwords', pageNumber: 3, lastPage: 5, line: 3 },
      { page: 'sources/x', pageNumber: 3, lastPage: 5, line: 6 },
    ],
  ],
  [
    'As [[sources/x]] says:\n\n> the words\n',
    [
      { page: 'sources/x', line: 1 },
      { ...x, line: 3 },
    ],
  ],
  [
    '## [[summaries/x|X]]\n\n> the words (page 4)\n> other words\n',
    [
      { page: 'summaries/x', line: 1 },
      { ...x, pageNumber: 4, line: 3 },
      { ...x, quote: 'other words', line: 4 },
    ],
  ],
  [
    '> the words [2]\n\n[2] wiki/sources/x.md page 3\n',
    [
      { ...x, page: 'wiki/sources/x.md', pageNumber: 3, line: 1 },
      { page: 'wiki/sources/x.md', pageNumber: 3, line: 3 },
    ],
  ],
  ['> nobody says where this is from', []],
  ...['„the words“', '«the words»', '»the words«', '‘the words’', '‹the words›', '「the words」', '"the\nwords"'].map(
    (quote): [string, object[]] => [
      `It says ${quote} ([[sources/x]]).`,
      [{ page: 'sources/x', quote: quote.slice(1, -1), line: 1 }],
    ],
  ),
  [
    '“the words”.[^a] And more.[^b]\n\n[^a]: [[sources/x]], p. 3\n',
    [
      { ...x, pageNumber: 3, line: 1 },
      { page: '[^b]', isDangling: true, line: 1 },
      { page: 'sources/x', pageNumber: 3, line: 3 },
    ],
  ],
  [
    'It is so.[^1]\n\n[^1]: wiki/sources/x.md page 3: "the words"',
    [{ ...x, page: 'wiki/sources/x.md', pageNumber: 3, line: 3 }],
  ],
  ['It is so.[^1]\n\n[^1]: “the words”, [[sources/x]]', [{ ...x, line: 3 }]],
  [
    '“the words” [1, 2]\n\n1. [[sources/x]]\n2. wiki/sources/y.md',
    [
      { ...x, others: [{ page: 'wiki/sources/y.md' }], line: 1 },
      { page: 'sources/x', line: 3 },
      { page: 'wiki/sources/y.md', line: 4 },
    ],
  ],
  [
    'As said [3].\n\nSources\n[1] tides: wiki/sources/x.md\n',
    [
      { page: '[3]', isDangling: true, line: 1 },
      { page: 'wiki/sources/x.md', line: 4 },
    ],
  ],
  ['RFC [3] and `[4]`, [x] and [a](https://example.org) and [b](src/main.ts).', []],
  [
    '- [[sources/x]], p. 3: “the “inner” words”',
    [{ page: 'sources/x', pageNumber: 3, quote: 'the “inner” words', line: 1 }],
  ],
  [
    '[[sources/x]]: “the words”, but [[sources/y]]: “others”',
    [
      { ...x, line: 1 },
      { page: 'sources/y', quote: 'others', line: 1 },
    ],
  ],
  [
    'See [[concepts/y#Part]] and kbgit://page/wiki/concepts/z.md.',
    [
      { page: 'concepts/y', heading: 'Part', line: 1 },
      { page: 'wiki/concepts/z.md', line: 1 },
    ],
  ],
  [
    '---\ntitle: "[[x]]"\n---\n\n“the words” (wiki/sources/x.md, page 3)',
    [{ ...x, page: 'wiki/sources/x.md', pageNumber: 3, line: 5 }],
  ],
  [
    '{"answer":"So “the words” [1] and [[y]].","citations":[{"page":"sources/x","quote":"the words"}]}',
    [x, { page: 'y' }, x],
  ],
  [
    '{"page":"a","quote":"b"}\n{"document":"c","page":2,"quote":"d"}\n',
    [
      { page: 'a', quote: 'b' },
      { page: 'c', document: 'c', pageNumber: 2, quote: 'd' },
    ],
  ],
])('the citations of %j', (text, claims) => expect(claimsIn(text)).toEqual(claims))

test('of a long line are found in time', () => {
  expect(claimsIn('[['.repeat(100_000))).toEqual([])
  expect(claimsIn('"'.repeat(100_000))).toEqual([])
  expect(claimsIn(`[1] ${'x'.repeat(100_000)}`)).toEqual([])
  for (const piece of ['> ', '[1]', '[a](', '“a” [', '— ', '“a” (', '[[a]]: ', '> “'])
    expect(claimsIn(piece.repeat(20_000)).length).toBeLessThan(10_001)
})
