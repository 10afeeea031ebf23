import { expect, test } from 'vitest'
import { addressOf } from '../../../src/view/server/live-context.ts'
import { placeOfCitation } from '../../../src/view/load/cited.ts'
import { placeOfPath } from '../../../src/view/wiki-places.ts'

const quote = 'holds forty litres of water'
const LIT = '#:~:text=holds%20forty%20litres%20of%20water'

test.each([
  ['a page of a long text', 'wiki/sources/report.json', 'report', 50, '/documents/report/text?part=2#p50:~:text=holds'],
  ['a short text', 'wiki/sources/heron.md', 'heron', undefined, `/documents/heron/text${LIT}`],
  ['a summary', 'wiki/summaries/v2/heron.md', 'heron', undefined, `/documents/heron${LIT}`],
  ['a concept', 'wiki/concepts/Boiler.md', '', undefined, `/concepts/Boiler${LIT}`],
  ['a later part of an entity', 'wiki/entities/v3/Acme--2.md', '', undefined, `/entities/Acme${LIT}`],
  ['a theme', 'wiki/themes/Engines.md', '', undefined, `/themes/Engines${LIT}`],
  ['a saved answer', 'wiki/explorations/who.md', '', undefined, `/explorations/who${LIT}`],
])('an answer that cites %s leads there', (_, page, document, pageNumber, address) => {
  const place = placeOfCitation({ page, document, pageNumber, quote }, placeOfPath)
  expect(addressOf(place, undefined)).toContain(address)
})
