import { expect, test } from 'vitest'
import { piecesOf, sectionsOf, shareOf } from '../../../src/view/site/site-texts.ts'
import type { ListedDocument } from '../../../src/index.ts'
import type { ViewSource } from '../../../src/view/source.ts'

const document = (source: string): ListedDocument => ({ name: 'x', source }) as ListedDocument
const sourceOf = (text: string): ViewSource => ({ text: async () => text }) as unknown as ViewSource

test('sections begin at headings, which lines of code are not', () => {
  expect(sectionsOf('Before.\n\n## One ##\n\nA.\n```sh\n# no heading\n```\n### Two\nB.')).toEqual([
    ['', 'Before.\n'],
    ['One', '\nA.\n```sh\n# no heading\n```'],
    ['Two', 'B.'],
  ])
})

test('a short text is found by section, with its anchor', async () => {
  const pieces = await piecesOf(
    sourceOf('# Engine\n\nIt is **new**.\n\n## Boiler\n\nForty litres.\n'),
    'c',
    document('wiki/sources/x.md'),
    1_000,
  )
  expect(pieces.map(({ where, text, place }) => [where, text, place.anchor])).toEqual([
    ['Engine', 'It is new.', 'h-engine'],
    ['Boiler', 'Forty litres.', 'h-boiler'],
  ])
})

test('a long text is found by page', async () => {
  const pages = JSON.stringify([
    { page: 1, content: 'First.' },
    { page: 50, content: 'Last.' },
  ])
  const pieces = await piecesOf(sourceOf(pages), 'c', document('wiki/sources/x.json'), 1_000)
  expect(pieces.map(({ where, text, place }) => [where, text, place])).toEqual([
    ['p. 1', 'First.', { kind: 'document', name: 'x', tab: 'text', page: 1 }],
    ['p. 50', 'Last.', { kind: 'document', name: 'x', tab: 'text', page: 50 }],
  ])
})

test('no word is lost in a long section, and a large base has the beginning of each text', async () => {
  const words = Array.from({ length: 2_000 }, (_, index) => `word${index}`).join(' ')
  const all = await piecesOf(sourceOf(words), 'c', document('wiki/sources/x.md'), 1_000_000)
  expect(all.map(({ text }) => text).join(' ')).toBe(words)
  const some = await piecesOf(sourceOf(words), 'c', document('wiki/sources/x.md'), 300)
  expect(some.map(({ text }) => text).join(' ')).toBe(words.slice(0, 300))
  expect([shareOf(0), shareOf(100), shareOf(10_000)]).toEqual([4_000_000, 40_000, 400])
})
