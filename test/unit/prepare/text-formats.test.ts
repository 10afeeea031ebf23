// Text in various encodings, tables, XML, notebooks, RTF and logs: none of it is lost.
import { describe, expect, test } from 'vitest'
import { StagingFolder } from '../../support/staging.ts'

const folder = await StagingFolder.make()

describe('the encoding of a text', () => {
  test('stays UTF-8 despite a wrong byte, and a note gives the number', async () => {
    const bytes = Buffer.concat([Buffer.from('Müller, café '), Buffer.from([0xff]), Buffer.from(' naïve')])
    const { text, prepared } = await folder.prepare('text.txt', bytes)
    expect(text).toBe('Müller, café \ufffd naïve\n')
    expect(prepared.notes).toEqual(['1 character could not be decoded (shown as \ufffd).'])
  })

  test.each(['csv', 'md', 'txt'])('of a .%s file is detected from all of it', async (extension) => {
    const late = Buffer.concat([
      Buffer.from('plain,text\n'.repeat(40_000)),
      Buffer.from('caf\xe9,cr\xe8me\n', 'latin1'),
    ])
    const { text, pages } = await folder.prepare(`late.${extension}`, late)
    expect([text, ...pages.map(({ content }) => content)].join('')).toContain('café')
  })

  test('of Japanese Windows keeps its extensions and half-width kana', async () => {
    // ①㈱ﾃｽﾄ髙 and a line of kana and kanji.
    const bytes = Buffer.from('8740878ac3bdc4fbfc0a82b182ea82cd8a94 8ee589ef8ed0'.replace(' ', ''), 'hex')
    expect((await folder.prepare('text.txt', bytes)).text).toContain('①㈱ﾃｽﾄ髙')
  })

  test('of a mostly Latin file with a few accents is Windows-1252', async () => {
    expect((await folder.prepare('t.txt', Buffer.from('na\xefve caf\xe9 \x93quoted\x94', 'latin1'))).text).toBe(
      'naïve café “quoted”\n',
    )
  })
})

describe.each(['md', 'txt', 'html', 'csv', 'xml'])('a soft hyphen in .%s', (extension) => {
  test('is not part of the word', async () => {
    const { text } = await folder.prepare(`soft.${extension}`, `<p>Gesamt\u00adkonzept</p>`)
    expect(text).toContain('Gesamtkonzept')
  })
})

describe('tables of text', () => {
  test.each([
    ['sep=;\nA;B\n1;2\n', 'csv'],
    ['sep=|\r\nA|B\r\n1|2\r\n', 'csv'],
    ['sep=,\nA,B\n1,2\n', 'tsv'],
  ])('use the separator that Excel names in the first line', async (content, extension) => {
    expect((await folder.prepare(`t.${extension}`, content)).text).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |\n')
  })
})

describe('front matter', () => {
  test('in TOML becomes metadata of a note', async () => {
    const { text, prepared } = await folder.prepare(
      'note.md',
      '+++\ntitle = "Toml title"\ndate = 2024-03-05\nauthor = "Ann"\n\n[taxonomies]\ntags = ["one", "two"]\n+++\n\nBody.\n',
    )
    expect(prepared).toMatchObject({ title: 'Toml title', date: '2024-03-05', author: 'Ann' })
    expect(text).toBe('Body.\n\nTags: one, two\n')
  })

  test('that is not TOML stays in the text', async () => {
    expect((await folder.prepare('note.md', '+++\nnot = = toml\n+++\n\nBody.\n')).text).toContain('not = = toml')
  })

  test('in YAML may use anchors', async () => {
    const { text, prepared } = await folder.prepare(
      'note.md',
      '---\nbase: &b\n  x: 1\nother: *b\ntitle: Anchored\n---\nBody.\n',
    )
    expect(prepared.title).toBe('Anchored')
    expect(text).toBe('Body.\n')
  })
})

