import { describe, expect, test } from 'vitest'
import type { DocumentRecord } from '../../../../src/core/document/document.ts'
import { documentKeys, linkedDocument } from '../../../../src/core/document/link-names.ts'
import { record } from '../../../support/base-files.ts'

function note(path: string, more: Partial<DocumentRecord> = {}): DocumentRecord {
  const folders = path.split('/').slice(0, -1).join('/')
  return record(path.replace(/\W+/g, '-').replace(/-md$/, ''), {
    origin: `/vault/${path}`,
    ...(folders === '' ? {} : { context: folders }),
    ...more,
  })
}

function found(to: string, from: DocumentRecord, documents: DocumentRecord[]): string | undefined {
  const names = {
    documentByOrigin: (origin: string) => documents.find((one) => one.origin === origin),
    documentsNamed: (key: string, limit: number) =>
      documents.filter((one) => documentKeys(one).includes(key)).slice(0, limit),
  }
  return linkedDocument({ to }, from, names)?.origin.replace('/vault/', '')
}

const vault = [
  note('Home.md'),
  note('Plan.md'),
  note('work/Plan.md'),
  note('work/Deep/Only here.md'),
  note('work/Deep/index.md'),
  note('life/Café.md', { aliases: ['Coffee', 'The Bar'] }),
  note('life/paper.pdf', { format: 'pdf' }),
  note('life/page.html', { format: 'html' }),
  note('case/README.md'),
  note('case/readme.md'),
]
const home = note('Home.md')
const deep = note('work/Deep/index.md')

describe('the document that a link means', () => {
  test.each([
    ['Plan', home, 'Plan.md'],
    ['plan', home, 'Plan.md'],
    ['Plan.md', home, 'Plan.md'],
    ['work/Plan', home, 'work/Plan.md'],
    ['Plan', note('work/Other.md'), 'Plan.md'],
    ['./Plan.md', note('work/Other.md'), 'work/Plan.md'],
    ['./Plan.md', note('life/Other.md'), 'Plan.md'],
    ['../Plan.md', deep, 'work/Plan.md'],
    ['../../Plan.md', deep, 'Plan.md'],
    ['/work/Plan.md', deep, 'work/Plan.md'],
    ['Only here', home, 'work/Deep/Only here.md'],
    ['Deep/Only here', home, 'work/Deep/Only here.md'],
    ['CAFÉ', home, 'life/Café.md'],
    ['Cafe\u0301', home, 'life/Café.md'],
    ['the bar', home, 'life/Café.md'],
    ['paper.pdf', home, 'life/paper.pdf'],
    ['README', home, 'case/README.md'],
    ['readme', home, 'case/readme.md'],
    ['./page.html', note('life/x.html', { format: 'html' }), 'life/page.html'],
  ])('%s', (to, from, path) => {
    expect(found(to, from, vault)).toBe(path)
    expect(found(to, from, vault.toReversed())).toBe(path)
  })

  test.each([
    ['paper', home],
    ['life/Plan', home],
    ['../Plan.md', note('life/x/Other.md')],
    ['./Plan.md', note('life/x.html', { format: 'html' })],
    ['constructor', home],
    ['__proto__', home],
    ['', home],
  ])('is none: %s', (to, from) => {
    expect(found(to, from, vault)).toBeUndefined()
  })

  test('is found by its exact path among any number with its name', () => {
    const many = Array.from({ length: 300 }, (_, at) => note(`p${at}/README.md`, { context: `p${at}` }))
    expect(found('./README.md', note('p299/other.md'), many)).toBe('p299/README.md')
  })
})
