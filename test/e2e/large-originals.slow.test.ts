// Originals over raw_git_limit travel by git-lfs: real pushes and clones between two people and a bare repository.
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Workplace } from '../support/workplace.ts'

const big = (subject: string): string => `# ${subject}\n\n${`All the words about the ${subject}. `.repeat(100)}\n`
/** What git-lfs's package has in the configuration of the system. */
const LFS_SETTINGS = `[filter "lfs"]
  clean = git-lfs clean -- %f
  smudge = git-lfs smudge -- %f
  process = git-lfs filter-process
  required = true
`
const POINTER = /^version https:\/\/git-lfs.github.com\/spec\/v1\noid sha256:[0-9a-f]{64}\nsize \d+\n$/
const ONLY_HERE = '1 original is only on this machine: install git-lfs and run kbgit sync'

/** A base in which files over 1 KiB are large, in a clone of a bare repository. */
async function shared({ env = {}, hooks = true } = {}): Promise<Workplace> {
  const place = new Workplace()
  Object.assign(place.env, env)
  place.gitIn(place.dir, 'init', '-q', '--bare', '-b', 'main', 'remote.git')
  place.gitIn(place.dir, 'init', '-q', '-b', 'main', 'base')
  await place.kbgit('init', ...(hooks ? [] : ['--no-hooks']))
  writeFileSync(join(place.base, 'kbgit.yaml'), place.read('kbgit.yaml').replace('10MiB', '1KiB'))
  place.git('commit', '-qam', 'Lower the limit')
  place.git('remote', 'add', 'origin', `file://${place.dir}/remote.git`)
  return place
}

/** Programs without git-lfs; with `instead`, another one in its place. */
function pathWithout(place: Workplace, instead?: string): string {
  const folder = join(place.dir, 'programs')
  mkdirSync(folder)
  for (const from of (process.env['PATH'] ?? '').split(delimiter).filter((each) => existsSync(each)))
    for (const name of readdirSync(from)) {
      if (name === 'git-lfs' || existsSync(join(folder, name))) continue
      try {
        symlinkSync(join(from, name), join(folder, name))
      } catch {
        // The same name again, and no file behind it.
      }
    }
  if (instead !== undefined) {
    writeFileSync(join(folder, 'git-lfs'), instead)
    chmodSync(join(folder, 'git-lfs'), 0o755)
  }
  return folder
}

const objects = (gitDir: string): string[] =>
  existsSync(join(gitDir, 'lfs/objects'))
    ? readdirSync(join(gitDir, 'lfs/objects'), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => name)
        .sort()
    : []

const sizeInGit = (place: Workplace, path: string): number => Number(place.git('cat-file', '-s', `HEAD:${path}`))

