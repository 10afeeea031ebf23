// What is specific to single formats, in addition to what all of them must preserve.
import { describe, expect, test } from 'vitest'
import { StagingFolder } from '../../support/staging.ts'
import { odf, workbook } from '../../support/documents.ts'
import { repacked } from '../../support/zip.ts'
import { plain } from './conformance.ts'

const folder = await StagingFolder.make()
const PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from([0, 0, 1, 0, 0, 0, 1, 0]),
  Buffer.alloc(64, 7),
])
const TINY_PNG = Buffer.concat([
  Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'),
  Buffer.from([0, 0, 0, 8, 0, 0, 0, 8]),
  Buffer.alloc(64, 7),
])

describe('notes', () => {
  test('have author, date and title from their front matter', async () => {
    const { prepared, text } = await folder.prepare(
      'note.md',
      '---\ntitle: A note\nauthor: [Ann, Bob]\ndate: 2026-02-03\nlang: de\ntags: [one, two]\n---\n\n# Heading\n\nText.\n',
    )
    expect(prepared).toMatchObject({ title: 'A note', author: 'Ann, Bob', date: '2026-02-03', language: 'de' })
    expect(text).toBe('# Heading\n\nText.\n\nTags: one, two\n')
  })

  test('use their first top-level heading as the title', async () => {
    const { prepared } = await folder.prepare('note.md', 'Intro.\n\n# The *title*\n\n## Part\n')
    expect(prepared.title).toBe('The title')
    expect(prepared.outline).toEqual([
      { title: 'The title', level: 1 },
      { title: 'Part', level: 2 },
    ])
  })

  test('that are plain stay the same byte for byte', async () => {
    const note = '# A\n\nText with `code <b>` and a\thard tab.  \nNext line.\n\n```js\nif (a < b) {}\n\n\n[[x]]\n```\n'
    expect((await folder.prepare('note.md', note)).text).toBe(note)
  })

  test('have their embedded pictures moved to files, except in code', async () => {
    const address = `data:image/png;base64,${PNG.toString('base64')}`
    const code = `\`\`\`\n![a](${address})\n\`\`\`\n`
    const { prepared, text } = await folder.prepare(
      'note.md',
      `# A\n\n![beach](${address} "Noon") and ![dot](data:image/png;base64,${TINY_PNG.toString('base64')})\n\n![two][x]\n\n[x]: ${address}\n\n${code}`,
    )
    expect(prepared.images).toHaveLength(1)
    expect(text).toBe(`# A\n\n![beach](kbgit-image:1.png) and dot\n\n![two][x]\n\n[x]: kbgit-image:1.png\n\n${code}`)
  })

  test("with Windows line ends get git's", async () => {
    expect((await folder.prepare('note.md', '# A\r\n\r\nb\r\n')).text).toBe('# A\n\nb\n')
  })

  test('that are long become pages with a tree built from the headings', async () => {
    const chapters = Array.from(
      { length: 12 },
      (_, index) => `# Chapter ${index}\n\n${'Some words in a sentence. '.repeat(200)}`,
    ).join('\n\n')
    const { prepared, pages } = await folder.prepare('book.md', chapters, { longPages: 10 })
    expect(prepared).toMatchObject({ kind: 'long', text: 'source.json', tree: 'tree.json', pages: pages.length })
    expect(prepared.outline.map(({ title }) => title)).toEqual(
      Array.from({ length: 12 }, (_, index) => `Chapter ${index}`),
    )
    for (const { title, startPage = 0 } of prepared.outline)
      expect(pages[startPage - 1]?.content).toContain(`# ${title}\n`)
    expect(prepared.outline.at(-1)?.endPage).toBe(pages.length)
  })
})

