import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { discoverRepository, Git } from '../../../../src/io/git/git.ts'
import type { History } from '../../../../src/io/history.ts'
import { openHistory } from '../../../../src/io/open-history.ts'
import { historyConformance, historyOf } from '../../../support/history-conformance.ts'
import { TEST_ENVIRONMENT, TestRepository } from '../../../support/repository.ts'

historyConformance('git')
historyConformance('in-process')

/** Opens a folder for in-process reading and reads `a` at HEAD. */
async function readIn(dir: string): Promise<{ driver: History['driver']; text: string | undefined }> {
  const repository = await discoverRepository(dir, TEST_ENVIRONMENT)
  if (repository === undefined) throw new Error('no repository')
  await using history = await openHistory({
    repository,
    git: new Git(dir, TEST_ENVIRONMENT),
    prefix: '',
    driver: 'in-process',
  })
  const { commit } = await history.head()
  return { driver: history.driver, text: (await history.page(commit ?? '', 'a'))?.toString() }
}

it.each([
  ['a clone that borrows objects', ['clone', '-q', '--shared']],
  ['a shallow clone', ['clone', '-q', '--depth=1', '--no-local']],
  ['a linked worktree', ['worktree', 'add', '-q', '--detach']],
] as const)('reads %s with git even if the in-process driver was requested', async (_what, command) => {
  using repository = new TestRepository()
  repository.commit('one', { a: 'a' })
  const parent = mkdtempSync(join(tmpdir(), 'kbgit-test-'))
  try {
    const dir = join(parent, 'other')
    repository.git(...command, ...(command[0] === 'clone' ? [repository.dir] : []), dir)
    expect(await readIn(dir)).toEqual({ driver: 'git', text: 'a' })
  } finally {
    rmSync(parent, { recursive: true, force: true })
  }
})

it('reads SHA-256, partial clones and large packs with git even if the in-process driver was requested', async () => {
  using sha256 = new TestRepository(['--object-format=sha256'])
  sha256.commit('one', { a: 'a' })
  expect(await readIn(sha256.dir)).toEqual({ driver: 'git', text: 'a' })
  using partial = new TestRepository()
  partial.commit('one', { a: 'a' })
  expect((await readIn(partial.dir)).driver).toBe('in-process')
  partial.git('config', 'remote.origin.promisor', 'true')
  expect(await readIn(partial.dir)).toEqual({ driver: 'git', text: 'a' })
})

it("walks history the same way whatever the user's configuration for git log", async () => {
  using repository = new TestRepository()
  const commit = repository.commit('one', { a: 'a' })
  for (const [key, value] of [
    ['log.showSignature', 'true'],
    ['log.follow', 'true'],
    ['log.decorate', 'full'],
    ['log.date', 'relative'],
    ['color.ui', 'always'],
    ['format.pretty', 'oneline'],
    ['diff.relative', 'true'],
  ] as const) {
    repository.git('config', key, value)
  }
  await using history = await historyOf(repository, 'git')
  const walked: unknown[] = []
  for await (const entry of history.commits({ at: commit, paths: ['a'] })) walked.push(entry)
  expect(walked).toEqual([{ oid: commit, parents: [], author: 'Ada', date: '2026-01-02T03:04:05Z', message: 'one' }])
})
