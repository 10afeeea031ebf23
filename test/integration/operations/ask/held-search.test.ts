import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { initKb, openKb, type Kb } from '../../../../src/index.ts'
import { GIT_IDENTITY } from '../../../support/git-identity.ts'
import { temporaryFolder } from '../../../support/models.ts'

const names = async (kb: Kb, query: string, at?: string) =>
  (await kb.search(query, { kinds: ['source'], ...(at === undefined ? {} : { at }) })).hits.map(({ name }) => name)

it('a store that is kept open sees what others add, older commits, and that its file was replaced', async () => {
  await using folder = await temporaryFolder()
  const dir = join(folder.path, 'base')
  const documents = join(folder.path, 'documents')
  const env = { ...GIT_IDENTITY, PATH: process.env['PATH'] }
  mkdirSync(documents)
  const add = async (name: string, text: string): Promise<void> => {
    writeFileSync(join(documents, `${name}.md`), `# ${name}\n\n${text}\n`)
    await using kb = await openKb({ dir, env })
    await kb.add([join(documents, `${name}.md`)])
  }
  await initKb({ dir, env, hooks: false })
  await add('otter', 'Otters eat crayfish.')
  await using held = await openKb({ dir, env, held: true })
  expect(await names(held, 'crayfish')).toEqual(['otter'])
  const first = await held.resolve()
  await add('heron', 'Herons eat crayfish, too.')
  expect((await names(held, 'crayfish')).sort()).toEqual(['heron', 'otter'])
  const [now, then, again] = await Promise.all([
    names(held, 'crayfish'),
    names(held, 'crayfish', first),
    names(held, 'crayfish'),
  ])
  expect([now.length, then, again.length]).toEqual([2, ['otter'], 2])
  const store = join(dir, '.git/kbgit/pageindex.db')
  for (const end of ['', '-wal', '-shm']) renameSync(store + end, `${store}${end}.gone`)
  expect((await names(held, 'crayfish')).sort()).toEqual(['heron', 'otter'])
})
