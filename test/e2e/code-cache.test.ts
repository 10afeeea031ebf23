// Compiled modules are cached with the base, and commands work whatever happens to the cache.
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Workplace } from '../support/workplace.ts'

// Tests share one code cache for all commands (vitest.config.ts); these are about the cache of a base.
delete process.env['NODE_COMPILE_CACHE']

describe('compiled modules', () => {
  const codeOf = (place: Workplace): string => join(place.base, '.git/kbgit/code')
  const filesIn = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
    )

  it('are kept only in the sidecar of the base, also if the base is named from another folder', async () => {
    using place = await Workplace.withBase()
    expect((await place.kbgitIn({ cwd: place.dir }, 'list', '--kb', place.base)).code).toBe(0)
    expect(filesIn(codeOf(place)).length).toBeGreaterThan(20)
    expect(readdirSync(join(place.dir, 'home'))).toEqual([])
    expect(place.git('status', '--porcelain')).toBe('')
  })

  it('are compiled again if they are damaged', async () => {
    using place = await Workplace.withBase()
    await place.kbgit('list')
    for (const file of filesIn(codeOf(place))) writeFileSync(file, 'no code')
    expect(await place.kbgit('list')).toMatchObject({ code: 0, stderr: '' })
  })

  it('are deleted by gc', async () => {
    using place = await Workplace.withBase()
    await place.kbgit('list')
    const left = join(codeOf(place), 'of-an-older-version')
    writeFileSync(left, '')
    expect((await place.kbgit('gc')).code).toBe(0)
    expect(existsSync(left)).toBe(false)
  })

  it('are not loaded from a folder that other users can write to', async () => {
    using place = await Workplace.withBase()
    mkdirSync(codeOf(place))
    chmodSync(codeOf(place), 0o777)
    await place.kbgit('list')
    expect(filesIn(codeOf(place))).toEqual([])
  })

  it.runIf(process.getuid?.() === 0)('are not taken from another user', async () => {
    using place = await Workplace.withBase()
    mkdirSync(codeOf(place))
    chownSync(codeOf(place), 12_345, 12_345)
    await place.kbgit('list')
    expect(filesIn(codeOf(place))).toEqual([])
  })

  it('are not passed on to the programs that git starts', async () => {
    using place = await Workplace.withBase()
    place.git(
      'config',
      'filter.told.clean',
      `sh -c 'printf %s "$NODE_COMPILE_CACHE" > "${join(place.dir, 'told')}"; cat'`,
    )
    place.write('base/.gitattributes', 'raw/** filter=told\n')
    expect((await place.kbgit('add', place.write('a.md', '# A\n\nText.\n'))).code).toBe(0)
    expect(readFileSync(join(place.dir, 'told'), 'utf8')).toBe('')
  })
})
