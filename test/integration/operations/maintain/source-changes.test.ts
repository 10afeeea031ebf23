import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LiveBase } from '../../../support/live-base.ts'

test('status finds sources that were moved or renamed on disk, and names those that are gone', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon', 'Owl', 'Finch', 'Sparrow')
  await using kb = await base.open()
  const at = (path: string): string => join(base.sources, path)
  mkdirSync(at('birds/small'), { recursive: true })
  renameSync(at('Falcon.md'), at('birds/small/Falcon.md'))
  renameSync(at('Owl.md'), at('Night owl.md'))
  // Of the same size, but not the same.
  writeFileSync(at('birds/Finch.md'), Buffer.alloc(readFileSync(at('Finch.md')).length, 'x'))
  rmSync(at('Finch.md'))

  expect((await kb.status()).sources).toEqual({
    gone: [{ name: 'Finch', path: at('Finch.md') }],
    changed: [],
    moved: [
      { name: 'Falcon', from: at('Falcon.md'), path: at('birds/small/Falcon.md') },
      { name: 'Owl', from: at('Owl.md'), path: at('Night owl.md') },
    ],
  })
  renameSync(at('birds'), at('animals'))
  expect((await kb.status()).sources?.moved[0]).toMatchObject({ path: at('animals/small/Falcon.md') })
})