describe('with git-lfs', () => {
  it('goes along with git push and git clone, for two people', async () => {
    using place = await shared()
    const file = place.write('tides.md', big('tides'))
    const { value } = await place.json('add', file)
    expect(value).toMatchObject({ added: [{ name: 'tides' }], large: { onlyHere: 0, gitLfs: 'ready' } })
    expect(place.read('.gitattributes')).toBe('raw/large/** filter=lfs diff=lfs merge=lfs -text\n')
    expect(place.git('status', '--porcelain')).toBe('')
    expect(place.read('raw/large/tides.md')).toBe(big('tides'))
    expect(sizeInGit(place, 'raw/large/tides.md')).toBeLessThan(200)
    expect(place.git('lfs', 'ls-files', '-n')).toBe('raw/large/tides.md')
    expect(place.git('lfs', 'fsck')).toBe('Git LFS fsck OK')
    expect((await place.kbgit('status')).stdout).toContain('1 original is only on this machine: run kbgit sync')
    place.git('push', '-q', '-u', 'origin', 'main')
    expect(objects(join(place.dir, 'remote.git'))).toEqual(objects(join(place.base, '.git')))
    expect((await place.kbgit('status')).stdout).not.toContain('only on this machine')

    const [mine, other] = [place.base, join(place.dir, 'other')]
    // Never by git: the environment's global file is /dev/null, which git would replace.
    place.env['GIT_CONFIG_GLOBAL'] = place.write('home/.gitconfig', LFS_SETTINGS)
    place.gitIn(place.dir, 'clone', '-q', `file://${place.dir}/remote.git`, 'other')
    place.base = other
    expect(place.read('raw/large/tides.md')).toBe(big('tides'))
    expect(await place.kbgit('show', '--raw', 'tides')).toMatchObject({ code: 0, stdout: big('tides') })
    expect((await place.json('fsck', '--blobs')).value).toMatchObject({ ok: true, problems: [] })
    await place.kbgit('recover')
    rmSync(join(place.base, '.git/hooks/pre-push'))
    // It came from elsewhere, whatever a push of this clone would do.
    expect((await place.json('status')).value).toMatchObject({
      originals: { absent: 0, large: { onlyHere: 0, gitLfs: 'unhooked' } },
    })
    await place.kbgit('add', place.write('moon.md', big('moon')))
    expect(place.git('status', '--porcelain')).toBe('')
    place.git('push', '-q')
    place.base = mine
    place.git('pull', '-q')
    expect(place.read('raw/large/moon.md')).toBe(big('moon'))
    expect(await place.kbgit('show', '--raw', 'moon')).toMatchObject({ code: 0, stdout: big('moon') })
    expect((await place.json('fsck')).value).toMatchObject({ ok: true })
    expect((await place.json('status')).value).toMatchObject({
      originals: { altered: [], absent: 0, large: { onlyHere: 0 } },
      worktree: { altered: [], edited: [], deleted: [] },
    })
  })

  it('goes along with kbgit sync, in both directions, also if it was pushed about without', async () => {
    using place = await shared({ hooks: false })
    await place.kbgit('add', place.write('tides.md', big('tides')))
    place.git('push', '-q', 'origin', 'main')
    expect(objects(join(place.dir, 'remote.git'))).toEqual([])
    expect(await place.json('sync')).toMatchObject({ code: 0, value: { sent: { commits: 0 }, large: { onlyHere: 0 } } })
    expect(objects(join(place.dir, 'remote.git'))).toEqual(objects(join(place.base, '.git')))

    place.gitIn(place.dir, 'clone', '-q', `file://${place.dir}/remote.git`, 'other')
    const mine = place.base
    place.base = join(place.dir, 'other')
    await place.kbgit('add', place.write('moon.md', big('moon')))
    expect((await place.kbgit('sync')).code).toBe(0)
    expect(place.read('raw/large/tides.md')).toBe(big('tides'))
    place.base = mine
    expect((await place.kbgit('sync')).stdout).toContain('add moon (')
    expect(place.read('raw/large/moon.md')).toBe(big('moon'))
    expect(place.git('status', '--porcelain')).toBe('')
    expect(await place.json('fsck')).toMatchObject({ code: 0, value: { problems: [] } })
  })

  it('is stored where git-lfs is told to, and goes along from there', async () => {
    using place = await shared()
    const storage = join(place.dir, 'disk')
    place.git('config', 'lfs.storage', storage)
    await place.kbgit('add', place.write('tides.md', big('tides')))
    expect(place.git('status', '--porcelain')).toBe('')
    expect(place.git('lfs', 'fsck')).toBe('Git LFS fsck OK')
    expect(existsSync(join(place.base, '.git/lfs/objects'))).toBe(false)
    place.git('push', '-q', '-u', 'origin', 'main')
    expect(objects(join(place.dir, 'remote.git'))).toHaveLength(1)
    // Unset and set again around an object: sync takes it along.
    place.git('config', '--unset', 'lfs.storage')
    await place.kbgit('add', place.write('moon.md', big('moon')))
    place.git('config', 'lfs.storage', storage)
    expect(await place.json('sync')).toMatchObject({ code: 0, value: { large: { onlyHere: 0 } } })
    expect(objects(join(place.dir, 'remote.git'))).toHaveLength(2)
    expect((await place.kbgit('show', '--raw', 'tides')).stdout).toBe(big('tides'))
    expect(await place.json('fsck')).toMatchObject({ code: 0, value: { problems: [] } })
  })

  it('keeps nobody from exchanging documents if a colleague could not send it', async () => {
    using place = await shared()
    const mine = place.base
    place.git('push', '-q', '-u', 'origin', 'main')
    place.gitIn(place.dir, 'clone', '-q', `file://${place.dir}/remote.git`, 'other')
    place.base = join(place.dir, 'other')
    place.env['PATH'] = pathWithout(place)
    await place.kbgit('add', place.write('tides.md', big('tides')))
    expect((await place.kbgit('sync')).stdout).toContain(ONLY_HERE)
    delete place.env['PATH']
    place.base = mine
    await place.kbgit('add', place.write('moon.md', big('moon')))
    for (let round = 0; round < 2; round++) {
      const { code, stderr } = await place.kbgit('sync')
      expect([code, stderr]).toEqual([
        0,
        expect.stringContaining('1 large original is not in this clone, and could not'),
      ])
    }
    expect(place.git('status', '--porcelain')).toBe('')
    expect(await place.json('fsck')).toMatchObject({ code: 0, value: { absent: [{ name: 'tides' }] } })
    place.base = join(place.dir, 'other')
    expect((await place.json('sync')).value).toMatchObject({ large: { onlyHere: 0 } })
    expect(place.read('raw/large/moon.md')).toBe(big('moon'))
    place.base = mine
    expect((await place.kbgit('sync')).stderr).not.toContain('not in this clone')
    expect(place.read('raw/large/tides.md')).toBe(big('tides'))
  })

  it('is absent by choice in a clone that did not fetch it, and comes with git lfs pull', async () => {
    using place = await shared()
    await place.kbgit('add', place.write('tides.md', big('tides')))
    place.git('push', '-q', '-u', 'origin', 'main')
    place.gitIn(place.dir, 'clone', '-q', `file://${place.dir}/remote.git`, 'other')
    place.base = join(place.dir, 'other')
    expect(place.read('raw/large/tides.md')).toMatch(POINTER)
    expect(await place.json('fsck')).toMatchObject({
      code: 0,
      value: { ok: true, problems: [], absent: [{ name: 'tides', path: 'raw/large/tides.md' }] },
    })
    expect(await place.kbgit('show', '--raw', 'tides')).toMatchObject({ code: 2 })
    await place.kbgit('recover')
    expect((await place.json('status')).value).toMatchObject({ originals: { absent: 1 } })
    expect((await place.kbgit('status')).stdout).toContain('1 large original not in this clone')
    await place.kbgit('add', place.write('note.md', '# A note\n\nShort.\n'))
    place.git('lfs', 'pull')
    expect(place.read('raw/large/tides.md')).toBe(big('tides'))
    expect(place.git('status', '--porcelain')).toBe('')
    const { value } = await place.json<{ absent?: unknown }>('fsck')
    expect(value.absent).toBeUndefined()
    const [object = ''] = objects(join(place.base, '.git'))
    const path = join(place.base, '.git/lfs/objects', object.slice(0, 2), object.slice(2, 4), object)
    chmodSync(path, 0o644)
    writeFileSync(path, big('tidal'))
    expect(await place.json('fsck')).toMatchObject({ code: 3, value: { problems: [{ code: 'blobAltered', path }] } })
    await place.kbgit('add', place.write('tides.md', big('tides')))
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })

  it('leaves a pre-push hook of the user its input and its say', async () => {
    using place = await shared({ hooks: false })
    const hook = join(place.base, '.git/hooks/pre-push')
    writeFileSync(hook, '#!/bin/sh\nset -eu\ncat >.git/seen\n[ ! -e .git/no ]\n')
    chmodSync(hook, 0o755)
    const added = await place.json('add', place.write('tides.md', big('tides')))
    expect(added.value).toMatchObject({ large: { onlyHere: 1, gitLfs: 'unhooked' } })
    expect((await place.kbgit('status')).stdout).toContain('run kbgit hooks install')
    await place.kbgit('hooks', 'install')
    expect(readFileSync(hook, 'utf8')).toContain('[ ! -e .git/no ]')
    writeFileSync(join(place.base, '.git/no'), '')
    expect(() => place.git('push', '-q', 'origin', 'main')).toThrow()
    rmSync(join(place.base, '.git/no'))
    place.git('push', '-q', 'origin', 'main')
    expect(readFileSync(join(place.base, '.git/seen'), 'utf8')).toMatch(
      /^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/,
    )
    expect(objects(join(place.dir, 'remote.git'))).toHaveLength(1)
    expect(readdirSync(join(place.base, '.git/kbgit/hooks')).filter((name) => /run\.\d/.test(name))).toEqual([])
  })

  it('follows updates over and under the limit, removal, undo and gc', async () => {
    using place = await shared()
    const file = place.write('tides.md', big('tides'))
    await place.kbgit('add', file)
    place.write('tides.md', '# Tides\n\nFew words.\n')
    await place.kbgit('add', file)
    expect(place.git('ls-files', 'raw')).toBe('raw/.gitattributes\nraw/tides.md')
    expect(existsSync(join(place.base, 'raw/large'))).toBe(false)
    place.write('tides.md', big('tides and moons'))
    await place.kbgit('add', file)
    expect(place.git('ls-files', 'raw')).toBe('raw/.gitattributes\nraw/large/tides.md')
    expect(objects(join(place.base, '.git'))).toHaveLength(2)
    await place.kbgit('remove', '-y', 'tides')
    expect(existsSync(join(place.base, 'raw/large'))).toBe(false)
    await place.kbgit('undo')
    expect(place.read('raw/large/tides.md')).toBe(big('tides and moons'))
    expect(place.git('status', '--porcelain')).toBe('')
    expect((await place.json('gc')).value).toMatchObject({ blobs: 0 })
    place.git('reset', '-q', '--hard', 'HEAD~4')
    place.git('reflog', 'expire', '--expire=now', '--all')
    const foreign = place.write('base/foreign.bin', 'the object of a person')
    place.git('lfs', 'clean', '--', foreign)
    expect((await place.json('gc')).value).toMatchObject({ blobs: 1 })
    expect(objects(join(place.base, '.git'))).toHaveLength(1)
    rmSync(foreign)
    expect((await place.json('fsck')).value).toMatchObject({ ok: true })
  })

  it('keeps a .gitattributes of the user', async () => {
    using place = await shared()
    writeFileSync(join(place.base, '.gitattributes'), '*.sh text eol=lf\n')
    place.git('commit', '-qam', 'Attributes of my own')
    await place.kbgit('add', place.write('tides.md', big('tides')))
    expect(place.read('.gitattributes')).toBe('*.sh text eol=lf\n')
    expect(place.git('check-attr', 'filter', 'text', '--', 'raw/large/tides.md')).toBe(
      'raw/large/tides.md: filter: lfs\nraw/large/tides.md: text: unset',
    )
    expect(place.git('status', '--porcelain')).toBe('')
    expect((await place.json('fsck')).value).toMatchObject({ ok: true })
  })
})

