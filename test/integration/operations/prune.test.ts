import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { LiveBase } from '../../support/live-base.ts'

test('documents whose source in the folder is gone are removed, moved ones stay', async () => {
  using base = await LiveBase.make()
  await using kb = await base.open()
  for (const name of ['Falcon', 'Owl', 'Finch', 'Sparrow']) base.source(name)
  await kb.add([base.sources])
  rmSync(join(base.sources, 'Falcon.md'))
  mkdirSync(join(base.sources, 'birds'))
  renameSync(join(base.sources, 'Owl.md'), join(base.sources, 'birds/Owl.md'))
  await kb.add([base.sources])
  expect((await kb.status()).sources).toMatchObject({ gone: [{ name: 'Falcon' }], moved: [] })
  const head = base.git('rev-parse', 'HEAD')

  expect(await kb.prune([base.sources], { dryRun: true })).toMatchObject({
    removed: [{ name: 'Falcon', commit: null }],
  })
  expect(base.git('rev-parse', 'HEAD')).toBe(head)
  const { removed } = await kb.prune([base.sources])

  expect(removed).toMatchObject([{ name: 'Falcon', path: join(base.sources, 'Falcon.md') }])
  expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['Finch', 'Owl', 'Sparrow'])
  expect(base.subjects()[0]).toBe('remove: Falcon')
  expect(await base.check()).toEqual([])
  expect((await kb.prune([base.sources])).removed).toEqual([])
})

test('a folder that is gone or empty removes nothing', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  await using kb = await base.open()
  await expect(kb.prune([join(base.sources, 'nowhere')])).rejects.toMatchObject({ code: 'notFound' })
  rmSync(join(base.sources, 'Falcon.md'))
  await expect(kb.prune([base.sources])).rejects.toMatchObject({ code: 'usage' })
  expect((await kb.list()).documents).toHaveLength(1)
})

test('a folder under another name is not a folder of sources that are gone', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  await using kb = await base.open()
  const moved = `${base.sources}-moved`
  mkdirSync(moved)
  renameSync(join(base.sources, 'Falcon.md'), join(moved, 'Falcon.md'))
  base.source('Owl')
  await kb.add([moved])

  expect((await kb.status()).sources).toMatchObject({
    gone: [],
    moved: [{ name: 'Falcon', from: join(base.sources, 'Falcon.md'), path: join(moved, 'Falcon.md') }],
  })
  expect((await kb.prune([base.sources])).removed).toEqual([])
  rmSync(moved, { recursive: true })
})
