import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openKb } from '../../../src/index.ts'
import { LiveBase } from '../../support/live-base.ts'
import { TEST_ENVIRONMENT, TestRepository } from '../../support/repository.ts'

test('the first command that writes in a clone sets up its merge driver and hooks, and says so once', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  using clone = new TestRepository()
  clone.git('pull', '-q', base.repository.dir, 'main')
  const warnings: string[] = []
  const logger = { debug: () => {}, warn: (_: unknown, message: string) => void warnings.push(message) }
  await using kb = await openKb({ dir: clone.dir, env: TEST_ENVIRONMENT, logger })

  expect(await kb.status()).toMatchObject({ mergeDriver: false, next: { command: 'kbgit', args: ['recover'] } })
  await kb.add([base.source('Sparrow')])
  expect(warnings.filter((warning) => warning.includes('merge driver'))).toHaveLength(1)
  expect(readFileSync(join(clone.dir, '.git/config'), 'utf8')).toContain('[merge "kbgit"]')
  expect(await kb.status()).toMatchObject({ mergeDriver: true, hooks: { 'post-merge': 'installed' } })
  expect((await kb.status()).next).toBeUndefined()
  await kb.add([base.source('Owl')])
  expect(warnings.filter((warning) => warning.includes('merge driver'))).toHaveLength(1)
})

test('a clone whose set-up was cut off, before or within the registration of the driver, is set up by the next command', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  for (const begun of [[], ['merge.kbgit.name', 'merges the pages']]) {
    using clone = new TestRepository()
    clone.git('pull', '-q', base.repository.dir, 'main')
    if (begun.length > 0) clone.git('config', ...begun)
    await using kb = await openKb({ dir: clone.dir, env: TEST_ENVIRONMENT })
    expect((await kb.status()).mergeDriver).toBe(false)
    await kb.add([base.source('Sparrow')])
    expect(await kb.status()).toMatchObject({ mergeDriver: true, hooks: { 'post-merge': 'installed' } })
  }
})

test('recover gives a base of an earlier version the merge driver for originals, once, and never over a line of the user', async () => {
  using base = await LiveBase.make()
  const attributes = { 'raw/.gitattributes': '* -text\n', 'wiki/.gitattributes': '* -text\n*.md merge=mine\n' }
  for (const [path, text] of Object.entries(attributes)) base.write(path, text)
  base.git('commit', '-qam', 'As it was')
  await using kb = await base.open()
  await kb.recover()
  const head = base.git('rev-parse', 'HEAD')
  await kb.recover()
  expect(base.git('rev-parse', 'HEAD')).toBe(head)
  expect(base.git('log', '-1', '--format=%s', '--name-only')).toBe('kbgit: init\n\nraw/.gitattributes')
  expect(base.read('raw/.gitattributes')).toBe('* -text merge=kbgit\n')
  expect(base.read('wiki/.gitattributes')).toBe(attributes['wiki/.gitattributes'])
  expect(base.git('status', '--porcelain')).toBe('')
})

test('status names pages and sources that are gone or changed, and what to do next', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon', 'Sparrow')
  await using kb = await base.open()
  expect((await kb.status()).next).toBeUndefined()
  const { rmSync, writeFileSync } = await import('node:fs')
  rmSync(join(base.root, 'wiki/summaries/Falcon.md'))
  base.append('wiki/index.md', '\nMine.\n')
  writeFileSync(join(base.root, 'raw/Sparrow.md'), 'altered\n')
  rmSync(join(base.sources, 'Falcon.md'))
  writeFileSync(join(base.sources, 'Sparrow.md'), '# Changed\n\nAnother text.\n')

  expect(await kb.status()).toMatchObject({
    worktree: { deleted: ['wiki/summaries/Falcon.md'], edited: ['wiki/index.md'], altered: ['raw/Sparrow.md'] },
    sources: { gone: [{ name: 'Falcon' }], changed: [{ name: 'Sparrow' }] },
    next: { command: 'git', args: ['restore', '--staged', '--worktree', '--', 'wiki/summaries/Falcon.md'] },
  })
  expect((await kb.status({ at: 'HEAD' })).worktree).toBeUndefined()
})

test('a document comes from standard input, and is updated under its name', async () => {
  using base = await LiveBase.make()
  await using kb = await base.open()
  const bytes = async function* (text: string) {
    yield Buffer.from(text)
  }
  const add = (text: string, name?: string) => kb.add(['-'], { stdin: { bytes: bytes(text), name } })
  expect(await add('# Minutes of May\n\nTides were seen.\n', 'minutes.md')).toMatchObject({
    added: [{ name: 'minutes' }],
  })
  expect(await add('# Minutes of May\n\nTides were seen.\n', 'minutes.md')).toMatchObject({
    skipped: [{ reason: 'unchanged' }],
  })
  expect(await add('# Minutes of June\n\nNone were seen.\n', 'minutes.md')).toMatchObject({
    updated: [{ name: 'minutes' }],
  })
  expect(await add('# No name\n\nA note.\n')).toMatchObject({ added: [{}] })
  expect(await add('')).toMatchObject({ failed: [{ path: '-', error: { code: 'empty' } }] })
  expect(await kb.add([], { retryFailed: true })).toMatchObject({ failed: [] })
  expect(await kb.fsck()).toMatchObject({ ok: true })
})

test('a folder with documents, raw or wiki files of its own does not become a base', async () => {
  using repository = new TestRepository()
  const { initKb } = await import('../../../src/index.ts')
  repository.commit('Mine', { 'documents/plan.md': 'A plan.\n', 'wiki/.gitkeep': '' })
  await expect(initKb({ dir: repository.dir, env: TEST_ENVIRONMENT })).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('documents/'),
  })
  expect(repository.git('status', '--porcelain')).toBe('')
  await initKb({ dir: join(repository.dir, 'kb'), env: TEST_ENVIRONMENT })
  expect(repository.git('show', '--name-only', '--format=', 'HEAD')).toContain('kb/kbgit.yaml')
})

test('a clone whose checkout did not finish is left as it is: nothing in it was deleted by a person', async () => {
  using base = await LiveBase.make()
  await base.add('Falcon')
  const head = base.git('rev-parse', 'HEAD')
  const { rmSync } = await import('node:fs')
  for (const path of ['.git/index', 'wiki/index.md']) rmSync(join(base.root, path))
  await expect(base.add('Sparrow')).rejects.toMatchObject({
    code: 'repositoryBusy',
    message: expect.stringContaining('has no index'),
  })
  expect(base.git('rev-parse', 'HEAD')).toBe(head)
  base.git('reset', '-q')
  base.git('restore', ':/')
  expect((await base.add('Sparrow')).added).toHaveLength(1)
  expect(base.git('status', '--porcelain')).toBe('')
})