describe('without git-lfs', () => {
  it('stays on this machine, and every command says so', async () => {
    using place = await shared()
    const programs = place.env['PATH']
    place.env['PATH'] = pathWithout(place)
    const { stdout, code } = await place.kbgit('add', place.write('tides.md', big('tides')))
    expect(code).toBe(0)
    expect(stdout).toContain(ONLY_HERE)
    expect((await place.kbgit('status')).stdout).toContain(ONLY_HERE)
    expect(place.read('raw/large/tides.md')).toMatch(POINTER)
    expect(place.git('status', '--porcelain')).toBe('')
    expect(await place.kbgit('show', '--raw', 'tides')).toMatchObject({ code: 0, stdout: big('tides') })
    expect((await place.json('fsck', '--blobs')).value).toMatchObject({ ok: true, problems: [] })
    place.git('push', '-q', 'origin', 'main')
    expect(objects(join(place.dir, 'remote.git'))).toEqual([])
    if (programs === undefined) delete place.env['PATH']
    else place.env['PATH'] = programs
    expect((await place.kbgit('status')).stdout).toContain('1 original is only on this machine: run kbgit sync')
    expect(await place.json('sync')).toMatchObject({ code: 0, value: { large: { onlyHere: 0 } } })
    expect(objects(join(place.dir, 'remote.git'))).toHaveLength(1)
    expect((await place.kbgit('status')).stdout).not.toContain('only on this machine')
  })

  it('is sent by a push once git-lfs is installed, and kbgit sync says what it leaves behind', async () => {
    using place = await shared()
    const programs = place.env['PATH']
    place.env['PATH'] = pathWithout(place)
    await place.kbgit('add', place.write('tides.md', big('tides')))
    if (programs === undefined) delete place.env['PATH']
    else place.env['PATH'] = programs
    place.git('push', '-q', 'origin', 'main')
    expect(objects(join(place.dir, 'remote.git'))).toHaveLength(1)
    expect((await place.kbgit('status')).stdout).not.toContain('only on this machine')
    place.env['PATH'] = join(place.dir, 'programs')
    expect((await place.json('sync')).value).toMatchObject({ large: { onlyHere: 0, gitLfs: 'absent' } })
    await place.kbgit('add', place.write('moon.md', big('moon')))
    expect((await place.kbgit('sync')).stdout).toContain(ONLY_HERE)
    expect((await place.kbgit('sync')).stdout).toContain('only on this machine')
  })

  it('receives what others did where git-lfs is broken, and says why it sends nothing', async () => {
    using place = await shared()
    const mine = place.base
    await place.kbgit('add', place.write('tides.md', big('tides')))
    await place.kbgit('sync')
    place.gitIn(place.dir, 'clone', '-q', `file://${place.dir}/remote.git`, 'other')
    place.base = join(place.dir, 'other')
    await place.kbgit('add', place.write('moon.md', big('moon')))
    await place.kbgit('sync')
    place.base = mine
    place.env['PATH'] = pathWithout(place, '#!/bin/sh\necho "no such library" >&2\nexit 127\n')
    // git has to look at the file again, and would call git-lfs for that.
    writeFileSync(join(place.base, 'raw/large/tides.md'), big('tides'))
    expect((await place.kbgit('sync')).stdout).toContain('add moon')
    expect(place.read('raw/large/moon.md')).toMatch(POINTER)
    await place.kbgit('add', place.write('note.md', '# A note\n\nShort.\n'))
    expect(await place.kbgit('sync')).toMatchObject({
      code: 13,
      stderr: expect.stringContaining('git-lfs is installed but does not run ("git lfs version" shows why)'),
    })
    expect((await place.json('status')).value).toMatchObject({ worktree: { altered: [] }, journal: 0, staging: 0 })
    expect((await place.kbgit('purge', '-y', 'note')).code).toBe(0)
    delete place.env['PATH']
    expect((await place.kbgit('sync')).code).toBe(0)
    expect(place.read('raw/large/moon.md')).toBe(big('moon'))
    expect(place.git('status', '--porcelain')).toBe('')
  })

  it('is the same where git-lfs is broken, and nothing is left half done', async () => {
    using place = await shared()
    await place.kbgit('add', place.write('moon.md', big('moon')))
    place.env['PATH'] = pathWithout(place, '#!/bin/sh\nexit 7\n')
    const { stdout, code } = await place.kbgit('add', place.write('tides.md', big('tides')))
    expect(code).toBe(0)
    expect(stdout).toContain('1 original is only on this machine: git-lfs is installed but does not run')
    expect((await place.json('status')).value).toMatchObject({ worktree: { altered: [] }, journal: 0, staging: 0 })
    place.write('tides.md', big('tides of today'))
    expect((await place.kbgit('add', place.write('tides.md', big('tides of today')))).code).toBe(0)
    expect((await place.kbgit('remove', '-y', 'moon')).code).toBe(0)
    expect(() => place.git('push', '-q', 'origin', 'main')).toThrow()
    expect((await place.json('fsck')).value).toMatchObject({ ok: true, problems: [] })
    delete place.env['PATH']
    expect(place.git('status', '--porcelain')).toBe('')
    place.git('push', '-q', 'origin', 'main')
    expect(objects(join(place.dir, 'remote.git')).length).toBeGreaterThan(1)
  })
})

