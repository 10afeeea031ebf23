import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { QuoteFinder } from '../../../../src/core/search/quote-finder.ts'

const TEXT =
  'The **Transformer** uses “self‑attention” –\nand   nothing else. Später kam die Überprüfung. 注意力机制是核心的部分，没有别的东西。 An emoji 😀 ends the tale here.'

const found = (quote: string): string | undefined => {
  const span = new QuoteFinder(TEXT).find(quote)
  return span === undefined ? undefined : TEXT.slice(span.start, span.end)
}

test.each([
  ['The Transformer uses "self-attention"', 'The **Transformer** uses “self‑attention'],
  ['uses "self-attention" - and nothing else.', 'uses “self‑attention” –\nand   nothing else.'],
  ['SPÄTER KAM DIE ÜBERPRÜFUNG', 'Später kam die Überprüfung'],
  ['注意力机制是核心的部分', '注意力机制是核心的部分'],
  ['An emoji 😀', undefined],
  ['An emoji 😀 ends the tale', 'An emoji 😀 ends the tale'],
  ['The Transformer … nothing else. Später kam', 'nothing else. Später kam'],
  ['the', undefined],
  ['', undefined],
  ['nothing more', undefined],
])('finds %j', (quote, expected) => {
  expect(found(quote)).toBe(expected)
})

test('a span never splits a character', () => {
  const text = 'one two three 😀'
  const span = new QuoteFinder(text).find('two three 😀')
  expect(text.slice(span?.start, span?.end)).toBe('two three 😀')
})

test('every slice of sufficient length is found in its text, and reads the same', () => {
  const plain = (text: string) =>
    text
      .replace(/[*_`\\\s]+/g, '')
      .toLowerCase()
      .normalize('NFKC')
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('alpha', 'beta', '**gamma**', '\n', '  ', 'über', '注意', '😀', '–')),
      fc.nat(),
      fc.nat(),
      (words, a, b) => {
        const text = words.join(' ')
        const slice = text
          .slice(Math.min(a, b) % (text.length + 1), Math.max(a, b) % (text.length + 1))
          .toWellFormed()
          .replaceAll('\uFFFD', '')
        const span = new QuoteFinder(text).find(slice)
        const letters = slice.match(/[\p{L}\p{N}]/gu)?.length ?? 0
        if (letters >= 8)
          expect(plain(text.slice(span?.start, span?.end))).toContain(plain(slice).replace(/^[–-]+|[–-]+$/g, ''))
      },
    ),
  )
})

test('a mention consists of whole words, except in scripts without spaces', () => {
  const finder = new QuoteFinder(TEXT)
  expect(
    ['transformer', 'Transform', 'self-attention', '注意力', 'tale here', 'C', ''].map((name) => finder.mentions(name)),
  ).toEqual([true, false, true, true, true, false, false])
})

test('links are read by their text: in the quote, in the text, in both or in neither', () => {
  const plain = 'See the meeting of March for what was decided.'
  const linked = 'See [[summaries/Meeting|the meeting]] of [March](../sources/March.md#A%20(b)) for what was decided.'
  for (const text of [plain, linked])
    for (const quote of [plain, linked]) {
      const span = new QuoteFinder(text).find(quote)
      expect(text.slice(span?.start, span?.end).replace(/\.$/, '')).toBe(text.replace(/\.$/, ''))
    }
})
