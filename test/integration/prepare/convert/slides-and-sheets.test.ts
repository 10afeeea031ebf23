import { describe, expect, it } from 'vitest'
import { convert as office } from '../../../../src/prepare/convert/office.ts'
import { convert as sheets } from '../../../../src/prepare/convert/sheets.ts'
import { failureOf, gather } from '../../../support/convert.ts'
import { odf, png, pptx, workbook } from '../../../support/documents.ts'

describe('a presentation', () => {
  it('is a page a slide: title, text, pictures, speaker notes', async () => {
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
  it('is a page a sheet, with dates as ISO and formulas by their values', async () => {
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

  it('leaves out empty edges and hidden sheets', async () => {
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
    const { text } = await gather(convert, format, file)
    expect(text).toContain('## A\n\n| x |\n| --- |')
    if (format !== 'ods') expect(text).not.toContain('secret')
  })

  it('takes several pages where a sheet is long, each with its head row', async () => {
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
