import { describe, expect, it } from 'vitest'
import { convert as epubConvert } from '../../../../src/prepare/convert/epub.ts'
import { convert as msgConvert } from '../../../../src/prepare/convert/msg.ts'
import { convert as rtfConvert } from '../../../../src/prepare/convert/rtf.ts'
import { failureOf, gather } from '../../../support/convert.ts'
import { epub, msg, png } from '../../../support/documents.ts'
import { repacked } from '../../../support/zip.ts'

describe('an EPUB', () => {
  it('becomes its chapters in order, with titles from the contents if they have none', async () => {
    const file = epub(
      [
        {
          title: 'Opening',
          body: '<p>First, see <a href="c%201.xhtml#x">the next</a> or <a href="https://example.org">the web</a>.</p>',
        },
        {
          title: 'Second',
          body: '<h1>The Second</h1><p><img src="../art/p.png" alt="A fox"/></p><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>',
        },
      ],
      {
        title: 'A Book',
        author: 'D. Writer',
        created: '2020-01-02',
        language: 'de',
        members: [{ name: 'OPS/art/p.png', content: png() }],
      },
    )
    const { pages, images, ...told } = await gather(epubConvert, 'epub', file)
    expect(pages[0]).toBe('# Opening\n\nFirst, see the next or [the web](https://example.org).')
    expect(pages[1]).toMatch(
      /^# The Second\n\n!\[A fox\]\(kbgit-image:\w+\.png\)\n\n\| a \| b \|\n\| --- \| --- \|\n\| 1 \| 2 \|$/,
    )
    expect(images).toHaveLength(1)
    expect(told).toMatchObject({ title: 'A Book', author: 'D. Writer', date: '2020-01-02', language: 'de' })
  })

  it('fails as encrypted if its text has copy protection, but not if fonts are obfuscated', async () => {
    const encryption = (algorithm: string) => ({
      name: 'META-INF/encryption.xml',
      content: `<encryption><enc:EncryptionMethod Algorithm="${algorithm}"/></encryption>`,
    })
    const locked = epub([{ body: '<p>x</p>' }], {
      members: [encryption('http://www.w3.org/2001/04/xmlenc#aes128-cbc')],
    })
    expect((await failureOf(gather(epubConvert, 'epub', locked))).code).toBe('encrypted')
    const hidden = epub([{ body: '<p>x</p>' }], { members: [encryption('http://www.idpf.org/2008/embedding')] })
    expect((await gather(epubConvert, 'epub', hidden)).text).toBe('x')
  })

  it('has its notes after their references, its description, and a note about a missing chapter', async () => {
    const call = '<a href="c%201.xhtml#n1"><sup>1</sup></a>'
    const file = epub([
      { body: `<h1>One</h1><p>In advance.${call}</p>` },
      { body: '<section class="endnotes"><p id="n1"><a href="c%200.xhtml">1</a> The note.</p></section>' },
    ])
    const changed = repacked(file, (all) =>
      all
        .filter(({ name }) => name !== 'mimetype')
        .map(({ name, content }) => ({
          name,
          content: name.endsWith('.opf')
            ? content
                .toString()
                .replace('</metadata>', '<dc:description>&lt;p&gt;About fees.&lt;/p&gt;</dc:description></metadata>')
                .replace(
                  '</manifest>',
                  '<item id="x" href="gone.xhtml" media-type="application/xhtml+xml"/></manifest>',
                )
                .replace('</spine>', '<itemref idref="x"/></spine>')
            : content,
        })),
    )
    const { text, notes } = await gather(epubConvert, 'epub', changed)
    expect(text).toContain('About fees.')
    expect(text).toContain('In advance.[^1]\n\n[^1]:')
    expect(notes?.[0]).toContain('gone.xhtml')
  })

  it('keeps no script and no frame', async () => {
    const file = epub([
      {
        body: '<script>alert(1)</script><iframe src="https://evil.example"></iframe><p onclick="x()">text</p><p><a href="javascript:x()">link</a></p>',
      },
    ])
    expect((await gather(epubConvert, 'epub', file)).text).toBe('text\n\nlink')
  })
})

describe('an RTF file', () => {
  const rtf = (body: string) =>
    Buffer.from(
      `{\\rtf1\\ansi\\deff0{\\fonttbl{\\f0 Times;}}{\\stylesheet{\\s0 Normal;}{\\s1 Body Text;}{\\s21\\b heading 2;}}{\\info{\\title Told}{\\author Eve}}${body}}`,
      'latin1',
    )

  it('keeps headings, emphasis, lettered lists and tables', async () => {
    const file = rtf(
      "\\pard\\s21\\b Kapitel \\'dcber\\b0\\par\\pard\\s1 Plain \\b bold\\b0  and \\u8364?.\\par\\trowd\\cellx1000\\cellx2000\\intbl a\\cell b\\cell\\row\\pard end\\par",
    )
    const { text, title, author } = await gather(rtfConvert, 'rtf', file)
    expect({ title, author }).toEqual({ title: 'Told', author: 'Eve' })
    expect(text).toContain('Plain **bold** and €.')
    expect(text).toContain('| a | b |')
    expect(text).toMatch(/^## Kapitel Über\n/)
  })

  it('fails if it is cut off or nested endlessly', async () => {
    const whole = rtf('text \\par more')
    expect((await failureOf(gather(rtfConvert, 'rtf', whole.subarray(0, whole.length - 1)))).code).toBe('corrupt')
    expect((await failureOf(gather(rtfConvert, 'rtf', rtf('{'.repeat(50_000) + '}'.repeat(50_000))))).code).toBe('bomb')
  })
})

describe('an Outlook message', () => {
  it('has its headers, its body and its attachments', async () => {
    const file = msg(
      {
        '001A': 'IPM.Note',
        '0037': 'Grüße',
        '0C1A': 'Fay',
        '0C1E': 'SMTP',
        '0C1F': 'fay@example.org',
        '1000': 'Hello *you*,\r\nsecond line\r\n\r\nBye',
      },
      [{ name: 'fox.png', content: png() }],
    )
    const { text, images, ...told } = await gather(msgConvert, 'msg', file)
    expect(told).toMatchObject({ title: 'Grüße', subject: 'Grüße', from: 'Fay <fay@example.org>' })
    expect(text).toMatch(
      /^# Grüße\n\n- \*\*From:\*\* Fay \\<fay@example\.org>\n\nHello \\\*you\\\*,\nsecond line\n\nBye\n\n\*Attached:\* `fox\.png`\n\n## fox\.png\n\n!\[fox\.png\]\(kbgit-image:\w+\.png\)$/,
    )
    expect(images).toHaveLength(1)
  })

  it('fails as corrupt if it is cut off', async () => {
    const file = msg({ '001A': 'IPM.Note', '0037': 'x' })
    expect((await failureOf(gather(msgConvert, 'msg', file.subarray(0, 600)))).code).toBe('corrupt')
  })
})
