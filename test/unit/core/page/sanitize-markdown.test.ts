import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sanitizeLine, sanitizeMarkdown, plainLine } from '../../../../src/core/page/sanitize-markdown.ts'
import { isNonAnswer } from '../../../../src/core/non-answer.ts'
import { visibleText } from '../../../../src/core/page/visible-text.ts'

const resolve = (name: string) => (name === 'Known Page' ? 'concepts/known-page' : undefined)

test.each([
  ['plain *words* and **more**', 'plain *words* and **more**'],
  ['# Heading\n\ntext', 'Heading\n\ntext'],
  ['- ## item\n- two', '- item\n- two'],
  ['Setext\n===\ntext\n---\nmore', 'Setext\ntext\nmore'],
  ['a <b>bold</b> <script>x()</script> word', 'a bold x() word'],
  ['<scr<b>ipt>alert(1)</scr</b>ipt>', 'alert(1)'],
  ['1 < 2 and a<b', '1 < 2 and a&lt;b'],
  ['<img src=x onerror=alert(1)', '&lt;img src=x onerror=alert(1)'],
  ['![alt](https://x.example/i.png) seen', 'alt seen'],
  ['[text](wiki/concepts/ghost.md)', 'text'],
  ['[text][ref]\n\n[ref]: https://x.example', 'text'],
  ['[[Known Page]] and [[Known Page|it]]', '[[concepts/known-page|Known Page]] and [[concepts/known-page|it]]'],
  ['[[Ghost]] and [[../../etc/passwd|secret]] ![[embed]]', 'Ghost and secret embed'],
  ['[[broken', 'broken'],
  ['see https://x.example/a?b=c now', 'see `https://x.example/a?b=c` now'],
  ['javascript:alert(1)', 'alert(1)'],
  ['`<b>[[x]]` stays', '`<b>[[x]]` stays'],
  ['```js\nlet x\n```\nend', 'let x\nend'],
  ['\\`<b>x</b>` and ``<i>`` and one ` <u>', '`<b>x</b>` and  and one'],
  ['hid\u200Bden\u{E0041}\u202E', 'hidden'],
])('makes %j harmless', (text, expected) => {
  expect(sanitizeMarkdown(text, 1_000, resolve)).toBe(expected)
})

test('a line stays one line, without what would make it a heading or a list', () => {
  expect(sanitizeLine('## A\n\nlong   line\n- x', 100)).toBe('A long line - x')
})

test.each([
  ['## A **bold** _word_ and snake_case', 'A bold word and snake_case'],
  ['[text](http://x.example) [[target|shown]] ![alt](i.png)', 'text shown alt'],
  ['2 \\* 3 &lt; 7 `a*b*c`', '2 * 3 < 7 `a*b*c`'],
])('%j becomes %j', (markdown, plain) => {
  expect(plainLine(markdown, 200)).toBe(plain)
})

test('an escaped sign is text, and the words after it stay', () => {
  expect(sanitizeLine('three \\<m:oMath> elements', 100)).toBe('three &lt;m:oMath> elements')
  expect(sanitizeLine('three \\\\<b>bold</b> words', 100)).toBe('three \\\\bold words')
})

test('a text that is too long ends after a sentence or a word', () => {
  expect(sanitizeMarkdown(`${'One sentence. '.repeat(10)}`, 60)).toBe(
    'One sentence. One sentence. One sentence. One sentence.',
  )
  expect(sanitizeLine('word '.repeat(40), 52).length).toBeLessThanOrEqual(52)
})

test('no tag, heading, fence, image or unknown link remains of what a model writes', () => {
  const piece = fc.constantFrom(
    '<',
    '>',
    'b',
    '/',
    'script',
    '!--',
    '[',
    ']',
    '(',
    ')',
    '[[',
    ']]',
    '|',
    '# ',
    '## ',
    '\n',
    '```',
    '~~~',
    'javascript:',
    'https://x.y',
    ' ',
    '`',
    '!',
    '---',
    'a',
    '\u0001',
    '\u200B',
  )
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const sanitized = sanitizeMarkdown(pieces.join(''), 10_000)
      const prose = sanitized
        .split('\n')
        .map((line) => line.split(/`[^`]*`/).join('§'))
        .join('\n')
      expect(prose).not.toMatch(/<[a-z/!]|^\s*#{1,6}\s|\[\[|\]\]|^\s*(?:```|~~~)|!?\[[^\]]*\]\(/im)
    }),
    { numRuns: 2_000 },
  )
})

test.each([
  'No change from the previous output.',
  'no changes',
  'Unchanged.',
  'The page remains the same.',
  'N/A',
  '…',
  '',
  '  ',
  'None.',
  'I’m sorry, but I cannot help with that.',
  'As an AI language model, I read documents.',
  'Here is the summary:',
  'Nothing to add.',
  'No description available.',
])('%j is not an answer', (text) => {
  expect(isNonAnswer(text)).toBe(true)
})

test.each([
  'No man is an island.',
  'None of the methods reaches the bound.',
  'The same text is parsed twice.',
  'Noise in sensors.',
  'No changepoint was found in the series.',
  'Here we prove the theorem.',
  'Unchanging stars',
])('%j is an answer', (text) => {
  expect(isNonAnswer(text)).toBe(false)
})

test('invisible characters are removed, except those that join letters', () => {
  expect(visibleText('a\u200Bb\u00ADc\u2066d\uFEFF\r\ne\u0007\tf')).toBe('abcd\ne\tf')
  expect(visibleText('می\u200Cخواهم 👩\u200D💻')).toBe('می\u200Cخواهم 👩💻')
  expect(
    visibleText(`x${[...'ignore'].map((c) => String.fromCodePoint(0xe0000 + (c.codePointAt(0) ?? 0))).join('')}y`),
  ).toBe('xy')
})
