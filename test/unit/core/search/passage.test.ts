import { coverageNote } from '../../../../src/core/document/coverage-note.ts'
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
  expect(words('Self-Attention, CAFÉ ﬁne x_1')).toEqual([
    'self',
    'attention',
    'selfattention',
    'cafe',
    'fine',
    'x',
    '1',
    'x1',
  ])
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

it("a wiki page's lists, outline, counts and facts are not passages; what a user wrote in them is", () => {
  const { passages, aliases, language } = readMarkdown(
    `---
type: summary
title: "Otters"
document: otters-2
language: en
---

# Otters

They swim.

Markdown, 3 pages · by Ada · from the folder notes

## Key points

- Otters eat fish. ([[sources/otters-2#Food|Food]])

## Outline

- Food (page 1)
  - Fish (page 2)

## Concepts

- [[concepts/River|River]]: Otters swim in it.

Also mentioned: Lake, Sea.

My own remark.

## Related

- [[summaries/herons|Herons]]: [[concepts/River|River]]

## Source

- Text: [[sources/otters-2|otters-2.md]]
- Original: [otters.md](../../raw/otters.md)
- Note: The table was cut.

## Mine

- [[concepts/River|River]]
`,
    { isWiki: true },
  )
  expect(passages).toEqual([
    { heading: 'Otters', text: 'They swim.', links: '' },
    { heading: 'Key points', text: '- Otters eat fish. (Food)', links: '' },
    { heading: 'Concepts', text: 'My own remark.', links: '' },
    { heading: 'Mine', text: '- River', links: '' },
  ])
  expect(aliases).toEqual(['otters-2'])
  expect(language).toBe('en')
  const topic =
    '# River\n\n3 documents on this page write about it.\n\nContinues on [[concepts/River--2|the next page]].\n'
  expect(readMarkdown(topic, { isWiki: true }).passages).toEqual([{ heading: 'River', text: '', links: '' }])
  expect(readMarkdown(topic).passages[0]?.text).toContain('3 documents')
})

it('what conversion has lost is a note of kbgit, not a passage of the document', () => {
  const note = coverageNote('99.98% of the words of the original were kept. Missing (1 word): "0" on page 9.')
  expect(readMarkdown(`${note}\n\nOtters swim.`).passages.map(({ text }) => text)).toEqual(['Otters swim.'])
  const pages = [
    { page: 1, content: `${note}\n\nOtters swim.` },
    { page: 2, content: '> **Note:** Otters bite.' },
  ]
  const found = readPages(JSON.stringify(pages)).passages.map(({ text }) => text)
  expect(found).toEqual(['Otters swim.', expect.stringContaining('Otters bite.')])
})

it('a line break is a line end; in code a backslash stays', () => {
  const { passages } = readMarkdown('One\\\ntwo \\\\\nthree\n\n```sh\nls \\\n  -l\n```\n')
  expect(passages[0]?.text).toBe('One\ntwo \\\\\nthree\n\n```sh\nls \\\n  -l\n```')
})