describe('XML with mixed content', () => {
  test('keeps its sentences in reading order, and its lines of code', async () => {
    const { text } = await folder.prepare(
      'note.xml',
      '<?xml version="1.0"?><doc><p>The <b>red</b> fox jumps over the <i>lazy</i> dog, see <ref id="1">figure 2</ref>.</p><pre>line 1\n  line 2</pre></doc>',
    )
    expect(text).toBe('The **red** fox jumps over the *lazy* dog, see figure 2.\n\n```\nline 1\n  line 2\n```\n')
  })

  test('becomes headings, lists and tables', async () => {
    const { text, prepared } = await folder.prepare(
      'book.xml',
      `<?xml version="1.0"?><article><title>Boats</title><section><title>Fees</title><para>Paid in <emphasis>May</emphasis>.</para>
       <itemizedlist><listitem><para>Row boats</para></listitem><listitem><para>Sails <orderedlist><listitem>one</listitem></orderedlist></para></listitem></itemizedlist>
       <informaltable><tgroup><thead><row><entry>Boat</entry><entry>Fee</entry></row></thead><tbody><row><entry>Tern</entry><entry>7</entry></row></tbody></tgroup></informaltable></section></article>`,
    )
    expect(prepared.title).toBe('Boats')
    expect(text).toContain('# Boats\n\n## Fees\n\nPaid in *May*.')
    expect(text).toMatch(/- Row boats\n- Sails\n\n {2}1\. one/)
    expect(text).toContain('| Boat | Fee |\n| --- | --- |\n| Tern | 7 |')
  })
})

test('an Atom feed with XHTML keeps the order of its words', async () => {
  const { text } = await folder.prepare(
    'feed.rss',
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><entry><title>E</title><content type="xhtml"><div>One <b>two</b> three &lt; four</div></content></entry></feed>',
  )
  expect(text).toContain('One **two** three < four')
})

describe('RTF', () => {
  const rtf = async (body: string): Promise<string> =>
    (await folder.prepare('t.rtf', `{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Arial;}}\\f0 ${body}}`)).text

  test('keeps dashes, bullets, non-breaking spaces and hyphens, and breaks', async () => {
    expect(await rtf('1990\\endash 2000 A\\emdash B \\bullet  C H\\~I 555\\_1234 Ge\\-samt a\\page b\\par')).toBe(
      '1990–2000 A—B • C H\u00a0I 555\u20111234 Gesamt a b\n',
    )
  })

  test('omits only hidden and deleted text', async () => {
    expect(
      await rtf('A {\\v hidden }B {\\deleted gone }{\\revised new }C\\v  no\\v0  D\\plain .\\par{\\v x\\par}E\\par'),
    ).toBe('A B new C D.\n\nE\n')
  })

  test('is compared with its plain text, and nothing is reported missing', async () => {
    const { prepared } = await folder.prepare(
      't.rtf',
      `{\\rtf1\\ansi{\\fonttbl{\\f0 Arial;}{\\f1\\fcharset204 Arial;}}{\\*\n\\latentstyles{\\lsdlockedexcept Normal;}}\\f0 Caf\\'e9 \\u8364?5 {\\f1\\'cf\\'f0\\'e8} {\\field{\\*\\fldinst PAGE}{\\fldrslt 7}}\\par}`,
    )
    expect(prepared.warnings).toBeUndefined()
    expect(prepared.putBack).toBeUndefined()
  })

  test('keeps the levels of lists that have only indentation', async () => {
    const item = (level: number, text: string): string =>
      `{\\pard \\li${level * 360} \\fi-360 \\bullet \\tx360\\tab ${text}\\par}`
    expect(await rtf(`${item(1, 'one')}${item(2, 'two')}${item(1, 'three')}`)).toBe('- one\n    - two\n- three\n')
  })
})

describe('notebooks', () => {
  const notebook = (cells: object[]): string =>
    JSON.stringify({ nbformat: 4, metadata: {}, cells }).replaceAll('"@NaN"', 'NaN')
  const PNG = Buffer.concat([
    Buffer.from('89504e470d0a1a0a0000000d494844520000010000000100', 'hex'),
    Buffer.alloc(64, 7),
  ])

  test('may contain numbers as Python writes them', async () => {
    const { text } = await folder.prepare(
      'n.ipynb',
      notebook([{ cell_type: 'markdown', source: 'NaN stays', metadata: { x: '@NaN' } }]),
    )
    expect(text).toBe('NaN stays\n')
  })

  test('show attached pictures, whatever their names', async () => {
    const cell = {
      cell_type: 'markdown',
      source: '![the boat](attachment:my%20boat.png) ![gone](attachment:gone.png)',
      attachments: { 'my boat.png': { 'image/png': PNG.toString('base64') } },
    }
    const { text, prepared } = await folder.prepare('n.ipynb', notebook([cell]))
    expect(text).toBe('![the boat](kbgit-image:1.png) *Image: gone*\n')
    expect(prepared.images).toHaveLength(1)
  })

  test('have complete outputs without terminal colours', async () => {
    const long = 'word '.repeat(8_000)
    const outputs = [
      { output_type: 'stream', text: ['\u001b[1;31mred\u001b[0m\n', long] },
      { output_type: 'error', ename: 'E', evalue: 'bad', traceback: ['\u001b[0;31mE\u001b[0m', 'line 7', 'E: bad'] },
      {
        output_type: 'display_data',
        data: { 'text/html': '<b>shown</b>', 'text/plain': '<IPython.core.display.HTML object>' },
      },
    ]
    const { text } = await folder.prepare('n.ipynb', notebook([{ cell_type: 'code', source: 'x', outputs }]))
    expect(text).toContain('```text\nred\nword word')
    expect(text.split('word')).toHaveLength(8_001)
    expect(text).toContain('E\nline 7\nE: bad')
    expect(text).toContain('**shown**')
  })
})

