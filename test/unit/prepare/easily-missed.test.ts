// Words in places that are easily missed: they are in the text, or a note says that they are not.
import { describe, expect, test } from 'vitest'
import { docx, epub, msg, paragraph, pptx, workbook, type Slide } from '../../support/documents.ts'
import { StagingFolder } from '../../support/staging.ts'
import { repacked } from '../../support/zip.ts'

const folder = await StagingFolder.make()
const textOf = async (name: string, content: string | Uint8Array): Promise<string> =>
  (await folder.prepare(name, content)).text
const notesOf = async (name: string, content: string | Uint8Array): Promise<string[]> =>
  (await folder.prepare(name, content)).prepared.notes

const A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
const WORDS = ['Plan the voyage', 'Moor the boat']
const text = (words: string): string => `<a:p><a:r><a:t>${words}</a:t></a:r></a:p>`
const DIAGRAM =
  '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram"><dgm:relIds xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" r:dm="rD"/></a:graphicData></a:graphic>'
const DATA = `<dgm:dataModel xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram" ${A}><dgm:ptLst>${WORDS.map((words, n) => `<dgm:pt modelId="${n}"><dgm:t>${text(words)}</dgm:t></dgm:pt>`).join('')}</dgm:ptLst></dgm:dataModel>`
const DRAWN = `<dsp:drawing xmlns:dsp="http://schemas.microsoft.com/office/drawing/2008/diagram" ${A}><dsp:spTree>${WORDS.map((words) => `<dsp:sp><dsp:txBody>${text(words)}</dsp:txBody></dsp:sp>`).join('')}</dsp:spTree></dsp:drawing>`
const slide = (kind: 'Data' | 'Drawing', content: string): Buffer =>
  pptx(
    [
      {
        title: 'Slide',
        shapes: `<p:graphicFrame><p:nvGraphicFramePr><p:cNvPr id="4" name="D"/></p:nvGraphicFramePr>${DIAGRAM}</p:graphicFrame>`,
        links: [{ id: 'rD', type: `diagram${kind}`, target: '../diagrams/d1.xml' }],
      },
    ],
    { members: [{ name: 'ppt/diagrams/d1.xml', content }] },
  )
const links = (id: string, type: string, target: string): string =>
  `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}" Target="${target}"/></Relationships>`
const sheet = (inner: string): Buffer =>
  repacked(workbook({ Sheet: [['a'], ['b']] }, 'xlsx'), (members) => [
    ...members,
    { name: 'xl/worksheets/_rels/sheet1.xml.rels', content: links('r1', 'drawing', '../drawings/drawing1.xml') },
    {
      name: 'xl/drawings/drawing1.xml',
      content: `<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" ${A}><xdr:twoCellAnchor>${inner}</xdr:twoCellAnchor></xdr:wsDr>`,
    },
    { name: 'xl/drawings/_rels/drawing1.xml.rels', content: links('rD', 'diagramData', '../diagrams/d1.xml') },
    { name: 'xl/diagrams/d1.xml', content: DATA },
  ])

describe('SmartArt and WordArt', () => {
  test.each([
    ['data of SmartArt in .pptx', 'x.pptx', slide('Data', DATA)],
    ['drawing of SmartArt without its data in .pptx', 'x.pptx', slide('Drawing', DRAWN)],
    ['data of SmartArt in .xlsx', 'x.xlsx', sheet(`<xdr:graphicFrame>${DIAGRAM}</xdr:graphicFrame>`)],
  ])('the %s is a list', async (_, name, bytes) => {
    const { text, prepared } = await folder.prepare(name, bytes)
    expect(text).toContain('- Plan the voyage\n- Moor the boat')
    expect(prepared.coverage).toBeUndefined()
  })

  test('bent words over a sheet, and words in a locked canvas of .docx', async () => {
    const bent = sheet(
      `<xdr:sp><xdr:txBody><a:bodyPr><a:prstTxWarp prst="textArchUp"/></a:bodyPr>${text('Bent words')}</xdr:txBody></xdr:sp>`,
    )
    expect(await textOf('bent.xlsx', bent)).toContain('Bent words')
    const canvas = `<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><lc:lockedCanvas xmlns:lc="http://schemas.openxmlformats.org/drawingml/2006/lockedCanvas"><a:sp><a:txSp><a:txBody>${text('Words on a canvas')}</a:txBody></a:txSp></a:sp></lc:lockedCanvas></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`
    expect(await textOf('canvas.docx', docx(canvas))).toBe('Words on a canvas\n')
  })
})

describe('files inside a Word document', () => {
  const chunk = (name: string, content: string): Buffer =>
    docx(`${paragraph('Before')}<w:altChunk r:id="rA"/>${paragraph('After')}`, {
      links: [{ id: 'rA', type: 'aFChunk', target: name }],
      members: [{ name: `word/${name}`, content }],
    })

  test('are its text if they are HTML or plain text', async () => {
    expect(await textOf('a.docx', chunk('c.html', '<html><body><p>From <b>HTML</b></p></body></html>'))).toBe(
      'Before\n\nFrom **HTML**\n\nAfter\n',
    )
    expect(await textOf('b.docx', chunk('c.txt', 'Plain words'))).toBe('Before\n\nPlain words\n\nAfter\n')
  })

  test('are named in a note if they are anything else, or only embedded', async () => {
    expect(await notesOf('a.docx', chunk('c.rtf', '{\\rtf1 words}'))).toEqual([
      'A file that is part of the text was not read: word/c.rtf.',
    ])
    const embedded = docx(paragraph('Text'), { members: [{ name: 'word/embeddings/fees.xlsx', content: 'PK' }] })
    expect(await notesOf('b.docx', embedded)).toEqual(['Not read: 1 embedded file (fees.xlsx).'])
  })
})

