// What every driver of `History` must do, on repositories that both of them can read.
import { describe, expect, it } from 'vitest'
import { Git } from '../../src/io/git/git.ts'
import type { History } from '../../src/io/history.ts'
import { openHistory } from '../../src/io/open-history.ts'
import { gitIn, TEST_ENVIRONMENT, TestRepository } from './repository.ts'

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}

export async function historyOf(repository: TestRepository, driver: History['driver'], prefix = ''): Promise<History> {
  const commonDir = repository.git('rev-parse', '--path-format=absolute', '--git-common-dir')
  const gitDir = repository.git('rev-parse', '--absolute-git-dir')
  const oidLength = repository.git('rev-parse', '--show-object-format') === 'sha256' ? 64 : 40
  return openHistory({
    repository: { workTree: repository.dir, gitDir, commonDir, oidLength },
    git: new Git(repository.dir, TEST_ENVIRONMENT),
    prefix,
    driver,
  })
}

export function historyConformance(driver: History['driver']): void {
  describe(`history read ${driver}`, () => {
    it('knows branch and commit: none yet, one, a detached one', async () => {
      using repository = new TestRepository()
      await using history = await historyOf(repository, driver)
      expect(history.driver).toBe(driver)
      expect(await history.head()).toEqual({ branch: 'main', commit: null })
      const commit = repository.commit('one', { a: '1' })
      expect(await history.head()).toEqual({ branch: 'main', commit })
      repository.git('checkout', '-q', '--detach')
      expect(await history.head()).toEqual({ branch: null, commit })
    })

    it('resolves branches, tags, object ids and ancestors, and rejects what is not a commit', async () => {
      using repository = new TestRepository()
      const [first, second] = [repository.commit('one', { a: '1' }), repository.commit('two', { a: '2' })]
      repository.git('tag', '-a', '-m', 'annotated', 'v1', first)
      repository.git('branch', 'feature/x', first)
      repository.git('pack-refs', '--all')
      await using history = await historyOf(repository, driver)
      const named = Object.entries({
        HEAD: second,
        main: second,
        v1: first,
        'feature/x': first,
        [first]: first,
        [second.slice(0, 8)]: second,
        'HEAD~1': first,
        'main^': first,
        'v1^0': first,
      })
      for (const [rev, oid] of named) expect([rev, await history.resolve(rev)]).toEqual([rev, oid])
      const blob = repository.git('rev-parse', 'HEAD:a')
      for (const rev of ['nope', 'HEAD~2', 'f'.repeat(40), blob])
        expect([rev, await history.resolve(rev)]).toEqual([rev, undefined])
    })

    it.each(['', 'kb/'])('reads pages, listings and contents below %j', async (prefix) => {
      using repository = new TestRepository()
      const files = {
        'wiki/naïve page.md': 'page\n',
        'wiki/a/b.md': 'b\n',
        'wiki.md': 'beside\n',
        'documents/x.json': '{}\n',
        empty: '',
      }
      const commit = repository.commit(
        'one',
        Object.fromEntries(Object.entries(files).map(([path, text]) => [prefix + path, text])),
      )
      repository.commit('two', { [`${prefix}wiki/a/b.md`]: 'changed\n', 'outside.md': 'x' })
      repository.git('gc', '-q')
      await using history = await historyOf(repository, driver, prefix)
      expect((await history.page(commit, 'wiki/a/b.md'))?.toString()).toBe('b\n')
      expect((await history.page(commit, 'empty'))?.length).toBe(0)
      expect(await history.page(commit, 'wiki/c.md')).toBeUndefined()
      expect(await history.page(commit, 'wiki')).toBeUndefined()
      expect(await history.fileAt(commit, 'wiki/a/b.md')).toBe(
        repository.git('rev-parse', `${commit}:${prefix}wiki/a/b.md`),
      )
      expect(await history.fileAt(commit, 'wiki/a')).toBeUndefined()
      const listed = await all(history.list(commit))
      expect(listed.map(({ path }) => path)).toEqual([
        'documents/x.json',
        'empty',
        'wiki.md',
        'wiki/a/b.md',
        'wiki/naïve page.md',
      ])
      expect((await all(history.list(commit, ['wiki', 'absent']))).map(({ path, mode }) => `${mode} ${path}`)).toEqual([
        '100644 wiki/a/b.md',
        '100644 wiki/naïve page.md',
      ])
      const contents = await all(history.contents(listed, ({ oid }) => oid))
      expect(Object.fromEntries(contents.map(({ item, body }) => [item.path, body.toString()]))).toEqual(files)
      expect(await history.sizes([listed[0]?.oid ?? '', 'f'.repeat(40)])).toEqual([3, undefined])
      expect(Buffer.concat(await all(history.stream(listed[0]?.oid ?? ''))).toString()).toBe('{}\n')
      await expect(history.page(commit, 'wiki/a/b.md', { bytesMax: 1 })).rejects.toMatchObject({ name: 'KbError' })
    })

    it('lists a link or a submodule in place of a folder as itself', async () => {
      using repository = new TestRepository()
      const commit = repository.commit('one', { 'kb/a/b': 'b' })
      repository.git('update-index', '--add', '--cacheinfo', `160000,${commit},kb/wiki`)
      repository.git(
        'update-index',
        '--add',
        '--cacheinfo',
        `120000,${repository.git('rev-parse', 'HEAD:kb/a/b')},kb/raw`,
      )
      const at = repository.git('commit-tree', '-m', 'two', repository.git('write-tree'))
      await using history = await historyOf(repository, driver, 'kb/')
      expect(
        (await all(history.list(at, ['raw', 'wiki', 'absent']))).map(({ path, mode }) => `${mode} ${path}`),
      ).toEqual(['120000 raw', '160000 wiki'])
    })

    it('reads trees with names that git itself would refuse to check out', async () => {
      using repository = new TestRepository()
      repository.commit('one', { a: 'a' })
      const make = (kind: string, entries: [name: string, oid: string][]): string =>
        gitIn(
          repository.dir,
          ['mktree', '-z'],
          {},
          entries.map(([name, oid]) => `${kind === 'tree' ? '040000' : '100644'} ${kind} ${oid}\t${name}\0`).join(''),
        )
      const blob = repository.git('rev-parse', 'HEAD:a')
      const inside = make(
        'blob',
        ['.', '..', '.git ', 'a', 'a\\b', 'new\nline'].map((name) => [name, blob]),
      )
      const tree = make(
        'tree',
        ['..', '.GIT', 'kb'].map((name) => [name, inside]),
      )
      const commit = repository.git('commit-tree', '-m', 'two', tree)
      await using history = await historyOf(repository, driver)
      const names = ['.', '..', '.git ', 'a', 'a\\b', 'new\nline']
      expect((await all(history.list(commit))).map(({ path }) => path)).toEqual(
        ['..', '.GIT', 'kb'].flatMap((folder) => names.map((name) => `${folder}/${name}`)),
      )
      expect((await history.page(commit, 'kb/a'))?.toString()).toBe('a')
      expect(await history.fileAt(commit, 'kb/.git ')).toBe(blob)
    })

    it('walks commits newest first, bounded, and by path', async () => {
      using repository = new TestRepository()
      const made = [
        repository.commit('one\n\nbody\n', { 'kb/a': '1', b: '1' }),
        repository.commit('two', { b: '2' }),
        repository.commit('three', { 'kb/a': '3' }),
        repository.commit('four', { 'kb/c/d': '4' }),
      ]
      await using history = await historyOf(repository, driver, 'kb/')
      const at = made[3] ?? ''
      const walked = await all(history.commits({ at }))
      expect(walked.map(({ oid }) => oid)).toEqual(made.toReversed())
      expect(walked[3]).toMatchObject({ parents: [], author: 'Ada', date: '2026-01-02T03:04:05Z' })
      expect(walked[3]?.message.trimEnd()).toBe('one\n\nbody')
      expect((await all(history.commits({ at, limit: 2 }))).length).toBe(2)
      expect((await all(history.commits({ at, paths: [''] }))).map(({ message }) => message.trim())).toEqual([
        'four',
        'three',
        'one\n\nbody',
      ])
      expect((await all(history.commits({ at, paths: ['a'], limit: 1 }))).map(({ oid }) => oid)).toEqual([made[2]])
      const since = { at, without: made[0] }
      expect((await all(history.commits(since))).map(({ oid }) => oid)).not.toContain(made[0])
      expect((await all(history.commits({ ...since, limit: 1 }))).map(({ oid }) => oid)).toEqual([at])
      expect(await all(history.commits({ at, without: at }))).toEqual([])
      expect((await all(history.commitsNamed([made[1] ?? '', at]))).map(({ oid }) => oid)).toEqual([made[1], at])
      expect(await all(history.changes(made, ['a', 'c']))).toEqual([
        { commit: made[0], path: 'a' },
        { commit: made[2], path: 'a' },
        { commit: at, path: 'c/d' },
      ])
    })

    it('lists the differences between two commits, and which commit each line came from', async () => {
      using repository = new TestRepository()
      const made = [
        repository.commit('one', { 'kb/a': 'one\ntwo\nthree\n', 'kb/b/c': 'c', 'kb/d': 'd', outside: '1' }),
        repository.commit('two', { 'kb/a': 'zero\none\ntwo\nthree\n', outside: '2' }),
        repository.commit('three', { 'kb/a': 'zero\none\nthree\nfour\n', 'kb/b/c': null, 'kb/d': null, 'kb/d/e': 'e' }),
      ]
      await using history = await historyOf(repository, driver, 'kb/')
      const [first = '', second = '', third = ''] = made
      const differences = (await all(history.diff(first, third))).map(({ path, oid }) => ({ path, oid }))
      expect(differences.toSorted((a, b) => (a.path < b.path ? -1 : 1))).toEqual([
        { path: 'a', oid: repository.git('rev-parse', `${third}:kb/a`) },
        { path: 'b/c', oid: null },
        { path: 'd', oid: null },
        { path: 'd/e', oid: repository.git('rev-parse', `${third}:kb/d/e`) },
      ])
      expect(await all(history.diff(third, third))).toEqual([])
      await expect(all(history.diff('f'.repeat(40), third))).rejects.toThrow()
      expect(await history.blame(third, 'a')).toEqual([
        { commit: second, text: 'zero' },
        { commit: first, text: 'one' },
        { commit: first, text: 'three' },
        { commit: third, text: 'four' },
      ])
    })

    it('walks a merge with children before parents, and finds changes made only by the merge', async () => {
      using repository = new TestRepository()
      const root = repository.commit('root', { a: '1' })
      repository.git('checkout', '-q', '-b', 'side')
      const side = repository.commit('side', { b: '1' })
      repository.git('checkout', '-q', 'main')
      const main = repository.commit('main', { c: '1' })
      repository.git('merge', '-q', '--no-ff', '--no-commit', 'side')
      repository.write('a', 'both')
      repository.git('add', 'a')
      const merge = repository.commit('merge')
      await using history = await historyOf(repository, driver)
      const order = (await all(history.commits({ at: merge }))).map(({ oid }) => oid)
      expect([order[0], order[3], order.toSorted()]).toEqual([merge, root, [root, side, main, merge].toSorted()])
      expect(await all(history.changes([merge], ['']))).toEqual([{ commit: merge, path: 'a' }])
    })
  })
}
