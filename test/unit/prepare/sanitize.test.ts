import { array, assert, asyncProperty, constantFrom } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sanitize } from '../../../src/prepare/sanitize.ts'
import { parseMarkdown } from '../../../src/prepare/markdown-tree.ts'

const options = { hasImage: (file: string) => file === '1.png' }
const clean = (text: string): Promise<string> => sanitize(text, options)

/** What the parser finds active. */
function active(text: string): string[] {
  const found: string[] = []
  const walk = (node: { type: string; url?: string; children?: unknown[] }): void => {
    if (node.type === 'html') found.push('html')
    if (/^(?:link|image|definition)$/.test(node.type) && /^\s*(?:javascript|file|vbscript):/i.test(node.url ?? ''))
      found.push(node.url ?? '')
    if (node.type === 'image') found.push('image')
    for (const child of node.children ?? []) walk(child as typeof node)
  }
  const tree = parseMarkdown(text)
  if (tree !== undefined) walk(tree)
  return found
}

describe('harmless text stays the same byte for byte', () => {
  test.each([
    'plain *text*, a [link](https://example.com), a [part](#here) and <https://example.com>\n',
    'inline `<b onclick="x">` and `[[page]]` and ``a ` <i> b``\n',
    '```html\n<script>alert(1)</script>\n[[page]] ![x](https://e.com/i.png)\n```\n',
    '~~~\n<iframe>\n~~~\n\n    <script>indented</script>\n',
    '> ```\n> <b>quoted code</b>\n> ```\n',
    '| a | b |\n|---|---|\n| `x<y>` | z |\n',
    '![ours](kbgit-image:1.png)\n',
    '![dot](data:image/png;base64,iVBORw0KGgo=)\n',
    'a < b and c > d, 1 <2, \\<script>, &lt;script&gt;\n',
    'left-to-right mark \u200e, right-to-left mark \u200f, שלום עולם, مرحبا\n',
  ])('%j', async (text) => {
    expect(await clean(text)).toBe(text)
  })
})

describe('active content becomes text', () => {
  test.each([
    ['a script loses its content', 'a <script>alert(1)</script> b', 'a  b'],
    ['a block of script goes', '<script>\nalert(1)\n</script>\n\nafter', '\n\nafter'],
    ['an image with a handler', '<img src="https://e.com/y.png" onerror="x()">', '[y.png](https://e.com/y.png)'],
    ['marks become Markdown', '<b>bold</b> and <em>leaning</em>', '**bold** and *leaning*'],
    [
      'raised and lowered letters stay apart',
      '10<sup>3</sup>, x<sup>2n</sup>, H<sub>2</sub>O, V<sub>max</sub>',
      '10³, x²ⁿ, H₂O, V_max',
    ],
    ['readings stand in parentheses', '<ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp></ruby>', '漢(かん)'],
    ['a matrix stays as it is', '$$\nM = [[1,2],[3,4]]\n$$', '$$\nM = [[1,2],[3,4]]\n$$'],
    ['a formula becomes LaTeX', 'It is <math><mfrac><mn>10</mn><mn>3</mn></mfrac></math> m', 'It is $\\frac{10}{3}$ m'],
    ['a link keeps its web address', '<a href="https://e.com" onclick="x()">here</a>', '[here](https://e.com)'],
    ['a link loses its script', 'see <a href="javascript:x()">here</a>', 'see here'],
    [
      'a table becomes one',
      '<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>',
      '| A | B |\n| --- | --- |\n| 1 | 2 |',
    ],
    ['a type parameter is no tag', 'Vec<T> and Option<String>', 'Vec\\<T> and Option\\<String>'],
    ['frames and forms go', '<iframe src="https://e.com"></iframe><form action="/x"><button>Go</button></form>', 'Go'],
    ['comments go', 'a <!-- secret --> b', 'a  b'],
    ['quoted HTML stays quoted', '> <div onclick="x">\n> text\n> </div>\n>\n> after', '> text\n>\n> after'],
    ['HTML in a table row stays on its line', '| a |\n|---|\n| x<br>y |\n', '| a |\n|---|\n| x y |\n'],
    ['a script target', '[x](javascript:alert(1))', 'x'],
    ['a script target in disguise', '[x](&#x6a;avascript:alert(1)) [y](<JaVaScRiPt:alert(1)>)', 'x y'],
    ['a script autolink', '<javascript:alert(1)>', 'javascript:alert(1)'],
    ['a file target', '[f](file:///etc/passwd)', 'f'],
    ['a program of the reader', '[o](obsidian://open?x) [c](command:run)', 'o c'],
    ['a data target', '[d](data:text/html;base64,AAAA)', 'd'],
    ['a script behind a reference', '[x][a]\n\n[a]: javascript:alert(1)\n', 'x\n\n\n'],
    ['a remote image becomes a link', '![alt](https://e.com/a.png)', '[alt](https://e.com/a.png)'],
    ['a remote image without text', '![](https://e.com/b.png)', '[b.png](https://e.com/b.png)'],
    [
      'a badge becomes its link',
      '[![build](https://e.com/c.svg)](https://ci.example.com)',
      '[build](https://ci.example.com)',
    ],
    [
      'a remote image behind a reference',
      '![z][b]\n\n[b]: https://e.com/i.png\n',
      '[z](https://e.com/i.png)\n\n[b]: https://e.com/i.png\n',
    ],
    ['an image that was not stored', '![no](kbgit-image:2.png)', 'no'],
    ['an image outside of the folder', '![no](kbgit-image:../../x)', 'no'],
    ['a link that leads nowhere', '[other](./other.md)', 'other (./other.md)'],
    [
      'wikilinks',
      '[[page]] and ![[embed]] and [[1]](https://e.com)',
      '[\\[page\\]] and \\![\\[embed\\]] and [\\[1\\]](https://e.com)',
    ],
    ['terminal controls', 'a\u001b[31mred', 'a[31mred'],
    ['overrides of direction', 'abc\u202edef\u2066', 'abcdef'],
    ['NUL, in code too', 'a\u0000b `c\u0000d`', 'ab `cd`'],
  ])('%s', async (_, text, expected) => {
    expect(await clean(text)).toEqual(expected)
  })

  test('what an edit reveals is found as well', async () => {
    expect(await clean('<scr<b>ipt>alert(1)</scr</b>ipt>')).not.toMatch(/<script/i)
  })

  test('relative addresses in a fetched page become absolute', async () => {
    const text = await sanitize('[a](../b.html) ![c](/d.png)', { ...options, url: 'https://e.com/x/y' })
    expect(text).toBe('[a](https://e.com/b.html) [c](https://e.com/d.png)')
  })

  test('a link is found in every segment of a long text', async () => {
    const text = `${'A paragraph of words.\n\n'.repeat(4_000)}[x](javascript:alert(1))\n`
    expect(await clean(text)).not.toContain('javascript')
  })
})