describe('slides', () => {
  const slides: Slide[] = [{ title: 'One' }, { title: 'Two', body: ['Words'] }]

  test('that are hidden are marked', async () => {
    const file = repacked(pptx(slides), (members) =>
      members.map((member) =>
        member.name === 'ppt/slides/slide2.xml'
          ? { ...member, content: String(member.content).replace('<p:sld ', '<p:sld show="0" ') }
          : member,
      ),
    )
    expect(await textOf('x.pptx', file)).toContain('## Two (hidden slide)\n\nWords')
  })

  test('that the file lacks are named in a note', async () => {
    const file = repacked(pptx(slides), (members) => members.filter(({ name }) => name !== 'ppt/slides/slide2.xml'))
    expect(await notesOf('x.pptx', file)).toEqual(['Slide 2 is missing: the file lacks the part with its content.'])
  })
})

test('sheets that a workbook lacks are named in a note', async () => {
  const file = repacked(workbook({ A: [['one']], B: [['two']] }, 'xlsx'), (members) =>
    members.filter(({ name }) => !name.endsWith('sheet2.xml')),
  )
  expect(await notesOf('x.xlsx', file)).toEqual(['The sheet "B" is missing: the file lacks the part with its content.'])
})

describe('in web pages and books', () => {
  test('words in drawings are one paragraph, without titles of icons', async () => {
    const svg =
      '<svg><title>Icon</title><text>Low water</text><g><text><tspan>Spring</tspan> tide</text></g></svg><svg aria-hidden="true"><text>arrow</text></svg>'
    expect(await textOf('x.html', `<p>See <svg><path d="M0"/></svg>below.</p><figure>${svg}</figure>`)).toBe(
      'See below.\n\nLow water · Spring tide\n',
    )
    expect(await textOf('x.epub', epub([{ title: 'One', body: svg }]))).toContain('Low water · Spring tide')
  })

  test('a page of frames is refused as empty', async () => {
    const failure = await folder.refuse('x.html', '<html><frameset cols="50,50"><frame src="a.html"></frameset></html>')
    expect(failure).toMatchObject({ code: 'empty', hint: 'Add the pages in its frames.' })
  })

  test('a file that a book does not list among its chapters is named in a note', async () => {
    const chapters = [
      { title: 'One', body: '<p>Listed</p>' },
      { title: 'Two', body: '<p>Unlisted</p>' },
    ]
    const file = repacked(epub(chapters), (members) =>
      members.map((member) =>
        member.name.endsWith('.opf')
          ? { ...member, content: String(member.content).replace('<itemref idref="c1"/>', '') }
          : member,
      ),
    )
    expect(await notesOf('x.epub', file)).toEqual([
      'OPS/text/c 1.xhtml was left out: the book does not list it among its chapters.',
    ])
  })
})

describe('in messages and text formats', () => {
  test('recipients of an Outlook message that has only their names', async () => {
    const message = msg({ '001A': 'IPM.Note', '0037': 'Fees', '1000': 'Body', '0E04': 'Ben; Cy', '0E03': 'Dee' })
    expect(await textOf('x.msg', message)).toContain('- **To:** Ben, Cy\n- **Cc:** Dee')
  })

  test.each([
    ['csv', 'Name,Place\nZo', ',Bergen\n'],
    ['json', '{"name": "é è Zo', '"}'],
    ['jsonl', '{"name":"Zo', '","n":1}\n{"name":"Ann","n":2}\n'],
    ['xml', '<r><name>Zo', '</name></r>'],
  ])('a byte of .%s that cannot be decoded is counted', async (extension, before, after) => {
    const bytes = Buffer.concat([
      Buffer.from(before),
      Buffer.from([0xff]),
      Buffer.from(after),
      Buffer.from(extension === 'json' ? '' : 'é è ü\n'),
    ])
    expect(await notesOf(`x.${extension}`, bytes)).toContain('1 character could not be decoded (shown as \ufffd).')
  })

  test('letters that JSON writes as codes', async () => {
    const json = String.raw`{"name": "Zo\u00eb \ud83d\ude00 \u0022 \\u00eb", "half": "\ud83d"}`
    expect(await textOf('x.json', json)).toContain(String.raw`"name": "Zoë 😀 \u0022 \\u00eb"`)
    expect(await textOf('x.json', json)).toContain(String.raw`"half": "\ud83d"`)
  })

  test('the separator that Excel names in quotation marks', async () => {
    expect(await textOf('x.csv', '"sep=|"\nA|B\n1|2\n')).toBe('| A | B |\n| --- | --- |\n| 1 | 2 |\n')
  })

  test('what an agent noted while it thought', async () => {
    const lines = [
      { type: 'response_item', payload: { type: 'message', role: 'user', content: 'Fix it' } },
      {
        type: 'response_item',
        payload: { type: 'reasoning', summary: [{ type: 'summary_text', text: 'Look first' }] },
      },
    ]
    expect(await textOf('x.jsonl', lines.map((line) => JSON.stringify(line)).join('\n'))).toContain(
      '## Assistant\n\nLook first',
    )
  })
})
