// The rules of Windows, tested on any system with `path.win32`.
import { posix, win32 } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  asFolder,
  canFlushFileSystem,
  canFlushFolders,
  isDeviceName,
  isWithin,
  namesBelow,
  withSlashes,
} from '../../../src/core/platform.ts'
import { isSlug, slugify } from '../../../src/core/page/slug.ts'

describe('paths', () => {
  it('have slashes in a base', () => {
    expect(withSlashes('wiki\\concepts\\a.md', win32)).toBe('wiki/concepts/a.md')
    // A backslash is part of a name elsewhere.
    expect(withSlashes('wiki/a\\b.md', posix)).toBe('wiki/a\\b.md')
  })

  it.each([
    [win32, 'C:\\kb', 'C:\\kb', true],
    [win32, 'C:\\kb', 'C:\\kb\\raw\\a.md', true],
    [win32, 'C:\\kb', 'C:\\kb-2\\a.md', false],
    [win32, 'C:\\', 'C:\\kb', true],
    [win32, 'C:\\kb', 'D:\\kb\\a.md', false],
    [win32, '\\\\server\\share\\kb', '\\\\server\\share\\kb\\a.md', true],
    [posix, '/kb', '/kb/raw', true],
    [posix, '/kb', '/kb-2/raw', false],
    [posix, '/', '/kb', true],
  ] as const)('%#: within %j: %j', (rules, folder, file, expected) =>
    expect(isWithin(folder, file, rules)).toBe(expected),
  )

  it('are split into names', () => {
    expect(namesBelow('C:\\kb', 'C:\\kb\\raw\\a.md', win32)).toEqual(['raw', 'a.md'])
    expect(namesBelow('C:\\kb', 'C:\\other', win32)[0]).toBe('..')
    expect(namesBelow('/kb', '/kb/raw/a.md', posix)).toEqual(['raw', 'a.md'])
    expect([asFolder('C:\\kb', win32), asFolder('C:\\', win32), asFolder('/', posix)]).toEqual([
      'C:\\kb\\',
      'C:\\',
      '/',
    ])
  })
})

it('a document gets no name that Windows reserves', () => {
  for (const name of ['con', 'NUL', 'com1', 'lpt9', 'aux.notes', 'Prn.2024.md']) {
    expect(isDeviceName(name), name).toBe(true)
    expect(isDeviceName(slugify(name)), name).toBe(false)
    expect(isSlug(slugify(name)), name).toBe(true)
  }
  for (const name of ['console', 'com', 'auxiliary.md', 'a.con']) expect(isDeviceName(name), name).toBe(false)
})

it('flushes what the system can flush', () => {
  expect(['linux', 'darwin', 'win32'].map((one) => canFlushFolders(one as NodeJS.Platform))).toEqual([
    true,
    true,
    false,
  ])
  expect(['linux', 'darwin', 'win32'].map((one) => canFlushFileSystem(one as NodeJS.Platform))).toEqual([
    true,
    false,
    false,
  ])
})
