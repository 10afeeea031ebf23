import { writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openKb } from '../../../src/index.ts'
import { LiveBase, TOPIC_PAGE } from '../../support/live-base.ts'

const tree = (base: LiveBase, revision = 'HEAD'): string => base.repository.git('rev-parse', `${revision}^{tree}`)

test('undoing the last run restores the tree before it, in one commit', async () => {
  using base = await LiveBase.make()
  await base.add('first')
  const before = tree(base)
  await base.add('second', 'third')
  const head = base.repository.git('rev-parse', 'HEAD')
  await using kb = await base.open()

  const planned = await kb.undo({ dryRun: true })
  expect(planned.commit).toBeNull()
  const result = await kb.undo()

  expect(planned.deleted).toEqual(result.deleted)
  expect(tree(base)).toBe(before)
  expect(result.left).toEqual([])
  expect(result.runs.flatMap(({ commits }) => commits.flatMap(({ documents }) => documents))).toEqual([
    'third',
    'second',
  ])
  expect(base.repository.git('rev-parse', 'HEAD^')).toBe(head)
  expect(base.repository.git('status', '--porcelain')).toBe('')
  expect(await kb.fsck()).toMatchObject({ ok: true, problems: [] })
})

test('a second undo undoes the run before, and reverting an undo restores its run', async () => {
  using base = await LiveBase.make()
  const empty = tree(base)
  await base.add('first')
  const one = tree(base)
  await base.add('second')
  await using kb = await base.open()
  await kb.undo()
  await kb.undo()
  expect(tree(base)).toBe(empty)
  await expect(kb.undo()).rejects.toMatchObject({ code: 'notFound' })

  base.repository.git('revert', '--no-edit', 'HEAD')
  expect(tree(base)).toBe(one)
  await kb.undo()
  expect(tree(base)).toBe(empty)
})

test('several runs are undone together', async () => {
  using base = await LiveBase.make()
  const empty = tree(base)
  await base.add('first')
  await base.add('second')
  await using kb = await base.open()
  await kb.remove('first')
  const { runs } = await kb.undo({ runs: 3 })
  expect(runs).toHaveLength(3)
  expect(tree(base)).toBe(empty)
})

test('a document is undone below an edit of a page that it shares', async () => {
  using base = await LiveBase.make()
  await base.add('first')
  await base.add('second')
  base.write(TOPIC_PAGE, base.read(TOPIC_PAGE).replace('\n## ', '\nA line by hand.\n\n## '))
  base.repository.git('commit', '-qam', 'A line by hand')
  await using kb = await base.open()

  const result = await kb.undo()
  expect(result.left).toEqual([])
  expect((await kb.list()).documents.map(({ name }) => name)).toEqual(['first'])
  expect(base.read(TOPIC_PAGE)).toContain('A line by hand.')
  expect(base.read(TOPIC_PAGE)).not.toContain('second')
  expect(await kb.fsck()).toMatchObject({ ok: true, problems: [] })
})

test.each(['its summary', 'its section on a shared page'])(
  'if a person edited %s, it is kept and named',
  async (what) => {
    using base = await LiveBase.make()
    await base.add('first')
    await base.add('second')
    await using kb = await base.open()
    const page = what === 'its summary' ? 'wiki/summaries/second.md' : TOPIC_PAGE
    base.append(page, '\nA line by hand.\n')
    base.repository.git('commit', '-qam', 'A line by hand')
    const head = base.repository.git('rev-parse', 'HEAD')

    await expect(kb.undo()).rejects.toMatchObject({
      code: 'rolledBack',
      message: `Nothing can be undone: ${page} was edited since.`,
    })
    expect(base.repository.git('rev-parse', 'HEAD')).toBe(head)
    expect(base.read(page)).toContain('A line by hand.')
  },
)

test('a removed document is restored with its sections on pages that changed since', async () => {
  using base = await LiveBase.make()
  await base.add('first')
  await base.add('second')
  await using kb = await base.open()
  await kb.remove('first')
  base.write('notes.md', 'A note of a person beside the base.\n')
  base.repository.git('add', 'notes.md')
  base.repository.git('commit', '-qm', 'A note')
  base.write('wiki/index.md', `${base.read('wiki/index.md')}\nA line by hand.\n`)
  base.repository.git('commit', '-qam', 'A line by hand')

  const result = await kb.undo()
  expect(result.left).toEqual([])
  expect((await kb.list()).documents.map(({ name }) => name).sort()).toEqual(['first', 'second'])
  expect(base.read('wiki/index.md')).toContain('A line by hand.')
  expect(base.read('notes.md')).toContain('A note of a person')
  expect(await kb.fsck()).toMatchObject({ ok: true, problems: [] })
})

test('the run of somebody else is undone only if that is said', async () => {
  using base = await LiveBase.make()
  await base.add('first')
  await using bob = await openKb({ dir: base.root, env: { ...base.env, GIT_AUTHOR_NAME: 'Bob' } })
  await bob.add([base.source('second')])
  const head = base.git('rev-parse', 'HEAD')
  await using kb = await base.open()

  expect(await kb.undo({ dryRun: true })).toMatchObject({ others: ['Bob'], runs: [{ author: 'Bob' }] })
  await expect(kb.undo()).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining("Bob's: add of second"),
    hint: expect.stringContaining('--yes'),
  })
  await expect(kb.undo({ runs: 2 })).rejects.toMatchObject({ code: 'usage' })
  expect(base.git('rev-parse', 'HEAD')).toBe(head)
  expect((await kb.undo({ anyway: true })).runs).toMatchObject([{ author: 'Bob' }])
  expect((await kb.undo()).others).toEqual([])
  expect((await kb.list()).documents).toEqual([])
})

test('a purge is not undone, and what it took out is no run any more', async () => {
  using base = await LiveBase.make()
  await base.add('first')
  await base.add('second')
  await using kb = await base.open()
  await kb.purge('second')
  await expect(kb.undo()).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringContaining('second was purged'),
  })
  const { runs, purged } = await kb.undo({ anyway: true })
  expect(purged).toEqual(['second'])
  expect(runs.flatMap(({ commits }) => commits.flatMap(({ documents }) => documents))).toEqual(['first'])
  expect(await base.check()).toEqual([])
  await expect(kb.undo({ anyway: true })).rejects.toMatchObject({ code: 'notFound' })
  await base.add('third')
  expect((await kb.undo()).purged).toEqual([])
})

test('what an undone run left unfinished is not suggested any more', async () => {
  using base = await LiveBase.make()
  await base.add('first')
  const run = /^Kbgit-Transaction: (.*)-\d+$/m.exec(base.git('log', '-1', '--format=%B'))?.[1]
  const left = ['second', 'third'].map((name) => ({ path: base.source(name), sha256: 'ab'.repeat(32) }))
  writeFileSync(base.sidecar('run.json'), JSON.stringify({ pending: [{ ...left[0], run }, left[1]], failed: [] }))
  await using kb = await base.open()
  expect((await kb.status()).pending).toHaveLength(2)
  await kb.undo()
  expect((await kb.status()).pending).toEqual([{ path: left[1]?.path }])
})
