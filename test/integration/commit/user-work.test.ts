import { mkdirSync, renameSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { LiveBase, signWith, TOPIC_PAGE } from '../../support/live-base.ts'

describe('an edit of a page that a document has to change', () => {
  it("is committed first, as the user's, and the document is added on top of it", async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Finch')
    base.append(TOPIC_PAGE, '\nThe user wrote this.\n')
    const result = await base.add('Sparrow')
    expect(result.added).toHaveLength(1)
    expect(result.edits?.commits).toHaveLength(1)
    expect(base.subjects()).toContain('edit: 1 page')
    expect(base.git('log', '--format=%an', '--grep=^edit:')).toBe('Ada')
    expect(base.read(TOPIC_PAGE)).toContain('The user wrote this.')
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it('is in history twice if the staged and the unstaged version differ', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Finch')
    base.append(TOPIC_PAGE, '\nStaged words.\n')
    base.git('add', TOPIC_PAGE)
    base.append(TOPIC_PAGE, '\nUnstaged words.\n')
    await base.add('Sparrow')
    const [second = '', first = ''] = base.git('log', '--format=%H', '--grep=^edit:').split('\n')
    expect(base.git('show', `${first}:${TOPIC_PAGE}`)).toContain('Staged words.')
    expect(base.git('show', `${first}:${TOPIC_PAGE}`)).not.toContain('Unstaged words.')
    expect(base.git('show', `${second}:${TOPIC_PAGE}`)).toContain('Unstaged words.')
    expect(base.git('status', '--porcelain')).toBe('')
    expect(await base.check()).toEqual([])
  })

  it('is kept and reported if it is made during the transaction', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon', 'Finch')
    signWith(base, `echo 'Written in the middle.' >> ${TOPIC_PAGE}`)
    const result = await base.add('Sparrow')
    expect(result.added).toHaveLength(1)
    expect(result.edits?.kept).toContain(TOPIC_PAGE)
    expect(base.read(TOPIC_PAGE)).toContain('Written in the middle.')
    expect(await base.check()).toEqual([])
  })
})

describe("the user's files next to kbgit's", () => {
  it('stay as they were: staged, unstaged, untracked, ignored and stashed', async () => {
    using base = await LiveBase.make({
      before: (repository) => repository.commit('Mine', { '.gitignore': '*.log\n', 'mine.txt': 'one\n' }),
    })
    base.write('mine.txt', 'stashed\n')
    base.git('stash')
    base.write('mine.txt', 'one\ntwo\n')
    base.write('new.txt', 'new\n')
    base.git('add', 'mine.txt', 'new.txt')
    base.write('mine.txt', 'one\ntwo\nthree\n')
    base.write('untracked.txt', '?\n')
    base.write('ignored.log', '!\n')
    const before = [
      base.git('ls-files', '-s', 'mine.txt', 'new.txt'),
      base.git('status', '--porcelain', '--ignored'),
      base.git('stash', 'list'),
    ]
    await base.add('Falcon', 'Sparrow')
    expect([
      base.git('ls-files', '-s', 'mine.txt', 'new.txt'),
      base.git('status', '--porcelain', '--ignored'),
      base.git('stash', 'list'),
    ]).toEqual(before)
    expect(base.read('mine.txt')).toBe('one\ntwo\nthree\n')
    expect(base.git('log', '--format=', '--name-only', '--', 'new.txt')).toBe('')
  })

  it.each([
    ['untracked', 'raw/Falcon.md', (base: LiveBase) => base.write('raw/Falcon.md', 'mine\n')],
    [
      'ignored',
      'raw/Falcon.md',
      (base: LiveBase) => {
        base.write('.git/info/exclude', 'raw/Falcon.md\n')
        base.write('raw/Falcon.md', 'mine\n')
      },
    ],
    [
      'staged',
      'documents/Falcon.json',
      (base: LiveBase) => {
        base.write('documents/Falcon.json', '{}\n')
        base.git('add', 'documents/Falcon.json')
      },
    ],
    ['a folder', 'raw/Falcon.md', (base: LiveBase) => base.write('raw/Falcon.md/within', 'mine\n')],
  ] as const)(
    'are not replaced by a document whose path is taken by something %s; the error names it',
    async (_, path, take) => {
      using base = await LiveBase.make()
      take(base)
      const before = base.git('status', '--porcelain', '--ignored')
      const result = await base.add('Falcon', 'Sparrow')
      expect(result.failed).toHaveLength(1)
      expect(result.failed[0]?.error.message).toContain(path)
      expect(result.added).toMatchObject([{ name: 'Sparrow' }])
      expect(base.git('status', '--porcelain', '--ignored')).toBe(before)
    },
  )

  it('are not written to through a folder that is a symbolic link', async () => {
    using base = await LiveBase.make()
    const outside = join(base.sources, 'outside')
    mkdirSync(outside)
    renameSync(join(base.root, 'raw'), join(base.sources, 'raw'))
    symlinkSync(outside, join(base.root, 'raw'))
    const result = await base.add('Falcon', 'Finch')
    expect(result.failed[0]?.error.message).toMatch(/raw.*not a plain folder/)
    expect(() => statSync(join(outside, 'Falcon.md'))).toThrow('ENOENT')
    expect(base.subjects()[0]).toBe('Set up')
  })
})
