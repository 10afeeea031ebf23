// Headless bases: bare repositories that every command takes as a base, and from which people clone normal ones.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Workplace } from '../support/workplace.ts'

const engine = (name: string): string =>
  `# On the ${name}\n\nAcme Corporation sells the ${name} Engine in Berlin. Alice Smith likes it.\n`

/** A place whose commands are about a headless base. */
async function headless(...init: string[]): Promise<Workplace> {
  const place = new Workplace()
  place.env['SOURCE_DATE_EPOCH'] = '1767323045'
  place.base = join(place.dir, 'notes.git')
  const made = await place.kbgitIn({ cwd: place.dir }, 'init', '--bare', ...init, place.base)
  expect(made).toMatchObject({ code: 0, stderr: '' })
  return place
}

describe('a headless base', () => {
  it('has the same commits as a normal one, and a normal clone of it is a normal base', async () => {
    using place = await headless('--branch', 'main')
    const bare = place.base
    const added = await place.json('add', place.write('walrus.md', engine('Walrus')))
    expect(added.value).toMatchObject({ added: [{ name: 'walrus' }], failed: [] })

    place.base = join(place.dir, 'normal')
    mkdirSync(place.base)
    await place.kbgit('init')
    await place.kbgit('add', join(place.dir, 'walrus.md'))
    expect(place.gitIn(bare, 'rev-parse', 'main^{tree}')).toBe(place.git('rev-parse', 'HEAD^{tree}'))

    place.base = join(place.dir, 'clone')
    place.gitIn(place.dir, 'clone', '-q', bare, 'clone')
    expect((await place.json('add', place.write('otter.md', engine('Otter')))).code).toBe(0)
    expect(place.git('status', '--porcelain')).toBe('')
    place.git('push', '-q')
    place.base = bare
    expect((await place.json('list')).value).toMatchObject({ documents: [{ name: 'otter' }, { name: 'walrus' }] })
    expect((await place.json('search', 'Otter')).value).toMatchObject({
      hits: expect.arrayContaining([expect.objectContaining({ document: 'otter' })]),
    })
    expect((await place.json('fsck', '--blobs')).value).toMatchObject({ ok: true, problems: [] })
  })

  it('is written by every command that writes', async () => {
    using place = await headless()
    for (const name of ['walrus', 'otter', 'seal']) await place.kbgit('add', place.write(`${name}.md`, engine(name)))
    const done = async (...argv: string[]) => {
      const { code, value } = await place.json(...argv)
      expect({ argv, value, code }).toMatchObject({ code: 0 })
      return value
    }
    expect(await done('remove', '-y', 'seal')).toMatchObject({ commit: expect.any(String) })
    expect(await done('undo')).toMatchObject({ commit: expect.any(String) })
    expect(await done('recompile', '--all', '-y')).toMatchObject({ failed: [] })
    expect(await done('query', '--save', 'Who likes the otter Engine?')).toMatchObject({ saved: expect.any(String) })
    expect(await done('lint', '--fix')).toMatchObject({ problems: [] })
    expect(await done('recover', '--rebuild')).toMatchObject({ quarantined: 0 })
    expect(await done('gc')).toMatchObject({ dryRun: false })
    expect(await done('add', '--review', place.write('eel.md', engine('eel')))).toMatchObject({ review: { number: 1 } })
    expect(await done('review', 'accept', '1')).toMatchObject({ accepted: ['eel'], closed: true })
    const page = 'wiki/summaries/otter.md'
    const edits = [{ page, base: 'HEAD', section: 'Note', text: 'Look at this again.' }]
    const proposal = place.write('proposal.json', JSON.stringify({ reason: 'It is old', agent: 'scout', edits }))
    expect(await done('propose', proposal)).toMatchObject({ commit: expect.any(String) })
    expect(await done('purge', '-y', 'seal')).toMatchObject({ commit: expect.any(String) })
    expect(await done('fsck', '--blobs')).toMatchObject({ ok: true, problems: [] })
    expect(await done('status')).toMatchObject({
      headless: true,
      documents: 3,
      hooks: {},
      journal: 0,
      staging: 0,
      quarantined: 0,
    })
  })

  it('says what it cannot do', async () => {
    using place = await headless()
    const refused = async (exit: number, ...argv: string[]) => {
      const { code, stderr } = await place.kbgit(...argv)
      expect({ argv, code }).toEqual({ argv, code: exit })
      return stderr
    }
    expect(await refused(2, 'watch')).toContain('is a headless base and has no inbox')
    expect(await refused(2, 'hooks', 'install')).toContain('A headless base has no work tree')
    expect(await refused(2, 'list', '--branch', 'a..b')).toContain('"a..b" is not the name of a branch')
    expect(await refused(2, 'list', '--branch', 'none')).toContain('There is no branch "none"')
  })

  it('keeps large originals and its journal in the git directory', async () => {
    using place = await headless()
    place.gitIn(place.dir, 'clone', '-q', place.base, 'clone')
    const config = join(place.dir, 'clone/kbgit.yaml')
    writeFileSync(config, place.gitIn(place.base, 'show', 'HEAD:kbgit.yaml').replace('10MiB', '1KiB'))
    place.gitIn(join(place.dir, 'clone'), 'commit', '-qam', 'Lower the limit')
    place.gitIn(join(place.dir, 'clone'), 'push', '-q')
    const text = engine('Walrus').repeat(30)
    await place.kbgit('add', place.write('walrus.md', text))
    expect(place.git('show', 'HEAD:raw/large/walrus.md')).toContain('oid sha256:')
    expect(await place.kbgit('show', '--raw', 'walrus')).toMatchObject({ code: 0, stdout: text })
    expect((await place.json('fsck', '--blobs')).value).toMatchObject({ ok: true, problems: [] })
    expect(place.git('ls-files')).toBe('')
  })

  it('may be a folder of a larger repository', async () => {
    using place = await headless()
    place.base = join(place.dir, 'work')
    place.write('work/README.md', 'Not of the base')
    place.gitIn(place.dir, 'init', '-q', '-b', 'main', 'work')
    await place.kbgit('init', 'kb')
    place.gitIn(place.dir, 'clone', '-q', '--bare', 'work', 'work.git')
    const { code } = await place.json(
      '--kb',
      join(place.dir, 'work.git/kb'),
      'add',
      place.write('eel.md', engine('Eel')),
    )
    expect(code).toBe(0)
    expect(place.gitIn(join(place.dir, 'work.git'), 'ls-tree', '--name-only', 'HEAD', 'kb/raw/')).toContain('eel.md')
    expect((await place.json('--kb', join(place.dir, 'work.git'), 'list')).code).toBe(10)
  })
})

