import { expect, it } from 'vitest'
import { chooseDocument } from '../../../src/read/find-document.ts'

const DOCUMENTS = [
  { name: 'report', raw: 'raw/report.pdf', origin: '/home/ada/Report.pdf' },
  { name: 'report-2', raw: 'raw/v2/report-2.pdf.pointer', origin: '/home/ada/old/Report.pdf' },
  {
    name: 'naïve',
    raw: 'raw/naïve.md',
    origin: 'https://example.org/guides/naive/',
    title: 'A guide',
    aliases: ['Beginners', 'Report'],
  },
]

it.each([
  ['report', 'report'],
  ['report-2', 'report-2'],
  ['report.pdf', 'report'],
  ['report-2.pdf', 'report-2'],
  ['/home/ada/old/Report.pdf', 'report-2'],
  ['https://example.org/guides/naive/', 'naïve'],
  ['REPORT', 'report'],
  ['nai\u0308ve', 'naïve'],
  ['t-2', 'report-2'],
  ['Report.pdf', ['report', 'report-2']],
  ['repo', ['report', 'report-2']],
  ['a GUIDE', 'naïve'],
  ['beginners', 'naïve'],
  ['A gui', undefined],
  ['absent', undefined],
])('%j means %j', (query, expected) => {
  const match = chooseDocument(DOCUMENTS, query)
  expect(match.kind === 'one' ? match.document.name : match.kind === 'several' ? match.names : undefined).toEqual(
    expected,
  )
})
