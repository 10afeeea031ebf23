import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LiveBase, signWith } from '../../support/live-base.ts'

/** Two branches that change the same file. */
function fork(base: LiveBase): void {
  base.repository.commit('one', { 'mine.txt': 'one\n' })
  base.git('branch', 'other')
  base.repository.commit('two', { 'mine.txt': 'two\n' })
  base.git('switch', '-q', 'other')
  base.repository.commit('three', { 'mine.txt': 'three\n' })
}

describe('a repository with an operation in progress', () => {
  it.each([
    ['a merge', ['merge', 'main']],
    ['a rebase', ['rebase', 'main']],
    ['a cherry-pick', ['cherry-pick', 'main']],
    ['a revert', ['revert', '--no-edit', 'HEAD~1']],
    ['a bisect', ['bisect', 'start']],
  ])('is left alone during %s', async (what, command) => {
    using base = await LiveBase.make()
    fork(base)
    try {
      base.git(...command)
    } catch {
      // It stops at the conflict.
    }
    const before = base.git('rev-parse', 'HEAD')
    const refused = base.add('Falcon')
    await expect(refused).rejects.toMatchObject({ code: 'repositoryBusy', exitCode: 12 })
    await expect(refused).rejects.toThrow(new RegExp(what, 'i'))
    expect(base.git('rev-parse', 'HEAD')).toBe(before)
  })

  it('is left alone with a detached HEAD', async () => {
    using base = await LiveBase.make()
    base.git('switch', '-q', '--detach')
    await expect(base.add('Falcon')).rejects.toMatchObject({ code: 'repositoryBusy', exitCode: 12 })
  })
})

describe('a repository of a special kind', () => {
  it.each([
    ['SHA-256', { gitInit: ['--object-format=sha256'] }],
    [
      'a base in a sub-folder',
      {
        folder: 'notes/kb',
        before: (repository: LiveBase['repository']) =>
          repository.commit('Mine', { 'mine.txt': 'mine\n', 'notes/other.md': 'other\n' }),
      },
    ],
    [
      'core.autocrlf',
      { before: (repository: LiveBase['repository']) => repository.git('config', 'core.autocrlf', 'true') },
    ],
    [
      '* text=auto eol=crlf',
      {
        before: (repository: LiveBase['repository']) =>
          repository.commit('Mine', { '.gitattributes': '* text=auto eol=crlf\n' }),
      },
    ],
    [
      'index version 4',
      { before: (repository: LiveBase['repository']) => repository.git('config', 'index.version', '4') },
    ],
    [
      'a split index',
      { before: (repository: LiveBase['repository']) => repository.git('config', 'core.splitIndex', 'true') },
    ],
    [
      'core.hooksPath',
      { before: (repository: LiveBase['repository']) => repository.git('config', 'core.hooksPath', '/nowhere') },
    ],
  ])('accepts documents: %s', async (_, options) => {
    using base = await LiveBase.make(options)
    expect((await base.add('Falcon', 'Sparrow')).added).toHaveLength(2)
    expect((await base.add('Owl')).added).toHaveLength(1)
    expect(await base.check()).toEqual([])
    expect(base.git('status', '--porcelain')).toBe('')
    expect(base.git('show', `HEAD:./raw/Falcon.md`)).toBe(base.read('raw/Falcon.md').trimEnd())
  })

  it('accepts documents in a linked worktree on its own branch, and the main one stays as it was', async () => {
    using base = await LiveBase.make()
    const worktree = join(base.sources, 'linked')
    base.git('worktree', 'add', '-q', '-b', 'side', worktree)
    const added = await (await base.open(worktree)).add([base.source('Falcon')])
    expect(added.added).toHaveLength(1)
    expect(base.subjects()).not.toContain('add: Falcon')
    expect((await base.add('Sparrow')).added).toHaveLength(1)
    expect(base.git('-C', worktree, 'log', '--format=%s', '-2').split('\n')).toContain('add: Falcon')
    expect(base.git('-C', worktree, 'status', '--porcelain')).toBe('')
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it("gets commits in kbgit's name if the user has none", async () => {
    const nobody = Object.fromEntries(
      ['AUTHOR', 'COMMITTER']
        .flatMap((who) => [`GIT_${who}_NAME`, `GIT_${who}_EMAIL`])
        .map((name) => [name, undefined]),
    )
    using base = await LiveBase.make({ env: nobody })
    await base.add('Falcon')
    expect(base.git('log', '-1', '--format=%an <%ae>')).toBe('kbgit <kbgit@localhost>')
  })

  it('gets signed commits if commit.gpgSign asks for them', async () => {
    using base = await LiveBase.make()
    signWith(base, 'true')
    await base.add('Falcon', 'Sparrow')
    const made = base.git('log', '--format=%H', '--grep=^add:').split('\n')
    expect(made).toHaveLength(2)
    for (const commit of made) expect(base.git('cat-file', 'commit', commit)).toContain('gpgsig')
    expect(await base.check()).toEqual([])
  })

  it('gets files that a global gitignore hides', async () => {
    using base = await LiveBase.make()
    writeFileSync(join(base.sources, 'config'), `[core]\n\texcludesFile = ${join(base.sources, 'ignore')}\n`)
    writeFileSync(join(base.sources, 'ignore'), 'raw/\n*.json\n')
    base.env['GIT_CONFIG_GLOBAL'] = join(base.sources, 'config')
    expect((await base.add('Falcon')).added).toHaveLength(1)
    expect(base.git('ls-files', 'raw/Falcon.md', 'documents/Falcon.json').split('\n')).toHaveLength(2)
  })
})
