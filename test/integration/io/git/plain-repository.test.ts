import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { discoverRepository } from '../../../../src/io/git/git.ts'
import { plainRepository } from '../../../../src/io/git/plain-repository.ts'
import { gitIn, TEST_ENVIRONMENT } from '../../../support/repository.ts'

let scratch: string
beforeAll(() => {
  scratch = realpathSync(mkdtempSync(join(tmpdir(), 'kbgit-test-')))
})
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

/** A repository with one commit. */
function repository(name: string, ...initArguments: string[]): string {
  const dir = join(scratch, name)
  mkdirSync(join(dir, 'sub/deep'), { recursive: true })
  gitIn(dir, ['init', '-q', '-b', 'main', ...initArguments])
  gitIn(dir, ['commit', '-q', '--allow-empty', '-m', 'first'])
  return dir
}

function configured(name: string, ...lines: string[]): string {
  const dir = repository(name)
  writeFileSync(join(dir, '.git/config'), lines.map((line) => `${line}\n`).join(''))
  return dir
}

describe('a repository is found without git', () => {
  test.each<[string, () => string]>([
    ['in its top folder', () => repository('top')],
    ['in a folder below', () => join(repository('below'), 'sub/deep')],
    [
      'with a detached head',
      () => (gitIn(repository('detached'), ['checkout', '-q', '--detach']), join(scratch, 'detached')),
    ],
    ['without a commit', () => (gitIn(scratch, ['init', '-q', 'unborn']), join(scratch, 'unborn'))],
    [
      'with a merge driver',
      () => configured('driver', '[core]', '\tbare = false', '[merge "kbgit"]', `\tdriver = 'n' "m" %A`),
    ],
  ])('as git finds it: %s', async (_, make) => {
    const dir = make()
    expect(plainRepository(dir, TEST_ENVIRONMENT)).toEqual(await discoverRepository(dir, TEST_ENVIRONMENT))
  })

  test.each<[string, () => string, NodeJS.ProcessEnv?]>([
    ['there is none', () => join(scratch)],
    ['it is bare', () => (gitIn(scratch, ['init', '-q', '--bare', 'bare']), join(scratch, 'bare'))],
    [
      'the folder is in a git directory',
      () => (mkdirSync(join(repository('inside'), '.git/x')), join(scratch, 'inside/.git/x')),
    ],
    [
      'it is a linked work tree',
      () => (gitIn(repository('main'), ['worktree', 'add', '-q', '../linked']), join(scratch, 'linked')),
    ],
    [
      '.git is a link',
      () => (
        mkdirSync(join(scratch, 'link')),
        symlinkSync(join(repository('far'), '.git'), join(scratch, 'link/.git')),
        join(scratch, 'link')
      ),
    ],
    ['it has SHA-256 ids', () => repository('sha256', '--object-format=sha256')],
    ['its work tree is elsewhere', () => configured('elsewhere', '[core]', `\tworktree = ${tmpdir()}`)],
    ['it calls itself bare', () => configured('called', '[core]', '\tbare')],
    ['its format is unknown', () => configured('format', '[core]', '\trepositoryformatversion = 7')],
    ['its configuration includes another', () => configured('include', '[include]', '\tpath = other')],
    ['its configuration is damaged', () => configured('damaged', '[core', 'bare = false')],
    [
      'its head is damaged',
      () => (writeFileSync(join(repository('head'), '.git/HEAD'), 'nowhere\n'), join(scratch, 'head')),
    ],
    ['git has a ceiling', () => repository('ceiling'), { GIT_CEILING_DIRECTORIES: '/' }],
    ['there is no git', () => repository('no-git'), { PATH: '/nowhere' }],
  ])('but not if %s', (_, make, env = {}) => {
    expect(plainRepository(make(), { ...TEST_ENVIRONMENT, ...env })).toBeUndefined()
  })
})