describe('plain text', () => {
  test.each([
    [
      'utf-16le with a mark',
      Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('Grüße, 世界', 'utf16le')]),
      'Grüße, 世界',
    ],
    ['utf-16le without', Buffer.from('Greetings to all of the world', 'utf16le'), 'Greetings to all of the world'],
    ['shift_jis', Buffer.from('96bc914f944e97ee8f5a8f8a', 'hex'), '名前年齢住所'],
    ['windows-1252', Buffer.from('Le caf\xe9 d\x92\xe9t\xe9 co\xfbte 3 \x80', 'latin1'), 'Le café d’été coûte 3 €'],
    ['utf-8 with a mark', Buffer.from('\ufeffnaïve'), 'naïve'],
  ])('is read as %s', async (_, bytes, expected) => {
    expect(plain((await folder.prepare('text.txt', bytes)).text)).toContain(expected)
  })

  test('is read in the encoding that the user names', async () => {
    expect((await folder.prepare('text.txt', Buffer.from([0xcf, 0xf0, 0xe8]), { encoding: 'windows-1251' })).text).toBe(
      'При\n',
    )
    expect(await folder.refuse('text.txt', 'text', { encoding: 'klingon' })).toMatchObject({
      code: 'unsupported',
      message: expect.stringContaining('klingon'),
    })
  })

  test('keeps its lists, shows ASCII drawings as code and finds its headings', async () => {
    const { text, prepared } = await folder.prepare(
      'text.txt',
      'THE FIRST PART\n\n* one\n* two\n\n2.1 Methods\n\ncol a     col b\n1         2\n3         4\n\nA * b_c * and <tag>.\n',
    )
    expect(prepared.outline.map(({ title }) => title)).toEqual(['THE FIRST PART', '2.1 Methods'])
    expect(text).toContain('- one\n- two')
    expect(text).toContain('```\ncol a     col b\n1         2\n3         4\n```')
    expect(text).toContain('A * b_c * and \\<tag>.')
  })
})

test.each([
  ['t.md', 'md', 'A PDF begins with %PDF-1.4.\n'],
  ['m.eml', 'eml', 'From: a@example.org\nSubject: x\n\n%PDF-1.4\n'],
])('%s that mentions the first bytes of a PDF is still %s', async (name, format, content) => {
  expect((await folder.prepare(name, content)).prepared.format).toBe(format)
})

describe('repacked OpenDocument files', () => {
  const office = (kind: 'text' | 'presentation'): Buffer =>
    odf(kind, kind === 'text' ? '<text:p>Hello</text:p>' : '<draw:page/>')
  test.each([
    ['odt', 'its type packed', repacked(office('text'), (members) => members)],
    ['odt', 'its type last', repacked(office('text'), (members) => members.toReversed())],
    ['odp', 'its type last', repacked(office('presentation'), (members) => members.toReversed())],
    ['ods', 'its type last', repacked(workbook({ A: [['x']] }, 'ods'), (members) => members.toReversed())],
  ])('are still recognised as %s, with %s', async (format, _, bytes) => {
    expect((await folder.prepare('file.bin', bytes)).prepared.format).toBe(format)
  })

  test('are recognised by their manifest if they have lost their type', async () => {
    const manifest =
      '<manifest:file-entry manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.text"/>'
    const bytes = repacked(odf('text', '<text:p>Hello</text:p>', { manifest }), (members) =>
      members.filter(({ name }) => name !== 'mimetype'),
    )
    expect((await folder.prepare('file.odt', bytes)).text).toBe('Hello\n')
  })
})

describe('tables of values', () => {
  test.each([
    ['commas', 'a,b\n1,"x, y"\n'],
    ['semicolons', 'a;b\n1;x, y\n'],
    ['bars', 'a|b\n1|x, y\n'],
  ])('separated by %s are recognised', async (_, content) => {
    expect((await folder.prepare('t.csv', content)).text).toBe('| a | b |\n| --- | --- |\n| 1 | x, y |\n')
  })

  test('with line breaks in a value and rows of different lengths stay tables', async () => {
    expect((await folder.prepare('t.csv', 'a,b\n"1\n2",3\n4\n')).text).toBe(
      '| a | b |\n| --- | --- |\n| 1 2 | 3 |\n| 4 |  |\n',
    )
  })

  test('with an unclosed quote are still read', async () => {
    const { text } = await folder.prepare('t.csv', 'a,b\n1,"x\n2,y\n')
    expect(text).toContain('| 2 | y |')
  })
})