describe('JSON Lines', () => {
  const lines = (...values: object[]): string => values.map((value) => JSON.stringify(value)).join('\n')

  test('with records become a table, including fields that only later records have', async () => {
    const { text, prepared } = await folder.prepare(
      'r.jsonl',
      [...Array.from({ length: 200 }, (_, i) => ({ id: i, name: `n|${i}` })), { id: 200, name: 'last', late: 'kept' }]
        .map((value) => JSON.stringify(value))
        .join('\n'),
    )
    expect(prepared.format).toBe('jsonl')
    expect(text).toContain('| id | name |  |\n| --- | --- | --- |\n| 0 | n\\|0 |')
    expect(text).toContain('late: kept')
  })

  test('with anything else become code, and a note says what is not JSON', async () => {
    const { text, prepared } = await folder.prepare('r.ndjson', '[1,2]\n{broken\n"x"\n')
    expect(text).toContain('```json\n[1,2]\n{broken\n"x"\n```')
    expect(prepared.notes).toEqual(['Some lines are not valid JSON; they are shown as they are in the file.'])
  })

  test('of a coding agent become a dialogue: who said what, which tools were called, and their results', async () => {
    const { text, prepared } = await folder.prepare(
      'session.jsonl',
      lines(
        { type: 'summary', summary: 'Fix the crane' },
        {
          type: 'user',
          timestamp: '2026-02-03T10:00:00Z',
          message: { role: 'user', content: 'Why does it stop?\n\n# A heading' },
        },
        {
          type: 'assistant',
          message: {
            role: 'assistant',
            content: [
              { type: 'text', text: 'Let me look.' },
              { type: 'tool_use', name: 'Bash', input: { command: 'cat crane.log' } },
            ],
          },
        },
        {
          type: 'user',
          message: {
            role: 'user',
            content: [{ type: 'tool_result', content: [{ type: 'text', text: '\u001b[31mfuse blown\u001b[0m' }] }],
          },
        },
        { type: 'assistant', message: { role: 'assistant', content: [{ type: 'text', text: 'The fuse is blown.' }] } },
      ),
    )
    expect(prepared).toMatchObject({ title: 'Fix the crane', date: '2026-02-03T10:00:00Z' })
    expect(text).toBe(
      '## User\n\nWhy does it stop?\n\n### A heading\n\n## Assistant\n\nLet me look.\n\n**Bash**\n\n```sh\ncat crane.log\n```\n\n```text\nfuse blown\n```\n\nThe fuse is blown.\n',
    )
  })

  test('of another agent, or with plain turns, become a dialogue too', async () => {
    const entry = (payload: object): object => ({ timestamp: '2026-02-03T10:00:00Z', type: 'response_item', payload })
    const { text, prepared } = await folder.prepare(
      'rollout.jsonl',
      lines(
        entry({ type: 'message', role: 'user', content: [{ type: 'input_text', text: 'List boats' }] }),
        entry({ type: 'function_call', name: 'shell', arguments: '{"command":["ls","boats"]}' }),
        entry({ type: 'function_call_output', output: '{"output":"kittiwake"}' }),
        {
          messages: [
            { role: 'assistant', content: 'One: kittiwake.' },
            { role: 'user', content: 'Thanks' },
          ],
        },
      ),
    )
    expect(prepared.title).toBe('List boats')
    expect(text).toBe(
      '## User\n\nList boats\n\n## Assistant\n\n**shell**\n\n```sh\nls boats\n```\n\n```text\nkittiwake\n```\n\nOne: kittiwake.\n\n## User\n\nThanks\n',
    )
  })
})
