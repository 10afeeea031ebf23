import { array, assert, constantFrom, integer, property, record, tuple } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { DocumentLink } from '../../../../src/core/document/document.ts'
import { relink, targetOf, withoutLinks } from '../../../../src/core/document/linked-text.ts'

const source = 'wiki/sources/from.md'
const linked = (text: string, links: DocumentLink[], target: string | undefined, path = source): string =>
  relink(text, { kind: 'short', source: path, links }, () => target) ?? ''
const link = (to: string, text: string, at: number, more: Partial<DocumentLink> = {}): DocumentLink => ({
  to,
  text,
  at,
  ...more,
})

describe('a link in a text', () => {
  test('is a wikilink of what it displays, and that alone when it leads nowhere', () => {
    expect(linked('See the note.', [link('Note', 'the note', 4)], 'summaries/Note')).toBe(
      'See [[summaries/Note|the note]].',
    )
    expect(linked('See [[summaries/Note|the note]].', [link('Note', 'the note', 4)], undefined)).toBe('See the note.')
  })

  test.each([
    ['| the note | x |', 2],
    ['**the note**(javascript:alert(1))', 2],
    ['the note(javascript:alert(1))', 0],
    ['the note: javascript:alert(1)', 0],
    ['[the note]', 1],
  ])('is a Markdown link where brackets and bars would mean something else: %s', (text, at) => {
    const shown = text.startsWith('**') ? 'the note**'.slice(0, 8) : 'the note'
    const result = linked(text, [link('Note', shown, at)], 'summaries/v2/Note', 'wiki/sources/v3/from.md')
    if (text.startsWith('**')) expect(result).toContain('[[summaries/v2/Note|the note]]**(')
    else expect(result).toBe(`${text.slice(0, at)}[the note](../../summaries/v2/Note.md)${text.slice(at + 8)}`)
    expect(withoutLinks(result, { kind: 'short', source, links: [link('Note', shown, at)] })).toBe(text)
  })

  test('keeps the marks of its text', () => {
    expect(linked('See **it** now', [link('Note', '**it**', 4)], 'sources/Note#Key dates (old)')).toBe(
      'See [**it**](../sources/Note.md#Key%20dates%20%28old%29) now',
    )
  })

  test('leads to a heading of a page, and to the summary of a long document', () => {
    const paths = { source: 'wiki/sources/Note.md', summary: 'wiki/summaries/Note.md' }
    expect(targetOf({ kind: 'short', ...paths }, 'Key dates')).toBe('sources/Note#Key dates')
    expect(targetOf({ kind: 'long', ...paths }, 'Key dates')).toBe('summaries/Note')
    expect(targetOf({ kind: 'short', ...paths })).toBe('summaries/Note')
  })

  test('in a text that was edited is left alone', () => {
    expect(
      relink('Sea the note.', { kind: 'short', source, links: [link('N', 'a note', 4)] }, () => 'x'),
    ).toBeUndefined()
  })

  test('is on its page of a long document', () => {
    const json =
      '[\n{"page":1,"content":"One","images":[]},\n{"page":2,"content":"Two \\"x\\"","images":["1.png"]}\n]\n'
    const owner = { kind: 'long' as const, source: 'wiki/sources/l.json', links: [link('Two', 'Two', 0, { page: 2 })] }
    const result = relink(json, owner, () => 'summaries/Two') ?? ''
    expect(JSON.parse(result)).toEqual([
      { page: 1, content: 'One', images: [] },
      { page: 2, content: '[[summaries/Two|Two]] "x"', images: ['1.png'] },
    ])
    expect(withoutLinks(result, owner)).toBe(json)
  })
})

test('texts come back as they were, however their links come and go', () => {
  const words = constantFrom(
    'a',
    'Note',
    'two words',
    '**b**',
    'x_y',
    '[',
    ']',
    '(',
    ')',
    '!',
    '|',
    ' ',
    '\n',
    '\\',
    '`c`',
  )
  const pieces = array(record({ text: words, links: constantFrom(true, false) }), { maxLength: 30 })
  assert(
    property(
      pieces,
      array(tuple(integer({ min: 0, max: 29 }), constantFrom(undefined, 'summaries/A', 'sources/v2/B#Part 1')), {
        maxLength: 40,
      }),
      (parts, steps) => {
        let text = ''
        const links: DocumentLink[] = []
        for (const { text: word, links: isLink } of parts) {
          if (isLink && /\w/.test(word)) links.push(link('To', word, text.length))
          text += word
        }
        let now = text
        for (const [index, target] of steps) {
          const next = relink(now, { kind: 'short', source, links }, (one, before) =>
            one === links[index] ? target : before,
          )
          expect(next).toBeDefined()
          now = next ?? now
        }
        expect(withoutLinks(now, { kind: 'short', source, links })).toBe(text)
      },
    ),
  )
})