describe('web pages', () => {
  test('have title, author, date, language and address', async () => {
    const { prepared } = await folder.prepare(
      'p.html',
      '<!doctype html><html lang="fr"><head><title>Le titre</title><meta name="author" content="Ann"><meta property="article:published_time" content="2026-01-02T03:04:05Z"><link rel="canonical" href="https://example.com/p"></head><body><p>Bonjour</p></body></html>',
    )
    expect(prepared).toMatchObject({
      format: 'html',
      title: 'Le titre',
      author: 'Ann',
      date: '2026-01-02T03:04:05Z',
      language: 'fr',
      url: 'https://example.com/p',
    })
  })

  test('that were fetched cannot claim the address of another host', async () => {
    const { prepared } = await folder.prepare('p.html', '<link rel="canonical" href="https://bank.example/"><p>x</p>', {
      url: 'https://evil.example/a',
    })
    expect(prepared.url).toBe('https://evil.example/a')
  })

  test('lose what surrounds their main content', async () => {
    const words =
      '<p>A sentence of the article, with some more words in it to make it long enough to count.</p>'.repeat(30)
    const { text } = await folder.prepare(
      'p.html',
      `<body><nav><a href="/x">Menu entry</a></nav><article><h1>News</h1>${words}</article><footer>Imprint</footer></body>`,
    )
    expect(text).toMatch(/^# News/)
    expect(text).not.toMatch(/Menu entry|Imprint/)
  })

  test('keep code with its language, nested lists, footnotes and quotes', async () => {
    const { text } = await folder.prepare(
      'p.html',
      '<body><pre><code class="language-rust">fn a() {\n  b();\n}</code></pre><ol start="3"><li>three<ul><li>inner</li></ul></li><li>four</li></ol><blockquote><p>said</p></blockquote><p>Text<sup><a href="#fn1">1</a></sup></p><ol><li id="fn1">The note <a href="#fnref1">back</a></li></ol></body>',
    )
    expect(text).toContain('```rust\nfn a() {\n  b();\n}\n```')
    expect(text).toContain('3. three\n   - inner\n4. four')
    expect(text).toContain('> said')
    expect(text).toMatch(/Text\[\^1\]/)
    expect(text).toMatch(/\[\^1\]: The note/)
  })

  test.each([
    ['<mfrac><mn>10</mn><mn>3</mn></mfrac>', '$\\frac{10}{3}$'],
    ['<msup><mi>x</mi><mn>2</mn></msup>', '$x^{2}$'],
    ['<msub><mi>x</mi><mn>12</mn></msub>', '$x_{12}$'],
    ['<msqrt><mn>2</mn></msqrt>', '$\\sqrt{2}$'],
    ['<mroot><mn>8</mn><mn>3</mn></mroot>', '$\\sqrt[3]{8}$'],
    ['<mover><mi>x</mi><mo>¯</mo></mover>', '$\\bar{x}$'],
    ['<semantics><mi>x</mi><annotation encoding="application/x-tex">\\xi</annotation></semantics>', '$\\xi$'],
    ['<mfrac><mn>10</mn></mfrac><mn>3</mn>', '10 3'],
    [`<mtext>${'$ '.repeat(60_000)}</mtext><mn>10</mn><mn>3</mn>`, '10 3'],
  ])('keep the content of a formula in elements: %.60s', async (elements, latex) => {
    for (const formula of [elements, elements.replace(/<(\/?)(?=\w)/g, '<$1m:')]) {
      const math = formula === elements ? `<math>${formula}</math>` : `<m:math>${formula}</m:math>`
      expect((await folder.prepare('page.html', `<body><p>It is ${math} here.</p></body>`)).text).toContain(
        `${latex} here.`,
      )
    }
  })

  test('separate superscripts, subscripts and ruby text from the text they belong to', async () => {
    const line =
      'H<sub>2</sub>O, 10<sup>3</sup>, 10<sup>−12</sup>, 2<sup>a+b</sup>, e<sup>x</sup>, b<sup>a</sup>, V<sub>max</sub>, 4<sup>th</sup>, <ruby>漢<rp>(</rp><rt>かん</rt><rp>)</rp>字<rt>じ</rt></ruby>'
    expect((await folder.prepare('page.html', `<body><p>${line}.</p></body>`)).text).toBe(
      'H₂O, 10³, 10⁻¹², 2^(a+b), e^x, b^a, V_max, 4th, 漢(かん)字(じ).\n',
    )
  })

  test('keep their embedded images, once each, without tiny ones', async () => {
    const image = (bytes: Buffer): string => `<img alt="pic" src="data:image/png;base64,${bytes.toString('base64')}">`
    const { text, prepared } = await folder.prepare(
      'p.html',
      `<body><p>See ${image(PNG)} and ${image(PNG)} not ${image(TINY_PNG)}</p></body>`,
    )
    expect(prepared.images.map(({ file, size }) => [file, size])).toEqual([['1.png', PNG.length]])
    expect(text).toBe('See ![pic](kbgit-image:1.png) and ![pic](kbgit-image:1.png) not pic\n')
  })

  test('with deeply nested elements are still read', async () => {
    const { text } = await folder.prepare('deep.html', `<html><body>${'<div>'.repeat(200_000)}core<b>`)
    expect(text).toContain('core')
  })

  test('are recognised by content rather than name', async () => {
    expect(
      (await folder.prepare('page.txt', '<!DOCTYPE html><html><body><p>x</p></body></html>')).prepared.format,
    ).toBe('html')
  })
})

describe('data', () => {
  test('JSON is shown as code', async () => {
    expect((await folder.prepare('d.json', '{"title":"T","a":[1,2]}')).text).toContain('```json\n{\n  "title": "T",')
    const { prepared, text } = await folder.prepare('d.json', '{"a":1,}')
    expect(text).toBe('```json\n{"a":1,}\n```\n')
    expect(prepared.notes).toHaveLength(1)
  })

  test('JSON keeps numbers, keys and strings as written', async () => {
    const { text } = await folder.prepare(
      'data.json',
      '{"id":1234567890123456789,"price":1.10,"a":1,"a":[],"2":{"x":"[\\"{,"},"1":[{},null]}',
    )
    expect(text).toBe(
      '```json\n{\n  "id": 1234567890123456789,\n  "price": 1.10,\n  "a": 1,\n  "a": [],\n  "2": {\n    "x": "[\\"{,"\n  },\n  "1": [\n    {},\n    null\n  ]\n}\n```\n',
    )
  })

  test('XML records become a table', async () => {
    const rows = [1, 2, 3]
      .map((index) => `<book id="${index}"><title>T${index}</title><price>${index}</price></book>`)
      .join('')
    expect((await folder.prepare('d.xml', `<?xml version="1.0"?><books>${rows}</books>`)).text).toContain(
      '| id | title | price |\n| --- | --- | --- |\n| 1 | T1 | 1 |',
    )
  })

  test('feeds are distinguished from other XML and have a section per entry', async () => {
    const atom =
      '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>E1</title><link href="https://example.com/1"/><updated>2026-01-01T00:00:00Z</updated><author><name>Ann</name></author><content type="html">&lt;p&gt;Body &lt;b&gt;bold&lt;/b&gt;&lt;/p&gt;</content></entry></feed>'
    const { prepared, text } = await folder.prepare('feed.xml', atom)
    expect(prepared).toMatchObject({ format: 'rss', title: 'F' })
    expect(text).toContain(
      '## E1\n\n*2026-01-01T00:00:00Z · Ann*\n\n[https://example.com/1](https://example.com/1)\n\nBody **bold**',
    )
  })

  test('notebooks keep code, outputs and images', async () => {
    const notebook = {
      nbformat: 4,
      metadata: { language_info: { name: 'julia' } },
      cells: [
        { cell_type: 'markdown', source: ['# Title\n', 'text'] },
        {
          cell_type: 'code',
          source: 'print(1)',
          outputs: [
            { output_type: 'stream', text: ['1\n'] },
            { output_type: 'display_data', data: { 'image/png': PNG.toString('base64') } },
            { output_type: 'error', ename: 'E', evalue: '\u001b[31mbad\u001b[0m' },
          ],
        },
      ],
    }
    const { text, prepared } = await folder.prepare('n.ipynb', JSON.stringify(notebook))
    expect(text).toBe(
      '# Title\ntext\n\n```julia\nprint(1)\n```\n\n```text\n1\n```\n\n![Output](kbgit-image:1.png)\n\n```text\nE: bad\n```\n',
    )
    expect(prepared.title).toBe('Title')
  })

  test('mail keeps sender, recipients, date and subject, and its attachments', async () => {
    const mail =
      'From: =?utf-8?Q?J=C3=BCrgen?= <j@example.com>\r\nTo: a@example.com\r\nSubject: Hello\r\nDate: Tue, 3 Mar 2026 10:11:12 +0100\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\nThe body.\r\n--x\r\nContent-Type: text/csv\r\nContent-Disposition: attachment; filename="../../t.csv"\r\n\r\na,b\r\n--x--\r\n'
    const { prepared, text, staging } = await folder.prepare('m.eml', mail)
    expect(prepared).toMatchObject({
      subject: 'Hello',
      from: 'Jürgen <j@example.com>',
      to: 'a@example.com',
      author: 'Jürgen',
    })
    expect(text).toContain('The body.')
    expect(text).toContain('*Attached:* `../../t.csv`')
    expect(prepared.attachments).toMatchObject([{ name: 't.csv', file: expect.stringMatching(/^attachments\/\d+$/) }])
    const { readdir } = await import('node:fs/promises')
    expect((await readdir(staging)).sort()).toEqual(['attachments', 'original', 'source.md'])
  })

  test('mail keeps the quotes around names that need them', async () => {
    const from = '"Doe, Jane" <jane@example.org>'
    const { prepared, text } = await folder.prepare(
      'mail.eml',
      `From: ${from}\nTo: "Roe, Bob" <bob@example.org>, Plain Name <plain@example.org>\nSubject: S\n\nBody\n`,
    )
    expect(prepared).toMatchObject({
      from,
      author: 'Doe, Jane',
      to: '"Roe, Bob" <bob@example.org>, Plain Name <plain@example.org>',
    })
    expect(text).toContain('**From:** "Doe, Jane" \\<jane@example.org>')
  })
})
