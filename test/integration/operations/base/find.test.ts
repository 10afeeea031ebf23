import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultBaseFile, findBase, rememberBase, whereToLook } from '../../../../src/operations/base/find.ts'
import { readConfig } from '../../../../src/operations/base/open.ts'

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kbgit-find-base-'))
})
afterEach(() => rm(root, { recursive: true }))

/** Makes a folder a base and returns its path. */
async function base(...parts: string[]): Promise<string> {
  const dir = join(root, ...parts)
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'kbgit.yaml'), '')
  return dir
}

describe('which base is used', () => {
  it('is decided by the option, then KBGIT_DIR, then the enclosing folders, nearest first', () => {
    const env = { KBGIT_DIR: 'variable' }
    expect(whereToLook('option', env, '/a/b')).toEqual({ by: 'option', dir: '/a/b/option' })
    expect(whereToLook(undefined, env, '/a/b')).toEqual({ by: 'KBGIT_DIR', dir: '/a/b/variable' })
    expect(whereToLook(undefined, { KBGIT_DIR: '' }, '/a/b')).toEqual({ by: 'surroundings', dirs: ['/a/b', '/a', '/'] })
  })

  it('is the nearest one at or above the current folder', async () => {
    await base('outer')
    const inner = await base('outer', 'x', 'inner')
    await mkdir(join(inner, 'deep', 'er'), { recursive: true })
    expect(await findBase({ env: {}, cwd: join(inner, 'deep', 'er') })).toBe(inner)
    expect(await findBase({ env: {}, cwd: inner })).toBe(inner)
    expect(await findBase({ env: {}, cwd: join(root, 'outer', 'x') })).toBe(join(root, 'outer'))
  })

  it('is named if it is in a folder of the repository that is around', async () => {
    await mkdir(join(root, '.git'))
    await mkdir(join(root, 'docs', 'deep'), { recursive: true })
    const inside = await base('kb')
    await expect(findBase({ env: {}, cwd: join(root, 'docs', 'deep') })).rejects.toMatchObject({
      code: 'noBase',
      message: expect.stringContaining(`there is one in ${inside}`),
      hint: expect.stringContaining(`--kb ${inside}`),
    })
  })

  it('is not guessed if a folder is named that is not a base', async () => {
    const here = await base('here')
    await mkdir(join(root, 'empty'))
    await expect(findBase({ dir: '../empty', env: {}, cwd: here })).rejects.toMatchObject({
      code: 'noBase',
      exitCode: 10,
      message: expect.stringContaining(join(root, 'empty')),
    })
    await expect(findBase({ env: { KBGIT_DIR: '../empty' }, cwd: here })).rejects.toMatchObject({
      code: 'noBase',
      message: expect.stringContaining('KBGIT_DIR'),
    })
    await expect(findBase({ dir: join(here, 'kbgit.yaml'), env: {}, cwd: here })).rejects.toMatchObject({
      code: 'noBase',
    })
  })

  it('is the default one if none is named and no enclosing folder is one', async () => {
    const chosen = await base('chosen')
    const env = { XDG_CONFIG_HOME: join(root, 'config') }
    const cwd = join(root, 'elsewhere')
    await expect(findBase({ env, cwd })).rejects.toMatchObject({
      code: 'noBase',
      hint: expect.stringContaining('kbgit init'),
    })
    expect(await rememberBase('../chosen', { env, cwd })).toEqual({ dir: chosen })
    expect(await readFile(join(root, 'config', 'kbgit', 'default'), 'utf8')).toBe(`${chosen}\n`)
    expect(await findBase({ env, cwd })).toBe(chosen)
    await rm(chosen, { recursive: true })
    await expect(findBase({ env, cwd })).rejects.toMatchObject({
      code: 'noBase',
      message: expect.stringContaining(chosen),
    })
  })

  it('can be made the default only if it is a base, and if there is a place to store that', async () => {
    const chosen = await base('chosen')
    await expect(rememberBase(root, { env: { HOME: root } })).rejects.toMatchObject({ code: 'noBase' })
    await expect(rememberBase(chosen, { env: {} })).rejects.toMatchObject({ code: 'usage' })
  })

  it("is stored in the user's config folder", () => {
    expect(defaultBaseFile({ XDG_CONFIG_HOME: '/c', HOME: '/h' })).toBe('/c/kbgit/default')
    expect(defaultBaseFile({ XDG_CONFIG_HOME: '', HOME: '/h' })).toBe('/h/.config/kbgit/default')
    expect(defaultBaseFile({})).toBeUndefined()
  })
})

describe('the configuration', () => {
  it('is an error of its own if the system cannot read it, and nothing if it is not there', async () => {
    expect(await readConfig(root)).toBeUndefined()
    await symlink('kbgit.yaml', join(root, 'kbgit.yaml'))
    await expect(readConfig(root)).rejects.toMatchObject({
      code: 'config',
      message: expect.stringContaining(join(root, 'kbgit.yaml')),
    })
  })
})
