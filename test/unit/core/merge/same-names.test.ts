import { expect, test } from 'vitest'
import { planRenames, type SameName, type Side } from '../../../../src/core/merge/same-names.ts'
import { withDisplaced } from '../../../../src/core/merge/record.ts'
import { collisionKey } from '../../../../src/core/page/slug.ts'

const [A, B, C] = ['a', 'b', 'c'].map((digit) => digit.repeat(64)) as [string, string, string]
const PATH = 'documents/v2/minutes.json'
type Found = Partial<Record<Side, Record<string, string>>>

/** Planned both ways: the answers must mirror each other. `found`: numbered names by digest, of each side. */
function planned(same: Omit<SameName, 'path'>, found: Found = {}, taken: string[] = []) {
  const plan = ({ ours, theirs, base }: Omit<SameName, 'path'>, { ours: left = {}, theirs: right = {} }: Found) =>
    planRenames([{ path: PATH, ours, theirs, base }], {
      find: (side, _, sha256) => ({ ours: left, theirs: right })[side][sha256],
      taken: (key) => ['minutes', ...taken].map(collisionKey).includes(key),
    })
  const one = plan(same, found)
  const other = plan(
    { ours: same.theirs, theirs: same.ours, base: same.base },
    { ours: found.theirs ?? {}, theirs: found.ours ?? {} },
  )
  const swap = { ours: 'theirs', theirs: 'ours' } as const
  expect(other.map((rename) => ({ ...rename, side: swap[rename.side] }))).toEqual(one)
  return one.map(({ side, to, known, inBase }) => ({ side, to, known, inBase }))
}

test('of two added documents, the one with the greater digest gets the next free name', () => {
  expect(planned({ ours: { sha256: A }, theirs: { sha256: B } })).toEqual([
    { side: 'theirs', to: 'minutes-2', known: false, inBase: false },
  ])
  expect(planned({ ours: { sha256: B }, theirs: { sha256: A } }, {}, ['Minutes-2'])).toEqual([
    { side: 'ours', to: 'minutes-3', known: false, inBase: false },
  ])
})

test('the same document has one name, and an update is not another document', () => {
  expect(planned({ ours: { sha256: A }, theirs: { sha256: A } })).toEqual([])
  expect(planned({ ours: { sha256: A }, theirs: { sha256: B }, base: { sha256: A } })).toEqual([])
  expect(planned({ ours: { sha256: A }, theirs: { sha256: B }, base: { sha256: C } })).toEqual([])
})

test('a side that has the document under another name already is followed', () => {
  expect(planned({ ours: { sha256: A }, theirs: { sha256: B } }, { ours: { [B]: 'minutes-4' } })).toEqual([
    { side: 'theirs', to: 'minutes-4', known: true, inBase: false },
  ])
  // The other side went on with the document of the merge base, and may have updated it.
  for (const sha256 of [B, C])
    expect(
      planned({ ours: { sha256: A }, theirs: { sha256 }, base: { sha256: B } }, { ours: { [B]: 'minutes-2' } }),
    ).toEqual([{ side: 'theirs', to: 'minutes-2', known: true, inBase: true }])
  const displaced = [{ name: 'minutes-2', sha256: B, commit: '1'.repeat(40) }]
  expect(planned({ ours: { sha256: A, displaced }, theirs: { sha256: B }, base: { sha256: B } })).toEqual([
    { side: 'theirs', to: 'minutes-2', known: true, inBase: true },
  ])
})

test('a record has one entry for each name that is still to come', () => {
  const entry = (name: string, digit: string) => ({ name, sha256: A, commit: digit.repeat(40) })
  let text = JSON.stringify({ version: 1, name: 'minutes' })
  for (const one of [entry('minutes-3', '1'), entry('minutes-2', '1'), entry('minutes-3', '2')])
    text = withDisplaced(text, one)
  expect(JSON.parse(text)).toMatchObject({ displaced: [entry('minutes-2', '1'), entry('minutes-3', '2')] })
})
