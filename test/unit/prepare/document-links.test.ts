// Links of a note on their way through the worker: out of the text, and nothing that is left can be one by accident.
import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import type { Node } from 'mdast'
import { describe, expect, test } from 'vitest'
import { relink } from '../../../src/core/document/linked-text.ts'
import { parseMarkdown } from '../../../src/prepare/markdown-tree.ts'
import { StagingFolder } from '../../support/staging.ts'

const root = await StagingFolder.make()

async function linksOf(note: string, name = 'note.md') {
  const { prepared, text } = await root.prepare(name, note)
  const links = (prepared.links ?? []).map(({ to, part, text: shown }) => [
    to,
    ...(part === undefined ? [] : [part]),
    shown,
  ])
  return { text: text.trim(), links }
}

describe('a link of a note', () => {
  test.each([
    ['[[Note]]', 'Note', ['Note', 'Note']],
    ['[[sub/Note.md|a text]]', 'a text', ['sub/Note.md', 'a text']],
    ['[[Note#One#Two]]', 'Note > One > Two', ['Note', 'One#Two', 'Note > One > Two']],
    ['[[Note#^b1]]', 'Note', ['Note', '^b1', 'Note']],
    ['![[Note]]', 'Note', ['Note', 'Note']],
    ['![[paper.pdf#page=3]]', 'paper.pdf', ['paper.pdf', 'paper.pdf']],
    ['[[#Here]]', 'Here', ['', 'Here', 'Here']],
    ['[a **b**](Other%20note.md "Title")', 'a **b**', ['./Other note.md', 'a **b**']],
    ['[a](<../x y.md#One>)', 'a', ['../x y.md', 'One', 'a']],
    ['[a][r]\n\n[r]: z.md', 'a', ['./z.md', 'a']],
    ['[a](/top.md)', 'a', ['/top.md', 'a']],
    ['---\nurl: https://example.org\n---\n[a](b.md)', 'a', ['./b.md', 'a']],
  ])('%s', async (note, text, link) => {
    expect(await linksOf(note)).toEqual({ text, links: [link] })
  })

  test.each([
    '`[[x]]`',
    '    [[x]]',
    '$a_{[[x]]}$',
    '[a](https://example.org/x.md)',
    '![[missing.png]]',
    '[[]]',
    '[[ | ]]',
  ])('is not: %s', async (note) => {
    expect((await linksOf(note)).links).toEqual([])
  })

  test('of a page leads to another file, and double brackets mean nothing there', async () => {
    const { links } = await linksOf('<p>The <a href="b.html#c">page</a> and [[x]].</p>', 'page.html')
    expect(links).toEqual([['./b.html', 'c', 'page']])
  })

  test('is kept in a list of nothing but links, however long', async () => {
    const list = Array.from({ length: 900 }, (_, at) => `- [[N ${at}]]`).join('\n')
    expect((await linksOf(list)).links).toHaveLength(900)
  })
})

test('whatever a note consists of, a reader finds no link in its text but those to documents', async () => {
  const pieces = constantFrom(
    '[[x]]',
    '![[x]]',
    '[[x|y]]',
    '[a](b.md)',
    '](javascript:alert(1))',
    ': javascript:alert(1)',
    '(javascript:alert(1))',
    '[',
    ']',
    '!',
    '`',
    '|',
    '\n',
    '\n\n',
    '\\',
    '$',
    '<b>',
    '<a href="javascript:alert(1)">',
    '](kbgit-link:0)',
    ' ',
    'word',
  )
  await assert(
    asyncProperty(array(pieces, { minLength: 1, maxLength: 14 }), async (parts) => {
      const { prepared, text } = await root.prepare('note.md', `word ${parts.join('')}`)
      const owner = { kind: 'short' as const, source: 'wiki/sources/a.md', links: prepared.links ?? [] }
      const linked = relink(text, owner, () => 'summaries/x')
      expect(linked).toBeDefined()
      for (const one of [text, linked ?? ''])
        for (const url of addressesIn(parseMarkdown(one))) expect(url).toMatch(/^(?:\.\.\/summaries\/x\.md|#.*)$/)
    }),
    { numRuns: 300 },
  )
})

function addressesIn(node: Node | undefined): string[] {
  if (node === undefined) return []
  const own = 'url' in node && typeof node.url === 'string' ? [node.url] : []
  return [...own, ...('children' in node ? (node.children as Node[]).flatMap(addressesIn) : [])]
}