describe('kbgit init --bare', () => {
  it('is harmless twice, and keeps its hands off everything else', async () => {
    using place = await headless('--branch', 'trunk')
    expect(place.git('symbolic-ref', 'HEAD')).toBe('refs/heads/trunk')
    const before = place.git('rev-parse', 'trunk')
    expect((await place.json('init', '--bare')).value).toMatchObject({ commit: null, created: [], headless: true })
    expect(place.git('rev-parse', 'trunk')).toBe(before)
    expect((await place.kbgit('init', '--bare', '--language', 'de')).code).toBe(2)
    place.write('full/note.md', 'mine')
    expect(await place.kbgit('init', '--bare', join(place.dir, 'full'))).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('has files, and is not a bare repository'),
    })
    expect((await place.kbgit('init', '--branch', 'x', join(place.dir, 'y'))).code).toBe(2)
  })

  it('takes an existing bare repository, and an empty folder', async () => {
    using place = new Workplace()
    place.gitIn(place.dir, 'init', '-q', '--bare', '-b', 'main', 'old.git')
    place.base = join(place.dir, 'old.git')
    expect((await place.json('init', '--bare')).value).toMatchObject({ commit: expect.any(String) })
    place.base = join(place.dir, 'empty')
    mkdirSync(place.base)
    expect((await place.json('init', '--bare')).value).toMatchObject({ headless: true })
    expect((await place.json('list')).value).toMatchObject({ documents: [] })
    place.gitIn(place.dir, 'clone', '-q', '--bare', 'old.git', 'copy.git')
    place.base = join(place.dir, 'copy.git')
    expect((await place.json('init', '--bare')).value).toMatchObject({ commit: null })
  })
})

describe('--branch', () => {
  it('reads and writes a branch that is not checked out, and begins a new one', async () => {
    using place = new Workplace()
    place.gitIn(place.base, 'init', '-q', '-b', 'main')
    await place.kbgit('init')
    const before = place.git('rev-parse', 'HEAD')
    const file = place.write('walrus.md', engine('Walrus'))
    expect((await place.json('add', '--branch', 'draft', file)).value).toMatchObject({ added: [{ name: 'walrus' }] })
    expect(place.git('rev-parse', 'HEAD')).toBe(before)
    expect(place.git('status', '--porcelain')).toBe('')
    expect((await place.json('list')).value).toMatchObject({ documents: [] })
    expect((await place.json('list', '--branch', 'draft')).value).toMatchObject({ documents: [{ name: 'walrus' }] })
    expect((await place.json('--branch', 'draft', 'status')).value).toMatchObject({ branch: 'draft', documents: 1 })
    expect((await place.json('status')).value).toMatchObject({ branch: 'main', documents: 0 })
    expect((await place.json('--branch', 'main', 'add', file)).value).toMatchObject({ added: [{ name: 'walrus' }] })
    expect(place.read('raw/walrus.md')).toBe(engine('Walrus'))
    expect((await place.json('fsck')).value).toMatchObject({ ok: true })
    expect((await place.kbgit('purge', '-y', 'walrus', '--branch', 'draft')).code).toBe(12)
  })
})
