import { describe, expect, test } from 'vitest'
import { serializeRecord, type DocumentRecord } from '../../../../src/core/document/document.ts'
import { parseRecord } from '../../../../src/core/document/record.ts'

const RECORD: DocumentRecord = {
  version: 1,
  name: 'tide',
  title: 'Tide',
  sha256: 'a'.repeat(64),
  format: 'md',
  kind: 'long',
  pages: 3,
  origin: '/home/una/tide.md',
  context: 'notes/sea',
  raw: 'raw/v2/tide.md',
  source: 'wiki/sources/v2/tide.json',
  tree: 'wiki/sources/v2/tide.tree.json',
  summary: 'wiki/summaries/v2/tide.md',
  images: ['wiki/sources/images/v2/tide/1.png'],
  listed: 'wiki/contents/documents-v2--3.md',
  language: 'en',
  compiler: 'builtin@5',
  model: 'openai/x',
  addedAt: '2026-11-30T10:00:00Z',
  topics: ['wiki/concepts/Spring-tide.md', 'wiki/entities/v3/alice--2.md', 'wiki/concepts/my own/Neap Tide.md'],
  mentions: [
    { key: 'neap', name: 'Neap', kind: 'concept', says: 'Low.', type: 'other', place: { page: 2, heading: 'x' } },
  ],
}
const PATH = 'documents/v2/tide.json'
const parse = (change: object, path = PATH) => parseRecord(JSON.stringify({ ...RECORD, ...change }), path)

test('what kbgit writes can be read back', () => {
  expect(parseRecord(serializeRecord(RECORD), PATH)).toEqual(RECORD)
})

describe('a field that kbgit would not write is named', () => {
  const outside = ['../../x', '/etc/x', '.git/x', 'wiki/../x', 'wiki/summaries/other.md', 5, null, {}, []]
  test.each([
    ...['raw', 'source', 'tree', 'summary', 'listed'].flatMap((key) => outside.map((value) => [key, value] as const)),
    ['images', [1, null]],
    ['images', ['wiki/sources/images/v2/tide/../../x.png']],
    ['images', ['wiki/sources/images/v2/other/1.png']],
    ['images', 'x'],
    ['topics', ['../../x']],
    ['topics', ['wiki/concepts/../../x.md']],
    ['topics', ['wiki/concepts/.git/x.md']],
    ['topics', ['wiki/summaries/tide.md']],
    ['topics', [null]],
    ['topics', 'x'],
    ['mentions', [null]],
    ['mentions', 'x'],
    ['mentions', [{ key: 'a' }]],
    ['name', '../../../../x'],
    ['name', '.git'],
    ['name', 'other'],
    ['title', { a: 1 }],
    ['title', 'x'.repeat(100_000)],
    ['sha256', 'A'.repeat(64)],
    ['sha256', '../x'],
    ['format', 'exe'],
    ['kind', 'short'],
    ['pages', -1],
    ['pages', 'many'],
    ['compiler', 'x\ny'],
    ['model', ['x']],
    ['language', '<b>'],
    ['language', '-rf'],
    ['addedAt', 'now'],
    ['addedAt', '9999-99-99T99:99:99Z'],
    ['sections', ['a digest']],
    ['summaryParts', ['a digest']],
    ['edited', [{ page: 'wiki/summaries/v2/tide.md' }]],
    ['version', '1'],
    ['surprise', 1],
  ] as const)('%s: %j', (key, value) => {
    expect(() => parse({ [key]: value })).toThrow(
      new RegExp(key === 'kind' ? 'source' : key === 'surprise' ? 'surprise' : `${key}|name of`),
    )
  })
})

test.each([
  ['documents/tide.json', 'summary|raw'],
  ['documents/v1/tide.json', 'folder'],
  ['documents/mine/tide.json', 'folder'],
  ['documents/v2/other.json', 'name'],
])('at %s it is the record of another path', (path, says) => {
  expect(() => parse({}, path)).toThrow(new RegExp(says))
})

test('a newer version is named as the reason', () => {
  expect(() => parse({ version: 2 })).toThrow(/newer kbgit/)
})
