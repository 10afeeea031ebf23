// Section trees of PDFs whose outline ends above the last level.
import { expect, it } from 'vitest'
import { convert } from '../../../../src/prepare/convert/pdf.ts'
import { gather } from '../../../support/convert.ts'
import { pdf, type PdfLine, type PdfPage } from '../../../support/pdf.ts'

const SENTENCE = 'The harbour master keeps a list of the boats that come in with the tide.'
const text = (y: number, count: number): PdfLine[] =>
  Array.from({ length: count }, (_, n) => ({ text: SENTENCE, y: y + n * 13 }))
const treeOf = async (pages: PdfPage[], outline: { title: string; page: number }[]): Promise<string[]> => {
  const { outline: tree } = await gather(convert, 'pdf', pdf(pages, { outline }))
  return (tree ?? []).map(({ title, level, startPage, endPage }) => `${level} ${title} ${startPage}-${endPage}`)
}
const heading = (title: string, y: number): PdfLine => ({ text: title, y, size: 12, bold: true })
const captioned = (caption: string): PdfPage => ({
  lines: [
    { text: caption, y: 80, bold: true },
    ...['Boats', 'Pilots', 'Fees'].flatMap((label, n): PdfLine[] => [
      { text: label, y: 110 + n * 14 },
      { text: `${n + 1},204`, x: 320, y: 110 + n * 14 },
      { text: `${n + 3},187`, x: 420, y: 110 + n * 14 },
    ]),
  ],
})

it('are completed by the numbered sections inside its own', async () => {
  const pages = [
    { lines: [heading('1 Boats', 80), ...text(110, 6), heading('1.1 Cutters', 220), ...text(240, 6)] },
    { lines: [heading('1.2 Ketches', 80), ...text(110, 6), heading('2 Fees', 220), ...text(240, 6)] },
  ]
  expect(
    await treeOf(pages, [
      { title: '1 Boats', page: 1 },
      { title: '2 Fees', page: 2 },
    ]),
  ).toEqual(['1 1 Boats 1-2', '2 1.1 Cutters 1-1', '2 1.2 Ketches 2-2', '1 2 Fees 2-2'])
})

it('are completed by the numbered tables of an appendix', async () => {
  const captions = ['Table A.1. Boats by year', 'Table A.2A. Fees', 'Table A.2A. Fees—continued', 'Table A.2B. Dues']
  const pages = [{ lines: text(80, 20) }, ...captions.map(captioned)]
  expect(
    await treeOf(pages, [
      { title: 'Report', page: 1 },
      { title: 'Appendix', page: 2 },
    ]),
  ).toEqual([
    '1 Report 1-2',
    '1 Appendix 2-5',
    '2 Table A.1. Boats by year 2-2',
    '2 Table A.2A. Fees 3-4',
    '2 Table A.2B. Dues 5-5',
  ])
})

it('have no tables of a text among their sections', async () => {
  const pages = ['Table 1. Boats', 'Table 2. Fees', 'Table 3. Dues'].flatMap((caption) => [
    { lines: text(80, 30) },
    { lines: [...(captioned(caption).lines ?? []), ...text(200, 20)] },
  ])
  const tree = await treeOf(pages, [
    { title: 'Report', page: 1 },
    { title: 'Rest', page: 6 },
  ])
  expect(tree.map((entry) => entry.replace(/ \d+-\d+$/, ''))).toEqual(['1 Report', '1 Rest'])
})
