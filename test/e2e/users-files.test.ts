// The user's own files are kept, byte for byte: on disk, staged, stashed, ignored, inside and outside the base.
import { chmodSync, mkdirSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { pdf } from '../support/pdf.ts'
import { contentOf, Workplace } from '../support/workplace.ts'

type Added = {
  added: { name: string; commit: string }[]
  failed: { error: { code: string } }[]
  edits?: { commits: string[]; kept: string[] }
}

const HARBOUR = (n: number): string =>
  `# Note ${n}\n\nThe Harbour Office reads tide gauge number ${n} in Aberdeen. The tide gauge is old.\n`

/** The user's work in progress of every kind in `place.base`, whose base is the folder `kb`. */
function leaveWork(place: Workplace): void {
  const put = (path: string, content: string): void => {
    mkdirSync(join(place.base, path, '..'), { recursive: true })
    writeFileSync(join(place.base, path), content)
  }
  put('.gitignore', '*.log\n')
  for (const folder of ['', 'kb/', 'kb/wiki/'])
    for (const name of ['both', 'staged', 'changed', 'gone', 'stashed'])
      put(`${folder}${name}.txt`, `${name} at first\n`)
  place.git('add', '-A')
  place.git('commit', '-qm', 'work')
  for (const folder of ['', 'kb/', 'kb/wiki/']) put(`${folder}stashed.txt`, 'in the stash\n')
  place.git('stash', '-q')
  for (const folder of ['', 'kb/', 'kb/wiki/']) {
    put(`${folder}staged.txt`, 'staged\n')
    put(`${folder}both.txt`, 'staged first\n')
    put(`${folder}new.txt`, 'new and staged\n')
    place.git('add', `${folder}staged.txt`, `${folder}both.txt`, `${folder}new.txt`)
    put(`${folder}both.txt`, 'changed after\n')
    put(`${folder}changed.txt`, 'changed\n')
    unlinkSync(join(place.base, folder, 'gone.txt'))
    put(`${folder}untracked.txt`, 'untracked\n')
    put(`${folder}ignored.log`, 'ignored\n')
  }
  put('script.sh', 'echo\n')
  chmodSync(join(place.base, 'script.sh'), 0o755)
  symlinkSync('nowhere', join(place.base, 'dangling'))
}

/** The state that git and the disk show of everything that is not kbgit's. */
function workOf(place: Workplace): unknown {
  const own = /^kb\/(?:raw|wiki|documents)\/.*(?:\.md|\.json|\.gitattributes|\.pdf)$/
  const files = Object.fromEntries(Object.entries(contentOf(place.base)).filter(([path]) => !own.test(path)))
  const [staged, unstaged, stash] = [place.git('diff', '--cached'), place.git('diff'), place.git('stash', 'show', '-p')]
  return {
    files,
    staged,
    unstaged,
    stash,
    status: place
      .git('status', '--porcelain=v2', '--ignored')
      .split('\n')
      .filter((line) => !line.startsWith('#')),
  }
}

describe("the user's work", () => {
  it('is unchanged after an add that succeeds, one that fails, a dry run, and a remove', async () => {
    using place = new Workplace()
    place.git('init', '-q')
    expect((await place.kbgit('init', 'kb', '--no-hooks')).code).toBe(0)
    leaveWork(place)
    const before = workOf(place)
    const good = place.write('in/a.md', HARBOUR(1))
    const bad = place.write('in/bad.pdf', pdf([{ lines: [] }]).subarray(0, 300))
    expect((await place.kbgit('add', '--kb', 'kb', good)).code).toBe(0)
    expect(workOf(place)).toEqual(before)
    expect((await place.kbgit('add', '--kb', 'kb', bad)).code).toBe(3)
    expect(workOf(place)).toEqual(before)
    place.write('in/b.md', HARBOUR(2))
    expect((await place.kbgit('add', '--kb', 'kb', '--dry-run', '../in')).code).toBe(0)
    expect((await place.kbgit('add', '--kb', 'kb', '../in')).code).toBe(3)
    expect((await place.kbgit('remove', '--kb', 'kb', '-y', 'a')).code).toBe(0)
    expect(workOf(place)).toEqual(before)
    expect((await place.kbgit('fsck', '--kb', 'kb')).code).toBe(0)
    for (const commit of place.git('log', '--format=%H', '-4').split('\n')) {
      expect(
        place
          .git('show', '--format=', '--name-only', commit)
          .split('\n')
          .filter((path) => !path.startsWith('kb/')),
      ).toEqual([])
    }
  })

  it('makes a document fail if its files would replace it, and the others are added', async () => {
    using place = await Workplace.withBase()
    place.write('in/a.md', HARBOUR(1))
    place.write('in/b.md', HARBOUR(2))
    writeFileSync(join(place.base, 'raw', 'a.md'), 'mine\n')
    writeFileSync(join(place.base, 'raw', 'b.md'), 'mine too\n')
    writeFileSync(join(place.base, '.git', 'info', 'exclude'), 'raw/b.md\n')
    const { code, value } = await place.json<Added>('add', '../in', place.write('c.md', HARBOUR(3)))
    expect({
      code,
      added: value.added.map(({ name }) => name),
      failed: value.failed.map(({ error }) => error.code),
    }).toEqual({ code: 3, added: ['c'], failed: ['nameConflict', 'nameConflict'] })
    expect([place.read('raw/a.md'), place.read('raw/b.md')]).toEqual(['mine\n', 'mine too\n'])
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })

  it('is committed first if it is an edit of a page that has to change', async () => {
    using place = await Workplace.withBase()
    place.write('in/1.md', HARBOUR(1))
    place.write('in/2.md', HARBOUR(2))
    await place.kbgit('add', '../in')
    const topic =
      place
        .git('ls-files', 'wiki/concepts', 'wiki/entities')
        .split('\n')
        .find((path) => /gauge|Harbour/i.test(path)) ?? ''
    expect(topic).not.toBe('')
    const page = place.read(topic)
    const staged = `${page}\n## Mine\n\nStaged words.\n`
    const onDisk = `${page}\n## Mine\n\nWords on the disk.\n`
    writeFileSync(join(place.base, topic), staged)
    place.git('add', topic)
    writeFileSync(join(place.base, topic), onDisk)
    const { code, value } = await place.json<Added>('add', place.write('3.md', HARBOUR(3)))
    expect({ code, edits: value.edits?.commits.length }).toEqual({ code: 0, edits: 2 })
    const log = place.git('log', '--format=%s', '--reverse').split('\n')
    const at = log.indexOf('edit: 1 page')
    expect(log.slice(at, at + 3)).toEqual(['edit: 1 page', 'edit: 1 page', 'add: 3'])
    const commits = place.git('log', '--format=%H', '--reverse').split('\n')
    expect(place.git('show', `${commits[at]}:${topic}`)).toBe(staged.trimEnd())
    expect(place.git('show', `${commits[at + 1]}:${topic}`)).toBe(onDisk.trimEnd())
    expect(place.read(topic)).toContain('Words on the disk.')
    expect(place.read(topic)).toContain('[[summaries/3|')
    expect(place.git('status', '--porcelain')).toBe('')
    expect(await place.json('fsck')).toMatchObject({ code: 0, value: { ok: true } })
  })
})

describe('the environment', () => {
  it("does not lead kbgit elsewhere through git's variables, as in a hook", async () => {
    using place = await Workplace.withBase()
    using other = new Workplace()
    other.git('init', '-q')
    const file = place.write('a.md', HARBOUR(1))
    const misleading = {
      GIT_DIR: join(other.base, '.git'),
      GIT_WORK_TREE: other.base,
      GIT_INDEX_FILE: join(other.base, '.git', 'elsewhere'),
      GIT_PREFIX: 'x/',
      GIT_OBJECT_DIRECTORY: join(other.base, '.git', 'objects'),
      GIT_ICASE_PATHSPECS: '1',
      GIT_CEILING_DIRECTORIES: place.dir,
      GIT_CONFIG_PARAMETERS: "'core.bare=true'",
      GIT_CONFIG_COUNT: '1',
      GIT_CONFIG_KEY_0: 'core.bare',
      GIT_CONFIG_VALUE_0: 'true',
      GIT_NAMESPACE: 'n',
      GIT_QUARANTINE_PATH: '/nowhere',
      GIT_TRACE: '1',
    }
    expect((await place.kbgitIn({ env: misleading }, 'add', file)).code).toBe(0)
    expect((await place.kbgitIn({ env: misleading }, 'fsck')).code).toBe(0)
    expect((await place.kbgitIn({ env: misleading }, 'log')).code).toBe(0)
    expect(place.git('log', '-2', '--format=%s')).toBe('overview: 1 page\nadd: a')
    expect(contentOf(other.base)).toEqual({})
    const fresh = join(place.dir, 'fresh')
    mkdirSync(fresh)
    expect((await place.kbgitIn({ env: misleading, cwd: fresh }, 'init')).code).toBe(0)
    expect(place.gitIn(fresh, 'log', '--format=%s')).toBe('kbgit: init')
    expect(() => other.git('rev-parse', 'HEAD')).toThrow()
  })

  it('lets kbgit work from a hook of the user', async () => {
    using place = await Workplace.withBase()
    place.write('a.md', HARBOUR(1))
    place.write('b.md', HARBOUR(2))
    const call = `"${process.execPath}" "${new URL('../../bin/kbgit.js', import.meta.url).pathname}"`
    const hook = (name: string, line: string): void =>
      writeFileSync(join(place.base, '.git', 'hooks', name), `#!/bin/sh\n${line}\n`, { mode: 0o755 })
    hook('post-commit', `exec ${call} add -q "${place.dir}/a.md"`)
    writeFileSync(join(place.base, 'own.txt'), 'own\n')
    place.git('add', 'own.txt')
    place.git('commit', '-qm', 'own')
    expect(place.git('log', '-3', '--format=%s')).toBe('overview: 1 page\nadd: a\nown')
    expect(place.git('status', '--porcelain')).toBe('')
    expect(await place.json('fsck')).toMatchObject({ code: 0 })
  })

  it('names a base from another folder, by a relative path and by KBGIT_DIR', async () => {
    using place = await Workplace.withBase('a b/ü')
    place.write('in/x.md', HARBOUR(1))
    place.write('in/y.md', HARBOUR(2))
    expect(await place.kbgitIn({ cwd: join(place.dir, 'in') }, 'add', '--kb', '../a b/ü', './x.md')).toMatchObject({
      code: 0,
    })
    expect(await place.kbgitIn({ cwd: join(place.base, 'wiki'), env: {} }, 'add', '../../../in/y.md')).toMatchObject({
      code: 0,
    })
    const { stdout } = await place.kbgitIn({ cwd: '/', env: { KBGIT_DIR: place.base } }, 'list', '--json')
    expect((JSON.parse(stdout) as { documents: { origin: string }[] }).documents.map(({ origin }) => origin)).toEqual([
      join(place.dir, 'in', 'x.md'),
      join(place.dir, 'in', 'y.md'),
    ])
  })
})
