import { expect, it } from 'vitest'
import { PASSAGE_LENGTH, readMarkdown, readPages } from '../../../../src/core/search/passage.ts'
import { snippetOf } from '../../../../src/core/search/snippet.ts'
import { queryWords, words } from '../../../../src/core/search/words.ts'

it('a page is cut at headings and paragraphs; code stays whole, and links become their text', () => {
  const { title, passages } = readMarkdown(
    '# T\n\nSee [this](https://x.y/z "t") and [[concepts/a|A]].\n\n## One\n\n```md\n## not a heading\n\nx\n```\n\n### Empty\n',
  )
  expect(title).toBe('T')
  expect(passages).toEqual([
    { heading: 'T', text: 'See this and A.', links: 'https://x.y/z' },
    { heading: 'One', text: '```md\n## not a heading\n\nx\n```', links: '' },
    { heading: 'Empty', text: '', links: '' },
  ])
})

it('no passage of prose is longer than three times the target length, and no character is lost', () => {
  for (const text of ['word '.repeat(3000), 'x'.repeat(5000), '😀'.repeat(3000), 'A sentence. '.repeat(500)]) {
    const { passages } = readMarkdown(text)
    expect(passages.every((passage) => passage.text.length <= 3 * PASSAGE_LENGTH && passage.text.isWellFormed())).toBe(
      true,
    )
    expect(
      passages
        .map((passage) => passage.text)
        .join('')
        .replace(/\s/g, ''),
    ).toBe(text.replace(/\s/g, ''))
  }
})

it('truncated page text yields the pages before the cut', () => {
  const { passages } = readPages('[{"page":1,"content":"# A\\n\\none"},\n{"page":2,"content":"two"},\n{"page":3,"cont')
  expect(passages).toEqual([
    { heading: 'A', page: 1, text: 'one', links: '' },
    { heading: 'A', page: 2, text: 'two', links: '' },
  ])
})

it('words are folded, split by a dictionary if there are no spaces, and bounded', () => {
  expect(words('Self-Attention, CAFÉ ﬁne x_1')).toEqual(['self', 'attention', 'cafe', 'fine', 'x', '1'])
  expect(words('GPT模型很好')).toContain('gpt')
  expect(words('ภาษาไทย').join('')).toBe('ภาษาไทย')
  expect(words('a'.repeat(100))[0]).toHaveLength(64)
  expect(queryWords('what is the Rust rust borrow checker', 2)).toEqual(['rust', 'borrow'])
  expect(queryWords('to be or not to be', 10)).toEqual(['to', 'be', 'or', 'not'])
})

it('a snippet is one bounded line around the query words', () => {
  const snippet = snippetOf(`${'before '.repeat(80)}the otters\nswim ${'after '.repeat(80)}`, ['otter', 'swim'])
  expect(snippet).toContain('the otters swim')
  expect(snippet).toMatch(/^… .* …$/)
  expect(snippet.length).toBeLessThan(300)
  expect(snippetOf('short', ['x'])).toBe('short')
  // From the start of a sentence to the end of one, if they are near.
  const prose = `${'Gulls are loud at noon. '.repeat(20)}The otters swim. ${'Herons wade there at dawn. '.repeat(20)}`
  expect(snippetOf(prose, ['otter'])).toMatch(/^… The otters swim\. Herons .* dawn\. …$/)
})
