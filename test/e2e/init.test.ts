// init creates a base in all the places where a person may want one, and commits only its own files.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { contentOf, Workplace } from '../support/workplace.ts'

type Made = { root: string; commit: string | null; created: string[] }

const OWN = [
  '.gitattributes',
  'documents/.gitattributes',
  'kbgit.yaml',
  'raw/.gitattributes',
  'wiki/.gitattributes',
  'wiki/AGENTS.md',
  'wiki/contents/concepts.md',
  'wiki/contents/documents.md',
  'wiki/contents/entities.md',
  'wiki/index.md',
  'wiki/log.md',
]
const filesOf = (place: Workplace, commit = 'HEAD'): string[] =>
  place
    .git('show', '--format=', '--name-only', '-z', commit)
    .split('\0')
    .filter((path) => path !== '')

/** Adds a document, and runs every check. */
async function expectToWork(place: Workplace, cwd: string): Promise<void> {
  const added = await place.kbgitIn(
    { cwd },
    'add',
    place.write('note.md', '# Note\n\nThe Harbour Office reads tide gauges.\n'),
  )
  expect(added).toMatchObject({ code: 0 })
  expect(await place.kbgitIn({ cwd }, 'fsck')).toMatchObject({ code: 0 })
}

describe('kbgit init', () => {
  it('creates a base in an empty folder, once', async () => {
    using place = new Workplace()
    const { code, value } = await place.json<Made>('init')
    expect({ code, value }).toMatchObject({
      code: 0,
      value: { root: place.base, commit: place.git('rev-parse', 'HEAD') },
    })
    expect(value.created.toSorted()).toEqual(OWN)
    expect(filesOf(place)).toEqual(OWN)
    expect(place.git('log', '--format=%s')).toBe('kbgit: init')
    expect(place.git('status', '--porcelain', '--ignored')).toBe('')
    const before = contentOf(place.base)
    expect(await place.json<Made>('init')).toMatchObject({ code: 0, value: { commit: null, created: [] } })
    expect({ content: contentOf(place.base), commits: place.git('rev-list', '--count', 'HEAD') }).toEqual({
      content: before,
      commits: '1',
    })
    await expectToWork(place, place.base)
  })

  it('leaves files, history and staged changes of an existing repository as they are', async () => {
    using place = new Workplace()
    place.git('init', '-q')
    for (const path of ['own.txt', 'wiki/index.md', 'raw/own.bin', 'wiki/page.md'])
      place.write(`base/${path}`, `mine: ${path}\n`)
    place.git('add', '-A')
    place.git('commit', '-qm', 'mine')
    writeFileSync(join(place.base, 'own.txt'), 'staged\n')
    place.git('add', 'own.txt')
    writeFileSync(join(place.base, 'own.txt'), 'changed\n')
    writeFileSync(join(place.base, 'untracked.txt'), 'untracked\n')
    writeFileSync(join(place.base, 'wiki', 'log.md'), 'my own log\n')
    const before = {
      content: contentOf(place.base),
      status: place.git('status', '--porcelain'),
      staged: place.git('diff', '--cached'),
    }
    const refused = await place.kbgit('init')
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('wiki/ and raw/') })
    expect(contentOf(place.base)).toEqual(before.content)
    expect((await place.kbgit('init', '--adopt')).code).toBe(0)
    expect(contentOf(place.base)).toMatchObject(before.content)
    expect({ status: place.git('status', '--porcelain'), staged: place.git('diff', '--cached') }).toEqual({
      status: before.status,
      staged: before.staged,
    })
    expect(filesOf(place)).toEqual(OWN.filter((path) => path !== 'wiki/index.md' && path !== 'wiki/log.md'))
    expect(place.git('log', '--format=%s')).toBe('kbgit: init\nmine')
    await expectToWork(place, place.base)
    expect(place.read('wiki/page.md')).toBe('mine: wiki/page.md\n')
  })

  it('makes a base in a subfolder, beside folders of the same names that are not its own', async () => {
    using place = new Workplace()
    place.git('init', '-q')
    const own = { 'raw/data.csv': 'a,b\n1,2\n', 'documents/plan.json': '{}\n', 'wiki/Home.md': '# Home\n\nTides.\n' }
    for (const [path, text] of Object.entries(own)) place.write(`base/${path}`, text)
    place.git('add', '-A')
    place.git('commit', '-qm', 'mine')
    expect(await place.kbgit('init')).toMatchObject({ code: 2, stderr: expect.stringContaining('--kb-dir kb') })
    for (const folder of ['..', '/kb', '.', 'a/../..'])
      expect(await place.kbgit('init', '--kb-dir', folder)).toMatchObject({ code: 2 })
    expect(await place.kbgit('init', '--kb-dir', 'kb')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`Next: kbgit --kb ${place.base}/kb add`),
    })
    expect(filesOf(place).every((path) => path.startsWith('kb/'))).toBe(true)
    expect(await place.kbgit('status')).toMatchObject({ code: 10, stderr: expect.stringContaining('--kb') })
    const [cwd, kb] = [place.base, ['--kb', 'kb']]
    const added = await place.kbgitIn({ cwd }, ...kb, 'add', 'wiki', 'raw/data.csv')
    expect(added).toMatchObject({ code: 0, stdout: expect.stringContaining('2 added') })
    expect(await place.kbgitIn({ cwd }, ...kb, 'search', 'tides')).toMatchObject({
      stdout: expect.stringContaining('Home'),
    })
    expect(await place.kbgitIn({ cwd }, ...kb, 'status')).toMatchObject({ code: 0 })
    expect(await place.kbgitIn({ cwd }, ...kb, 'undo')).toMatchObject({ code: 0 })
    expect(await place.kbgitIn({ cwd }, ...kb, 'fsck')).toMatchObject({ code: 0 })
    for (const [path, text] of Object.entries(own)) expect(place.read(path)).toBe(text)
    expect(place.git('status', '--porcelain')).toBe('')
  })

  it('adopts a configuration that was written before', async () => {
    using place = new Workplace()
    writeFileSync(join(place.base, 'kbgit.yaml'), 'version: 1\nfile_processing_jobs: 3\n')
    expect((await place.kbgit('init')).code).toBe(0)
    expect(place.git('show', 'HEAD:kbgit.yaml')).toBe('version: 1\nfile_processing_jobs: 3')
    expect(place.git('status', '--porcelain')).toBe('')
  })

  it('does not silently ignore an option that contradicts the existing configuration', async () => {
    using place = new Workplace()
    expect((await place.kbgit('init', '--language', 'de')).code).toBe(0)
    const before = { content: contentOf(place.base), head: place.git('rev-parse', 'HEAD') }
    for (const [option, value] of [
      ['model', 'openai/gpt-5'],
      ['language', 'en'],
    ]) {
      const { code, value: said } = await place.json<{ error: { code: string; message: string; hint: string } }>(
        'init',
        `--${option}`,
        value ?? '',
      )
      expect({ code, error: said.error }).toMatchObject({
        code: 2,
        error: {
          code: 'usage',
          message: expect.stringContaining(`has "${option}: `),
          hint: expect.stringContaining(`"${option}: ${value}"`),
        },
      })
    }
    expect((await place.kbgit('init', '--language', 'de', '--model', 'builtin')).code).toBe(0)
    expect({ content: contentOf(place.base), head: place.git('rev-parse', 'HEAD') }).toEqual(before)
  })

  it.each(['wiki', 'wiki/summaries/new', 'raw', 'documents/sub'])(
    'is refused in %s of another base, and creates nothing there',
    async (folder) => {
      using place = await Workplace.withBase()
      place.write('base/raw/own.txt', 'mine\n')
      const before = contentOf(place.base)
      const { code, value } = await place.json<{ error: { code: string; message: string } }>('init', folder)
      expect({ code, error: value.error }).toMatchObject({
        code: 2,
        error: {
          code: 'usage',
          message: expect.stringContaining(`${folder.split('/')[0]}/ folder of the knowledge base in ${place.base}`),
        },
      })
      expect(contentOf(place.base)).toEqual(before)
      expect((await place.kbgit('init', 'own/wiki')).code).toBe(0)
    },
  )

  it('is refused where no folder can be', async () => {
    using place = new Workplace()
    place.write('note.md', 'mine\n')
    expect(await place.json('init', join(place.dir, 'note.md/kb'))).toMatchObject({
      code: 2,
      value: { error: { code: 'usage', message: expect.stringContaining('cannot be created') } },
    })
  })

  it('does not commit staged files on a branch without commits', async () => {
    using place = new Workplace()
    place.git('init', '-q')
    writeFileSync(join(place.base, 'staged.txt'), 'staged\n')
    place.git('add', 'staged.txt')
    expect((await place.kbgit('init')).code).toBe(0)
    expect(filesOf(place)).toEqual(OWN)
    expect(place.git('status', '--porcelain')).toBe('A  staged.txt')
  })

  it.each([
    ['by --kb', ''],
    ['run there', 'my notes/ü b'],
  ])('creates the base in a sub-folder, %s', async (_, cwd) => {
    using place = new Workplace()
    place.git('init', '-q')
    mkdirSync(join(place.base, 'my notes', 'ü b'), { recursive: true })
    expect(
      (await place.kbgitIn({ cwd: join(place.base, cwd) }, 'init', ...(cwd === '' ? ['--kb', 'my notes/ü b'] : [])))
        .code,
    ).toBe(0)
    expect(filesOf(place)).toEqual(OWN.map((path) => `my notes/ü b/${path}`))
    await expectToWork(place, join(place.base, 'my notes', 'ü b', 'wiki'))
    expect(place.git('status', '--porcelain')).toBe('')
  })

  it('works in a linked worktree and in a submodule', async () => {
    using place = new Workplace()
    place.git('init', '-q')
    place.git('commit', '-q', '--allow-empty', '-m', 'first')
    place.git('worktree', 'add', '-q', '../linked')
    const linked = join(place.dir, 'linked')
    expect((await place.kbgitIn({ cwd: linked }, 'init')).code).toBe(0)
    await expectToWork(place, linked)
    expect(place.gitIn(linked, 'status', '--porcelain')).toBe('')
    expect(existsSync(join(place.base, 'kbgit.yaml'))).toBe(false)
    const above = join(place.dir, 'above')
    mkdirSync(above)
    place.gitIn(above, 'init', '-q')
    place.gitIn(above, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', place.base, 'sub')
    expect((await place.kbgitIn({ cwd: join(above, 'sub') }, 'init')).code).toBe(0)
    await expectToWork(place, join(above, 'sub'))
    expect(place.gitIn(join(above, 'sub'), 'status', '--porcelain')).toBe('')
  })

  it('signs as the user configured, and changes nothing if that fails', async () => {
    using place = new Workplace()
    place.git('init', '-q')
    place.git('config', 'commit.gpgsign', 'true')
    place.git('config', 'gpg.program', 'false')
    expect(await place.json('init')).toMatchObject({
      code: 13,
      value: { error: { code: 'gitFailed', hint: expect.any(String) } },
    })
    expect(place.git('status', '--porcelain', '--ignored')).toBe('')
    expect(() => place.git('rev-parse', 'HEAD')).toThrow()
    // What gpg prints after signing: git looks only at the status line.
    place.write(
      'gpg',
      '#!/bin/sh\ncat >/dev/null\necho "[GNUPG:] SIG_CREATED D 1 8 00 0 AA" >&2\nprintf -- "-----BEGIN PGP SIGNATURE-----\\n\\nAA==\\n-----END PGP SIGNATURE-----\\n"\n',
    )
    place.gitIn(place.dir, 'init', '-q')
    place.git('config', 'gpg.program', join(place.dir, 'signer'))
    writeFileSync(join(place.dir, 'signer'), `#!/bin/sh\nexec sh "${join(place.dir, 'gpg')}"\n`, { mode: 0o755 })
    expect((await place.kbgit('init')).code).toBe(0)
    await expectToWork(place, place.base)
    for (const commit of place.git('rev-list', 'HEAD').split('\n'))
      expect(place.git('cat-file', 'commit', commit)).toContain('gpgsig -----BEGIN PGP SIGNATURE-----')
  })
})