describe('any input', () => {
  const pieces = constantFrom(
    '<',
    '>',
    '</',
    'script',
    '<script>',
    '<b',
    '<img src=x onerror=y>',
    '`',
    '``',
    '```\n',
    '~~~\n',
    '\n',
    '\n\n',
    '- ',
    '    ',
    '> ',
    '[',
    ']',
    '[[',
    ']]',
    '(',
    ')',
    '](javascript:x)',
    '![',
    '\\',
    '|',
    '&lt;',
    '&#x6a;',
    '<!--',
    '-->',
    'a',
    ' ',
    '[a]: javascript:y\n',
    '[a]',
    '*',
    '_',
    '$',
    '<a href=javascript:x>',
    '</a>',
    '\u202e',
    '<T>',
    'https://e.com',
    '@e.com',
    'www.e.com',
  )
  test('has no active content left, and a second pass changes nothing', async () => {
    await assert(
      asyncProperty(array(pieces, { maxLength: 40 }), async (parts) => {
        const text = await clean(parts.join(''))
        expect(active(text)).toEqual([])
        expect(await clean(text)).toBe(text)
      }),
      { numRuns: 600, seed: 7, endOnFailure: true },
    )
  })

  test.each([
    ['brackets', '['.repeat(50_000)],
    ['half links', '[a]('.repeat(20_000)],
    ['emphasis', 'a*b'.repeat(15_000)],
    ['quotes in quotes', '>'.repeat(50_000)],
    ['lists in lists', '- '.repeat(20_000)],
    ['open tags', '<div>'.repeat(20_000)],
    ['tags without an end', '<a '.repeat(20_000)],
    ['comments without an end', '<!--'.repeat(15_000)],
  ])('endless %s are handled', async (_, text) => {
    expect(active(await clean(`${text}<b>`))).toEqual([])
  })
})

describe('texts of many segments', () => {
  const filler = (indent: string): string => `${indent}words of a paragraph that goes on\n\n`.repeat(1_500)

  test('what continues a list is not code', async () => {
    const text = `- item\n\n${filler('  ')}    <script>alert(1)</script>\n\n${filler('')}end\n`
    expect(await clean(text)).not.toContain('<script>')
  })

  test('unclosed code neither absorbs nor exposes what follows', async () => {
    const text = `${filler('')}\`\`\`\ncode <b>\n\n    \`\`\`\n\n${filler('')}<i>x</i>\n\`\`\`\n\n<script>alert(1)</script>\n`
    expect(active(await clean(text))).toEqual([])
  })

  test.each(['a<b>', 'a<sup>', 'a</em>'])('tags without their other half take no time: %s', async (tag) => {
    const start = performance.now()
    await sanitize(tag.repeat(10_000), { hasImage: () => false })
    expect(performance.now() - start).toBeLessThan(10_000)
  })

  test('an endless table or line has nothing active in it', async () => {
    expect(active(await clean(`| a |\n|---|\n${'| `x | <b>y</b>` |\n'.repeat(20_000)}`))).toEqual([])
    expect(active(await clean(`${'word '.repeat(80_000)}<b>x</b>`))).toEqual([])
  })

  test('an escape that is part of an address does not count', async () => {
    expect(
      active(await clean('see https://e.com\\<b>x</b> and www.e.com\\![i](https://e.com/i.png) and a@e.com\\<T>')),
    ).toEqual([])
  })
})
