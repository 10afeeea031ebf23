import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packIfMany } from '../../../../src/io/git/maintenance.ts'
import { openBase } from '../../../../src/operations/base/open.ts'
import { LiveBase } from '../../../support/live-base.ts'

const packs = (base: LiveBase): number =>
  readdirSync(join(base.repository.dir, '.git/objects/pack')).filter((name) => name.endsWith('.pack')).length

/** One pack per commit. */
async function manyPacks(count = 6): Promise<LiveBase> {
  const base = await LiveBase.make()
  for (let index = 0; index < count; index++) {
    base.repository.commit(`Mine ${index}`, { [`mine-${index}.txt`]: `${index}\n` })
    base.git('repack', '-d', '-q')
  }
  return base
}

test.each([
  ['large', 6],
  ['small', 12],
])('packs are consolidated after a large run of %s groups, and nothing is lost', async (_, count) => {
  using base = await manyPacks(count)
  await packIfMany(await openBase({ dir: base.root, env: base.env }), 500)
  expect(packs(base)).toBeLessThan(6)
  expect(await base.check()).toEqual([])
})

test('packs are left alone after a small run, and after an interrupted one', async () => {
  using base = await manyPacks()
  const before = packs(base)
  const opened = await openBase({ dir: base.root, env: base.env })
  await packIfMany(opened, 1)
  await packIfMany(opened, 500, AbortSignal.abort())
  expect(packs(base)).toBe(before)
})
