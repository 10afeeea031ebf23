import { describe, expect, test } from 'vitest'
import { pathFault, repoPathFault } from '../../../src/core/safe-path.ts'

describe('paths that kbgit never writes to', () => {
  test.each([
    '',
    '/etc/passwd',
    'C:/x',
    'c:x',
    '.',
    '..',
    '../x',
    'wiki/../../x',
    'wiki/./x',
    'wiki//x',
    'wiki/',
    '.git/hooks/post-commit',
    'wiki/.git',
    'wiki/.GIT/config',
    'wiki/.git./x',
    'wiki/.git /x',
    'wiki/.git::$INDEX_ALLOCATION/x',
    'git~1/config',
    'GIT~2/config',
    '.g\u200cit/config',
    '\u202a.git/x',
    '.gi\ufefft',
    '．git/x',
    '.gitmodules',
    'wiki/.GITMODULES',
    'gitmod~1',
    'wiki\\..\\x',
    'wiki/a\0b',
    'wiki/a\nb',
    'wiki/a\u007fb',
    'wiki/\ufffd.md',
    'wiki/\ud800.md',
    'wiki/.../x',
    'wiki/. ./x',
    `wiki/${'a'.repeat(256)}`,
    'a/'.repeat(3_000) + 'x',
  ])('%j', (path) => {
    expect(pathFault(path)).toBeTypeOf('string')
  })

  test.each(['', '/x', '../x', 'a/../x', 'a//x', 'a\0b', 'kb/.git/x', 'kb/.GiT ./x', 'kb/git~1'])(
    '%j, from the top of the work tree',
    (path) => {
      expect(repoPathFault(path)).toBeTypeOf('string')
    },
  )
})

test.each([
  'kbgit.yaml',
  'documents/a.json',
  'raw/.gitattributes',
  'raw/großes-ß.pdf',
  'wiki/concepts/v2/git.md',
  'wiki/concepts/github--2.md',
  'wiki/notes/10:30 – Tée.md',
  'wiki/concepts/日本.md',
])('%j is allowed', (path) => {
  expect(pathFault(path)).toBeUndefined()
})

test('folders above the base may have any name', () => {
  expect(repoPathFault('c:odd \\ folder/.../kb/wiki/a.md')).toBeUndefined()
})
