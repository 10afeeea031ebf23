import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { array, assert, constantFrom, property } from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { IgnoreRules } from '../../../src/scan/ignore-rules.ts'
import { toByteString } from '../../../src/core/document/source-path.ts'

let repository: string
beforeAll(() => {
  repository = mkdtempSync(join(tmpdir(), 'kbgit-ignore-'))
  execFileSync('git', ['init', '-q', repository])
  for (const folder of FOLDERS) mkdirSync(join(repository, folder), { recursive: true })
})
afterAll(() => rmSync(repository, { recursive: true, force: true }))

/** The paths that git ignores with these lines. Only folders have to exist. */
function ignoredByGit(file: string, paths: string[]): string[] {
  writeFileSync(join(repository, '.gitignore'), file, 'latin1')
  const { status, stdout } = spawnSync('git', ['-C', repository, 'check-ignore', '--no-index', '--stdin', '-z'], {
    input: Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1'),
  })
  expect(status).toBeLessThan(2)
  return stdout.toString('latin1').split('\0').slice(0, -1)
}

/** As in a walk: an ignored folder is not entered. */
function ignoredByRules(file: string, paths: string[]): string[] {
  const rules = IgnoreRules.parse(file)
  return paths.filter((path) => {
    const components = path.split('/')
    return components.some((_, i) => {
      const isFolder = i < components.length - 1 || FOLDERS.includes(path)
      return rules.verdict(components.slice(0, i + 1), 0, isFolder) === 'ignored'
    })
  })
}

const FOLDERS = ['a', 'a/b', 'a/x', 'docs', 'docs/sub', 'build', 'x', 'x/build', 'foo']
const PATHS = [
  ...FOLDERS,
  'b',
  'a.md',
  'b.txt',
  'ab',
  'a/b/c',
  'a/x/b',
  'a/x/y/b',
  'x/a',
  'x/a/b',
  'x/y/a.md',
  'docs/a.md',
  'docs/sub/a.md',
  'build/x',
  '#a',
  '!a',
  'a b',
  'a ',
  ' a',
  ' ',
  'a\\b',
  '[a]',
  'a]',
  'a-b',
  '^',
  '-',
  'A',
  'Z.MD',
  '1',
  '*',
  '**',
  '\\',
  toByteString('é'),
  toByteString('日本.md'),
  '\xff',
  'x/\xff.md',
  'a\tb',
  'foobar',
  'foo/bar',
  'foo/x/bar',
  'foobar/x',
]

describe('patterns decide as in git', () => {
  it.each([
    'a',
    '/a',
    'a/',
    '/a/',
    '*.md',
    '/*.md',
    'docs/*.md',
    'docs/**',
    '**/a',
    '**/a/b',
    'a/**/b',
    'a/**',
    '/**',
    '**',
    '*',
    '*/',
    '**/',
    'a*b',
    'a**b',
    'foo**/bar',
    'foo/**bar',
    '***',
    'a/***/b',
    '*\n!a.md',
    '*\n!*/\n!a.md',
    'a\n!a/b',
    '#a',
    '\\#a',
    '!a',
    '\\!a',
    'a\\ ',
    'a ',
    ' a',
    'a\\',
    'a\\\\b',
    '\\a',
    '[ab]',
    '[!ab]',
    '[^ab]',
    '[a-c].md',
    '[]]',
    '[a]]',
    '[]-a]',
    '[a-]',
    '[--0]',
    '[[:alpha:]]',
    '[[:digit:]]',
    '[[:punct:]]',
    '[[:upper:]].MD',
    '[[:nonsense:]]',
    '[[:alpha:]',
    '[a',
    '\\[a\\]',
    '?',
    '??',
    '???',
    '?.md',
    'x/?.md',
    '*/a',
    '*/*/b',
    'a/*/b',
    '/',
    '//',
    '//a',
    'a//',
    '!',
    '\\',
    'a/b/',
    '*\r\n!a.md\r\n',
    '\xef\xbb\xbfa',
    '\xef\xbb\xbf',
    '\xff',
    '*\xff*',
    toByteString('[é]'),
    toByteString('日*'),
    'a\t',
    '\\*',
    '\\*\\*',
    'docs\n!docs/a.md',
    'docs/*\n!docs/sub/',
    'foo*',
    '*bar',
    '*o*a*',
    '[[:constructor:]]',
    '[z-a]',
    '[a/b]',
    'a[/]b',
    '[\\]]',
    '[\\a-c]',
    '[a-\\c]',
    'build/\n!/build/',
  ])('%j', (file) => {
    expect(ignoredByRules(file, PATHS)).toEqual(ignoredByGit(file, PATHS))
  })

  it('for any lines made of the special characters', () => {
    const line = array(
      constantFrom('a', 'b', '/', '*', '**', '?', '[', ']', '!', '-', '\\', ' ', '.md', '^', 'foo', '**/'),
      { maxLength: 7 },
    )
    const file = array(
      line.map((parts) => parts.join('')),
      { minLength: 1, maxLength: 3 },
    ).map((lines) => lines.join('\n'))
    assert(
      property(file, (text) => {
        expect(ignoredByRules(text, PATHS)).toEqual(ignoredByGit(text, PATHS))
      }),
      { numRuns: 400, seed: 20_260 },
    )
  })

  it('in time that a hostile pattern cannot increase', () => {
    const rules = IgnoreRules.of(['*a'.repeat(500), `${'**/a*/'.repeat(200)}b`])
    const path = Array.from({ length: 400 }, () => 'a'.repeat(200))
    expect(rules.verdict(path, 0, false)).toBeUndefined()
  })
})
