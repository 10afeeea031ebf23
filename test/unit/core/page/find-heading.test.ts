import { expect, test } from 'vitest'
import { findPart } from '../../../../src/core/page/find-heading.ts'

const TEXT = `# The note

Part one
--------

Words. ^words

## **Part** [[summaries/B|two]] (2)

~~~
# Not a heading
~~~

## Teil zwei: Über

A block of its own.

^alone
`

test.each([
  ['The note', 'The note'],
  ['the-note', 'The note'],
  ['part-one', 'Part one'],
  ['Part two (2)', 'Part two (2)'],
  ['part-two-2', 'Part two (2)'],
  ['The note#Part one', 'Part one'],
  ['teil-zwei-über', 'Teil zwei: Über'],
  ['^words', '^words'],
  ['^alone', '^alone'],
  ['^other', undefined],
  ['Not a heading', undefined],
  ['Part three', undefined],
  ['---', undefined],
  ['', undefined],
])('%j is %j', (part, found) => {
  expect(findPart(TEXT, part)).toBe(found)
})
