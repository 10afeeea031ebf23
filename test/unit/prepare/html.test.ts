// Web pages: no content is lost, whatever its class or id, and site navigation is left out.
import { describe, expect, test } from 'vitest'
import { htmlToMarkdown } from '../../../src/prepare/html-markdown.ts'
import { StagingFolder } from '../../support/staging.ts'

const folder = await StagingFolder.make()
const SENTENCE = 'Every vessel that enters the old harbour pays a fee, which is set by the office beside the lock. '
const page = (body: string, head = ''): string => `<!doctype html><html><head>${head}</head><body>${body}</body></html>`
const article = (inner: string): string => page(`<article><h1>Fees</h1><p>${SENTENCE.repeat(20)}</p>${inner}</article>`)
const textOf = async (html: string): Promise<string> => (await folder.prepare('page.html', html)).text

describe('a web page keeps', () => {
  test.each([
    [
      'the head and the sum of a table',
      '<table><tr class="header"><th>Boat</th></tr><tr class="footer"><td>Sum of both</td></tr></table>',
      'Sum of both',
    ],
    [
      'a row that is named as navigation',
      '<table><tr class="nav"><td>a</td><td>Nav row</td></tr><tr><td>b</td><td>c</td></tr></table>',
      'Nav row',
    ],
    [
      'a warning in the midst of the text',
      '<aside class="note">Turn off the pressure.</aside><p>More.</p>',
      'Turn off the pressure.',
    ],
    ['its author', '<p class="author">By Ann Archer</p>', 'By Ann Archer'],
    ['a remark below', '<p class="footer-note">Doubled in May.</p>', 'Doubled in May.'],
    ['the labels of buttons, apart', '<div><button>Left</button><button>Right</button></div>', 'Left Right'],
    [
      'a short list that is named as related',
      '<div class="related"><p>Boats are related to fees by law, which the office has decided in the spring.</p></div>',
      'related to fees by law',
    ],
  ])('%s', async (_, inner, expected) => {
    expect(await textOf(article(inner))).toContain(expected)
    expect(await textOf(page(inner))).toContain(expected)
  })

  test('the title above its main part', async () => {
    const text = await textOf(page(`<header><h1>The fees</h1></header><main><p>${SENTENCE.repeat(20)}</p></main>`))
    expect(text).toMatch(/^# The fees\n\nEvery vessel/)
  })

  test('all of its articles, and what is between them', async () => {
    const text = await textOf(
      page(
        `<article><p>First. ${SENTENCE}</p></article><p>Between. ${SENTENCE}</p><article><p>Last. ${SENTENCE}</p></article>`,
      ),
    )
    for (const word of ['First', 'Between', 'Last']) expect(text).toContain(word)
  })

  test('the panels of its tabs, each under its label', async () => {
    const text = await textOf(
      article(
        '<ul class="nav" role="tablist"><li><a role="tab" aria-controls="a">Linux</a></li><li><a role="tab" aria-controls="b">Windows</a></li></ul><div id="a" role="tabpanel"><p>Use apt.</p></div><div id="b" role="tabpanel" hidden><p>Use winget.</p></div>',
      ),
    )
    expect(text).toContain('**Linux**\n\nUse apt.\n\n**Windows**\n\nUse winget.')
  })

  test('a page with misplaced tags', async () => {
    expect(await textOf('<html><head><title>T</title><body><p>Some text')).toBe('Some text\n')
    expect(await textOf(page('<p>Some text</p></body><p>Behind it.</p>'))).toBe('Some text\n\nBehind it.\n')
    expect(await textOf('<title>T</title><p>Some text<p>More')).toBe('Some text\n\nMore\n')
  })
})

test('a web page loses its site navigation, which is not reported as lost', async () => {
  const { text, prepared } = await folder.prepare(
    'page.html',
    page(
      `<nav><a href="/">Home</a> <a href="/x">Prices</a></nav><main><h1>Fees</h1><p>${SENTENCE.repeat(20)}</p></main>
       <div class="sidebar"><a href="/1">Other page</a></div><footer>All rights reserved</footer><p hidden>Unseen</p>`,
    ),
  )
  for (const word of ['Home', 'Prices', 'Other page', 'rights', 'Unseen']) expect(text).not.toContain(word)
  expect(prepared).toMatchObject({ notes: [] })
  expect(prepared.warnings).toBeUndefined()
})

describe('footnotes of a web page', () => {
  const forms = {
    plain: [
      '<sup id="r1"><a href="#fn1">[1]</a></sup>',
      '<ol class="footnotes"><li id="fn1">The note. <a href="#r1">back</a></li></ol>',
    ],
    pandoc: [
      '<a href="#fn1" class="footnote-ref" id="fnref1" role="doc-noteref"><sup>1</sup></a>',
      '<section class="footnotes" role="doc-endnotes"><hr><ol><li id="fn1"><p>The note.<a href="#fnref1" class="footnote-back" role="doc-backlink">↩︎</a></p></li></ol></section>',
    ],
    wikipedia: [
      '<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup>',
      '<ol class="references"><li id="cite_note-1"><span class="mw-cite-backlink"><b><a href="#cite_ref-1">^</a></b></span> <span>The note.</span></li></ol>',
    ],
    github: [
      '<sup><a href="#user-content-fn-1" id="user-content-fnref-1" data-footnote-ref>1</a></sup>',
      '<section data-footnotes class="footnotes"><h2 class="sr-only">Footnotes</h2><ol><li id="user-content-fn-1"><p>The note. <a href="#user-content-fnref-1" data-footnote-backref>↩</a></p></li></ol></section>',
    ],
    ghost: ['<a href="#note-a"><sup>a</sup></a>', '<div class="notes"><p id="note-a"><sup>a</sup> The note.</p></div>'],
    anchors: [
      '<sup><a href="#n1" name="c1">1</a></sup>',
      '<div class="endnotes"><p><a name="n1" href="#c1">1</a> The note.</p></div>',
    ],
  } as const

  test.each(Object.entries(forms))(
    'in the form of %s are referenced and defined, in short pages and in long ones',
    async (_, [call, note]) => {
      for (const times of [1, 30]) {
        const { text, prepared } = await folder.prepare(
          'page.html',
          article(`<p>${SENTENCE.repeat(times)}A claim${call} goes on.</p>${note}`),
        )
        expect(text).toContain('A claim[^1] goes on.')
        expect(text).toMatch(/\n\[\^1\]: The note\.\n$/)
        expect(prepared.warnings).toBeUndefined()
      }
    },
  )

  test('are not confused with other links', async () => {
    const text = await textOf(
      article(
        '<p>See <a href="#part">2</a> and <a href="#part">the second part</a>.</p><div id="part"><p>The second part is here.</p></div>',
      ),
    )
    expect(text).toContain('See 2 and the second part.\n\nThe second part is here.')
  })
})

describe('addresses of a web page', () => {
  test('are relative to the base that it declares', async () => {
    const text = await textOf(
      page('<p><a href="b.html">b</a></p>', '<base href="https://example.org/a/"><title>T</title>'),
    )
    expect(text).toContain('[b](https://example.org/a/b.html)')
  })

  test('without a scheme refer to the web', async () => {
    expect(await textOf(page('<p><a href="//example.org/x">x</a></p>'))).toContain('[x](https://example.org/x)')
  })
})

describe('formulas in the text of a web page', () => {
  test.each([
    ['Let $a_{i}*b_{j}*c$ be', 'Let $a_{i}*b_{j}*c$ be'],
    ['and \\(x_1 * y_2\\) too', 'and $x_1 * y_2$ too'],
    ['\\[ \\sum_{k} a_k^* \\]', '$$\\sum_{k} a_k^*$$'],
    ['$$ M_{1} $$', '$$M_{1}$$'],
    ['costs $5 or $10_000', 'costs $5 or $10_000'],
    ['*not* a formula', '\\*not\\* a formula'],
  ])('%s', async (source, expected) => {
    expect(await textOf(page(`<p>${source}</p>`))).toContain(expected)
  })
})

describe('tables of a web page', () => {
  test('keep blocks in their cells', async () => {
    const text = await textOf(
      page(
        '<table><tr><th>A</th><th>B</th></tr><tr><td><ul><li>one</li><li>two</li></ul></td><td><h3>Head</h3><p>p</p><pre>x = 1\ny</pre></td></tr></table>',
      ),
    )
    expect(text).toBe('| A | B |\n| --- | --- |\n| one; two | **Head** p `x = 1` `y` |\n')
  })

  test('that lay out a page are replaced by the tables inside them', async () => {
    const inner = '<table><tr><td>a</td><td>b</td></tr><tr><td>c</td><td>d</td></tr></table>'
    expect(await textOf(page(`<table><tr><td>${inner}</td><td>Beside.</td></tr></table>`))).toBe(
      '| a | b |\n| --- | --- |\n| c | d |\n\nBeside.\n',
    )
  })
})

test('a page without text until scripts fill it is refused, with a hint', async () => {
  const shell = page('<div id="root"></div><noscript>You need JavaScript.</noscript><script src="app.js"></script>')
  expect(await folder.refuse('shell.html', shell)).toMatchObject({
    code: 'empty',
    hint: expect.stringContaining('browser'),
  })
})

test('the head of a web page becomes metadata', async () => {
  const { prepared, text } = await folder.prepare(
    'page.html',
    page(
      `<h1>The fees</h1><p>${SENTENCE}</p>`,
      `<title>The fees | Harbour news</title><meta name="dc.description" content="What the office asks for."><script type="application/ld+json">{"@type":"Article","datePublished":"2026-02-03","author":{"name":"Ann"}}</script>`,
    ),
  )
  expect(prepared).toMatchObject({ title: 'The fees', author: 'Ann', date: '2026-02-03' })
  expect(text).toMatch(/^# The fees\n\nWhat the office asks for\.\n\n/)
})

test('lists and quotes inside each other are indented up to a depth, below it their text goes on', async () => {
  const depth = 120
  const text = await textOf(
    page(`${Array.from({ length: depth }, (_, n) => `<dl><dd>berth ${n} `).join('')}</dd></dl><p>After.</p>`),
  )
  expect(text.match(/berth \d+/g)).toHaveLength(depth)
  expect(Math.max(...text.split('\n').map((line) => line.search(/\S/)))).toBeLessThan(120)
})

test('conditional comments of Word leave nothing behind', async () => {
  const text = await textOf(
    page(
      '<!--[if mso]>hidden<![endif]--><p><![if !supportLists]>1.<![endif]>First</p><!--[if !mso]><!--><p>Shown</p><!--<![endif]-->',
    ),
  )
  expect(text).toBe('1\\.First\n\nShown\n')
})

test.each([
  ['<p>One<br><br>two<br>\n&nbsp;<br/>three<br>four', 'One\n\ntwo\n\nthree\\\nfour'],
  ['<font>One<br><br>two</font>', 'One\n\ntwo'],
  ['<p>A <b>mark<br><br>stays</b> whole', 'A **mark\\\nstays** whole'],
  ['<p><b><br>Title<br></b>text', '**Title**\\\ntext'],
  ['<ul><li>One<br><br>two</ul>', '- One\n\n  two'],
])('line breaks in a row end a paragraph: %s', (html, markdown) => {
  expect(htmlToMarkdown(html)).toBe(markdown)
})

test('a page of nothing but links keeps them', async () => {
  const { text } = await folder.prepare(
    'menu.html',
    '<body><div class="nav"><h2><a href="/home">Home</a></h2></div></body>',
  )
  expect(text).toContain('Home')
})