describe('recover', () => {
  /** The large originals of a base as version 0.1 kept them. */
  function asBefore(place: Workplace, ...names: string[]): void {
    for (const name of names) {
      const raw = `raw/${name}.md.pointer`
      writeFileSync(join(place.base, raw), place.git('show', `HEAD:raw/large/${name}.md`) + '\n')
      place.git('rm', '-q', '--cached', `raw/large/${name}.md`)
      place.git('add', raw)
      for (const file of [`documents/${name}.json`, `wiki/summaries/${name}.md`])
        writeFileSync(
          join(place.base, file),
          place
            .read(file)
            .replace(`[${name}.md](../../raw/large`, `[${name}.md.pointer](../../raw/large`)
            .replaceAll(`raw/large/${name}.md`, raw),
        )
    }
    rmSync(join(place.base, 'raw/large'), { recursive: true })
    place.git('rm', '-q', '.gitattributes')
    place.git('commit', '-qam', 'As earlier versions did')
    execFileSync('sh', ['-c', 'mv lfs/objects kbgit/blobs && rm -r kbgit/large'], { cwd: join(place.base, '.git') })
  }

  it('migrates large originals of earlier versions in one commit', async () => {
    using place = await shared()
    await place.kbgit('add', place.write('tides.md', big('tides')), place.write('moon.md', big('moon')))
    asBefore(place, 'tides', 'moon')
    expect((await place.json('fsck', '--blobs')).value).toMatchObject({ ok: true, problems: [] })
    expect(await place.kbgit('show', '--raw', 'moon')).toMatchObject({ stdout: big('moon') })
    const before = place.git('rev-parse', 'HEAD')
    expect((await place.json('recover')).value).toMatchObject({ migrated: 2 })
    expect(place.git('rev-parse', 'HEAD^')).toBe(before)
    expect(place.git('status', '--porcelain')).toBe('')
    expect(place.git('ls-files', 'raw')).toBe('raw/.gitattributes\nraw/large/moon.md\nraw/large/tides.md')
    expect(place.read('wiki/summaries/moon.md')).toContain('- Original: [moon.md](../../raw/large/moon.md)')
    expect((await place.json('fsck', '--blobs')).value).toMatchObject({ ok: true, problems: [] })
    expect(await place.kbgit('show', '--raw', 'moon', '--at', 'HEAD^')).toMatchObject({ stdout: big('moon') })
    expect((await place.json<{ migrated?: number }>('recover')).value.migrated).toBeUndefined()
    place.git('push', '-q', 'origin', 'main')
    expect(objects(join(place.dir, 'remote.git'))).toHaveLength(2)
  })

  it('leaves them as they are while a merge is in progress', async () => {
    using place = await shared()
    await place.kbgit('add', place.write('tides.md', big('tides')))
    asBefore(place, 'tides')
    const other = place.git('commit-tree', '-m', 'Of somebody else', 'HEAD^{tree}')
    writeFileSync(join(place.base, '.git/MERGE_HEAD'), `${other}\n`)
    const { code, stderr } = await place.kbgit('recover')
    expect([code, stderr]).toEqual([0, expect.stringContaining('Large originals stay in their earlier form')])
    rmSync(join(place.base, '.git/MERGE_HEAD'))
    expect((await place.json('fsck', '--blobs')).value).toMatchObject({ ok: true, problems: [] })
    expect((await place.json('recover')).value).toMatchObject({ migrated: 1 })
  })
})
