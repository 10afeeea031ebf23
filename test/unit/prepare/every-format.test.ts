// What holds for every format that can express it: the same content, written in each, gives the same text.
import { describe, expect, test } from 'vitest'
import { docx, epub, msg, odf, paragraph, pptx, workbook } from '../../support/documents.ts'
import { mail } from '../../support/mail.ts'
import { pdf } from '../../support/pdf.ts'
import { StagingFolder } from '../../support/staging.ts'

const folder = await StagingFolder.make()

/** One line of text in each format that has text. */
const LINE: Record<string, (text: string) => string | Uint8Array> = {
  md: (text) => text,
  txt: (text) => text,
  html: (text) => `<p>${text}</p>`,
  xml: (text) => `<doc><p>${text} <b>x</b> and more</p></doc>`,
  rss: (text) =>
    `<rss version="2.0"><channel><title>Feed</title><item><title>One</title><description>${text}</description></item></channel></rss>`,
  csv: (text) => `Word,Number\n${text},1\n`,
  tsv: (text) => `Word\tNumber\n${text}\t1\n`,
  json: (text) => JSON.stringify({ word: text }),
  jsonl: (text) => `${JSON.stringify({ word: text, n: 1 })}\n${JSON.stringify({ word: 'other', n: 2 })}\n`,
  ipynb: (text) =>
    JSON.stringify({
      nbformat: 4,
      nbformat_minor: 5,
      metadata: {},
      cells: [{ cell_type: 'markdown', metadata: {}, source: text }],
    }),
  docx: (text) => docx(paragraph(text)),
  pptx: (text) => pptx([{ title: 'Slide', body: [text] }]),
  xlsx: (text) => workbook({ Sheet: [['Word'], [text]] }, 'xlsx'),
  ods: (text) => workbook({ Sheet: [['Word'], [text]] }, 'ods'),
  xls: (text) => workbook({ Sheet: [['Word'], [text]] }, 'biff8'),
  odt: (text) => odf('text', `<text:p>${text}</text:p>`),
  epub: (text) => epub([{ title: 'One', body: `<p>${text}</p>` }]),
  rtf: (text) =>
    `{\\rtf1\\ansi\\pard ${text.replaceAll(/[^\0-\x7f]/g, (letter) => `\\u${letter.charCodeAt(0)}?`)}\\par}`,
  eml: (text) => mail([{ type: 'text/plain; charset=utf-8', content: text, attached: false }]),
  msg: (text) => msg({ '001A': 'IPM.Note', '0037': 'Subject', '1000': text }),
}

describe.each(Object.entries(LINE))('.%s', (extension, write) => {
  const textOf = async (text: string): Promise<string> => (await folder.prepare(`x.${extension}`, write(text))).text

  test('has its words, and nothing is reported lost', async () => {
    const { prepared, text } = await folder.prepare(`x.${extension}`, write('The harbour closes at five'))
    expect(text).toContain('The harbour closes at five')
    expect(prepared.warnings).toBeUndefined()
    expect(prepared.coverage).toBeUndefined()
  })

  test('has no soft hyphens', async () => {
    expect(await textOf('Gesamt\u00adkonzept')).toContain('Gesamtkonzept')
  })

  test('keeps letters outside of ASCII', async () => {
    expect(await textOf('Zażółć 日本語 Ελλάδα')).toContain('Zażółć 日本語 Ελλάδα')
  })
})

const CHART = `<?xml version="1.0"?><c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Catch by month</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>Kittiwake</c:v></c:pt></c:strCache></c:strRef></c:tx><c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>June</c:v></c:pt><c:pt idx="1"><c:v>July</c:v></c:pt></c:strCache></c:strRef></c:cat><c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>412</c:v></c:pt><c:pt idx="1"><c:v>388</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>`
const GRAPHIC =
  '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" r:id="rC"/></a:graphicData></a:graphic>'

test.each([
  [
    'docx',
    docx(
      `<w:p><w:r><w:drawing><wp:inline><wp:extent cx="4000000" cy="3000000"/><wp:docPr id="1" name="Chart"/>${GRAPHIC}</wp:inline></w:drawing></w:r></w:p>`,
      {
        links: [{ id: 'rC', type: 'chart', target: 'charts/chart1.xml' }],
        members: [{ name: 'word/charts/chart1.xml', content: CHART }],
      },
    ),
  ],
  [
    'pptx',
    pptx(
      [
        {
          title: 'Slide',
          shapes: `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="Chart"/></p:nvGraphicFramePr>${GRAPHIC}</p:graphicFrame>`,
          links: [{ id: 'rC', type: 'chart', target: '../charts/chart1.xml' }],
        },
      ],
      { members: [{ name: 'ppt/charts/chart1.xml', content: CHART }] },
    ),
  ],
])('a chart in .%s is a table under its title', async (extension, bytes) => {
  const { text } = await folder.prepare(`chart.${extension}`, bytes)
  expect(text).toContain('Catch by month')
  expect(text).toMatch(/\| +\| Kittiwake \|\n\| --- \| --- \|\n\| June \| 412 \|\n\| July \| 388 \|/)
})

test('.pdf has its words, and nothing is reported lost', async () => {
  const { prepared, text } = await folder.prepare(
    'x.pdf',
    pdf([{ lines: [{ text: 'The harbour closes at five', y: 100 }] }]),
  )
  expect(text).toContain('The harbour closes at five')
  expect(prepared.coverage).toBeUndefined()
})
