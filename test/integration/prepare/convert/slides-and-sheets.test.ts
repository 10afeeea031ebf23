import { describe, expect, it } from 'vitest'
import { convert as office } from '../../../../src/prepare/convert/office.ts'
import { convert as sheets } from '../../../../src/prepare/convert/sheets.ts'
import { failureOf, gather } from '../../../support/convert.ts'
import { odf, png, pptx, workbook } from '../../../support/documents.ts'

describe('a presentation', () => {
  it('becomes a page per slide: title, text, pictures, speaker notes', async () => {
    const picture = `<p:pic><p:nvPicPr><p:cNvPr id="9" name="p" descr="A chart"/></p:nvPicPr><p:blipFill><a:blip r:embed="rP"/></p:blipFill></p:pic>`
    const file = pptx(
      [
        { title: 'Opening', body: ['First point', 'Second point'], notes: 'Say hello.' },
        { body: ['No title here'], shapes: picture, links: [{ id: 'rP', type: 'image', target: '../media/p.png' }] },
      ],
      { author: 'Cy', members: [{ name: 'ppt/media/p.png', content: png() }] },
    )
    const { pages, images, author, title } = await gather(office, 'pptx', file)
    expect(pages[0]).toBe('## Opening\n\nFirst point\n\nSecond point\n\n**Speaker notes**\n\nSay hello.')
    expect(pages[1]).toMatch(/^## Slide 2\n\nNo title here\n\n!\[A chart\]\(kbgit-image:\w+\.png\)$/)
    expect(images).toHaveLength(1)
    expect({ author, title }).toEqual({ author: 'Cy', title: 'Opening' })
  })

  it('in OpenDocument is read the same way', async () => {
    const page = (title: string, text: string, notes: string): string =>
      `<draw:page draw:name="p"><draw:frame presentation:class="title"><draw:text-box><text:p>${title}</text:p></draw:text-box></draw:frame><draw:frame presentation:class="outline"><draw:text-box><text:p>${text}</text:p></draw:text-box></draw:frame><presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>${notes}</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>`
    const { pages } = await gather(
      office,
      'odp',
      odf('presentation', page('One', 'text one', 'note one') + page('Two', 'text two', 'note two')),
    )
    expect(pages).toHaveLength(2)
    expect(pages[0]).toMatch(/^## One\n\ntext one\n\n\*\*Speaker notes\*\*\n\nnote one$/)
    expect(pages[1]).toContain('text two')
  })
})

describe.each([
  ['xlsx', 'xlsx', office],
  ['ods', 'ods', office],
  ['xls', 'biff8', sheets],
] as const)('a workbook as %s', (format, bookType, convert) => {
  it('becomes a page per sheet, with dates in ISO format and formulas by value', async () => {
    const rows = [
      ['Name', 'When', 'Sum'],
      ['Ä | b', new Date(Date.UTC(2024, 1, 29)), 0.1 + 0.2],
      ['later', new Date(Date.UTC(2024, 1, 29, 13, 5)), true],
    ]
    const file = workbook({ 'Blätter 1': rows, Zwei: [['only']] }, bookType, (book) => {
      book.Sheets['Zwei']!['B1'] = { t: 'n', v: 42, f: '6*7' }
      book.Sheets['Zwei']!['!ref'] = 'A1:B1'
    })
    const { pages, body, notes } = await gather(convert, format, file).then((all) => ({ ...all, body: undefined }))
    expect(body).toBeUndefined()
    expect(pages[0]).toBe(
      '## Blätter 1\n\n| Name | When | Sum |\n| --- | --- | --- |\n| Ä \\| b | 2024-02-29 | 0.3 |\n| later | 2024-02-29 13:05:00 | TRUE |',
    )
    expect(pages[1]).toBe('## Zwei\n\n| only | 42 |\n| --- | --- |')
    expect(notes).toEqual([])
  })

  it('omits empty edges, and marks hidden sheets', async () => {
    const file = workbook(
      {
        A: [
          [null, null],
          [null, 'x'],
          [null, null],
        ],
        B: [['secret']],
      },
      bookType,
      (book) => {
        book.Workbook = { Sheets: [{ Hidden: 0 }, { Hidden: 1 }] }
      },
    )
    const { text, lost } = await gather(convert, format, file)
    expect(text).toContain('## A\n\n| x |\n| --- |')
    expect(text).toContain('secret')
    // The library that writes the test file does not mark hidden sheets in ods.
    if (format !== 'ods') expect(text).toContain('## B (hidden sheet)')
    expect(lost).toEqual([])
  })

  it('splits tables at empty rows and columns, and writes few empty cells', async () => {
    const rows: (string | number | null)[][] = [['Title'], [], ['a', 'b', null, 'c', 'd'], [1, 2, null, 3, 4]]
    rows[40] = [...Array.from({ length: 30 }, () => null), 'far']
    const { text } = await gather(convert, format, workbook({ S: Array.from(rows, (row) => row ?? []) }, bookType))
    expect(text).toBe(
      '## S\n\nTitle\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n| c | d |\n| --- | --- |\n| 3 | 4 |\n\nfar',
    )
  })

  it('keeps whole numbers of 16 digits', async () => {
    const { text } = await gather(convert, format, workbook({ S: [['id'], [1234567890123456]] }, bookType))
    expect(text).toContain('| 1234567890123456 |')
  })

  it('takes several pages for a long sheet, each with the header row', async () => {
    const file = workbook({ Long: [['n', 'double'], ...Array.from({ length: 1_200 }, (_, n) => [n, n * 2])] }, bookType)
    const { pages } = await gather(convert, format, file)
    expect(pages).toHaveLength(3)
    expect(pages[1]).toMatch(/^## Long, rows 502 to 1001\n\n\| n \| double \|\n\| --- \| --- \|\n\| 500 \| 1000 \|\n/)
  })
})

describe('a workbook that is cut off', () => {
  it('fails as corrupt', async () => {
    const xls = workbook({ A: [['x']] }, 'biff8')
    expect((await failureOf(gather(sheets, 'xls', xls.subarray(0, 700)))).code).toBe('corrupt')
    const xlsx = workbook({ A: [['x']] }, 'xlsx')
    expect((await failureOf(gather(office, 'xlsx', xlsx.subarray(0, xlsx.length - 40)))).code).toBe('corrupt')
  })
})

describe('other content of a workbook', () => {
  it('includes durations as displayed, formulas without a value, and comments with their cells', async () => {
    const file = workbook(
      {
        S: [
          ['what', 'value'],
          ['lasts', 1.5],
          ['sum', 1],
        ],
      },
      'xlsx',
      (book) => {
        const sheet = book.Sheets['S']!
        sheet['B2'] = { t: 'n', v: 1.5, z: '[h]:mm:ss' }
        sheet['B1']!.c = [{ a: 'Ann', t: 'Ask Bo.' }]
      },
    )
    const { text, lost } = await gather(office, 'xlsx', file)
    expect(text).toContain('| lasts | 36:00:00 |')
    expect(text).toContain('**Comments**\n\n- B1, Ann: Ask Bo.')
    expect(lost).toEqual([])
  })

  it('in OpenDocument includes repeated dates, durations, comments and hidden sheets', async () => {
    const cell = (attributes: string, text: string): string =>
      `<table:table-cell ${attributes}><text:p>${text}</text:p></table:table-cell>`
    const note =
      '<table:table-cell office:value-type="string"><office:annotation><dc:creator>Ann</dc:creator><text:p>Why so?</text:p></office:annotation><text:p>x</text:p></table:table-cell>'
    const body =
      `<table:table table:name="S" table:style-name="T"><table:table-row table:number-rows-repeated="2">${cell('office:value-type="date" office:date-value="2024-03-05T00:00:00"', '05.03.24')}${cell('office:value-type="time" office:time-value="PT36H00M00S"', '36:00')}${note}</table:table-row>` +
      `<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row><table:table-row>${cell('office:value-type="string"', 'the last')}</table:table-row></table:table>`
    const automatic =
      '<style:style style:name="T" style:family="table"><style:table-properties table:display="false"/></style:style>'
    const file = odf('spreadsheet' as 'text', body, { automatic })
    const { text, lost } = await gather(office, 'ods', file)
    expect(text).toBe(
      '## S (hidden sheet)\n\n| 2024-03-05 | 36:00:00 | x |\n| --- | --- | --- |\n| 2024-03-05 | 36:00:00 | x |\n\nthe last\n\n**Comments**\n\n- C1, Ann: Why so?',
    )
    expect(lost).toEqual([])
  })
})

describe('slides', () => {
  it('keep list levels of the master, numbers over nested bullets and line breaks, and omit what the template repeats', async () => {
    const p = (text: string, properties = ''): string =>
      `<a:p><a:pPr ${properties.startsWith('<') ? '' : properties}>${properties.startsWith('<') ? properties : ''}</a:pPr><a:r><a:t>${text}</a:t></a:r></a:p>`
    const shape = (kind: string, inner: string): string =>
      `<p:sp><p:nvSpPr><p:cNvPr id="9" name="n"/><p:cNvSpPr/><p:nvPr>${kind}</p:nvPr></p:nvSpPr><p:txBody><a:bodyPr/>${inner}</p:txBody></p:sp>`
    const number = '<a:buAutoNum type="arabicPeriod"/>'
    const shapes =
      shape(
        '',
        `${p('one', number)}<a:p><a:pPr lvl="1"><a:buChar char="•"/></a:pPr><a:r><a:t>inner</a:t></a:r></a:p>${p('two', number)}`,
      ) +
      shape('', `<a:p><a:r><a:t>mind</a:t></a:r><a:br/><a:r><a:t>hold</a:t></a:r></a:p>`) +
      ['dt', 'ftr', 'sldNum'].map((type) => shape(`<p:ph type="${type}"/>`, p(`furniture ${type}`))).join('')
    const { text, lost } = await gather(office, 'pptx', pptx([{ title: 'T', shapes }]))
    expect(text).toBe('## T\n\n1. one\n    - inner\n2. two\n\nmind\\\nhold')
    expect(lost).toEqual([])
  })
})
