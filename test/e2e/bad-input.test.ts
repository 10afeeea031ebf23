// A bad input is that input's failure; a bad repository or configuration decides the exit code.
import { execFileSync, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { KBGIT } from '../support/command.ts'
import { pdf } from '../support/pdf.ts'
import { Workplace } from '../support/workplace.ts'

type Told = { path: string; reason?: string; name?: string; error?: { code: string; message: string; hint?: string } }
type Added = { added: Told[]; updated: Told[]; skipped: Told[]; failed: Told[]; ignored: number }

const NOBODY = 65534
const PDF = pdf([{ lines: [{ text: 'A page.', y: 72 }] }])

describe('inputs that cannot be added', () => {
  let place: Workplace
  beforeAll(async () => {
    place = await Workplace.withBase()
  })
  afterAll(() => place[Symbol.dispose]())

  const failures: [string, string, () => string][] = [
    ['a missing path', 'notFound', () => join(place.dir, 'absent.pdf')],
    ['an empty file', 'empty', () => place.write('empty.md', '')],
    ['a FIFO', 'notRegular', () => fifo(join(place.dir, 'pipe.md'))],
    ['a symbolic link in a loop', 'notRegular', () => loop(place.dir)],
    ['a truncated PDF', 'corrupt', () => place.write('cut.pdf', PDF.subarray(0, PDF.length - 60))],
    ['an encrypted PDF', 'encrypted', () => place.write('locked.pdf', encrypted())],
    [
      'a binary with a name of text',
      'unsupported',
      () => place.write('binary.md', Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 7) % 256))),
    ],
    ['a file of another kind', 'unsupported', () => place.write('program.exe', 'MZ and so on')],
    ['a file of the base itself', 'unsupported', () => join(place.base, 'wiki', 'index.md')],
  ]
  it.each(failures)('fails %s as %s, with a hint, and changes nothing', async (_, code, make) => {
    const path = make()
    const head = place.git('rev-parse', 'HEAD')
    const { code: exit, value } = await place.json<Added>('add', path)
    expect(exit).toBe(3)
    expect(value.failed).toEqual([
      { path: expect.any(String), error: { code, message: expect.stringContaining(path), hint: expect.any(String) } },
    ])
    expect({ head: place.git('rev-parse', 'HEAD'), status: place.git('status', '--porcelain', '--ignored') }).toEqual({
      head,
      status: '',
    })
    expect(readdirSync(join(place.base, '.git', 'kbgit', 'staging'))).toEqual([])
  })

  it.skipIf(process.getuid?.() !== 0)('fails files and folders that may not be read, and adds the rest', async () => {
    using mine = new Workplace()
    mine.write('in/good.md', '# Good\n\nReadable.\n')
    const secret = mine.write('in/secret.md', '# Secret\n')
    mine.write('in/closed/inside.md', '# Inside\n')
    chmodSync(secret, 0)
    chmodSync(join(mine.dir, 'in', 'closed'), 0)
    execFileSync('chown', ['-R', `${NOBODY}:${NOBODY}`, mine.dir])
    const asNobody = (...argv: string[]): { status: number | null; stdout: string } => {
      const ran = spawnSync(
        'setpriv',
        [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', process.execPath, KBGIT, ...argv],
        {
          cwd: mine.base,
          env: { PATH: process.env['PATH'], ...mine.env },
        },
      )
      return { status: ran.status, stdout: ran.stdout.toString() }
    }
    expect(asNobody('init', '--no-hooks').status).toBe(0)
    const { status, stdout } = asNobody('add', '../in', '--json')
    const value = JSON.parse(stdout) as Added
    expect(status).toBe(3)
    expect(value.added.map(({ name }) => name)).toEqual(['good'])
    expect(value.failed.map(({ error }) => error?.code)).toEqual(['unreadable', 'unreadable'])
    chmodSync(join(mine.dir, 'in', 'closed'), 0o700)
  })
})

describe('unusual but valid inputs', () => {
  it('adds files with any name that a file can have, one commit per file', async () => {
    using place = await Workplace.withBase()
    const names = [
      'new\nline.md',
      '-dash.md',
      '--json',
      'it\'s "quoted".md',
      `${'n'.repeat(252)}.md`,
      'tab\there.md',
      'back\\slash.md',
      '[[a|b#c]].md',
      '😀 naïve.md',
      'con.md',
      'index.md',
      ' spaces .md',
      'a..b...md',
    ]
    mkdirSync(join(place.dir, 'in'))
    for (const [index, name] of names.entries())
      place.write(`in/${name}`, `# Title ${index}\n\nText number ${index}.\n`)
    writeFileSync(
      Buffer.concat([Buffer.from(`${join(place.dir, 'in')}/by`), Buffer.from([0xff, 0xfe]), Buffer.from('.md')]),
      '# Bytes\n\nBytes.\n',
    )
    const { code, value } = await place.json<Added>('add', '../in')
    // `--json` has no extension: in a folder that is a skip.
    expect({ code, failed: value.failed }).toEqual({ code: 0, failed: [] })
    expect(value.added).toHaveLength(names.length)
    expect(value.skipped.map(({ reason }) => reason)).toEqual(['unsupported'])
    expect(value.added.map(({ path }) => path)).toContain(`${place.dir}/in/by\\xff\\xfe.md`)
    expect(place.git('log', '--format=%s', '--reverse').split('\n').slice(1)).toEqual([
      ...value.added.map(({ name }) => `add: ${name}`),
      'overview: 1 page',
    ])
    await expectSound(place)
    const named = await place.json<Added>('add', '--', '../in/-dash.md', `../in/--json`, '../in/new\nline.md')
    expect(named.value.skipped.map(({ name }) => name)).toEqual(['dash', 'new-line'])
    expect(named.value.added.map(({ name }) => name)).toEqual(['json'])
  })

  it('walks into a folder called x.pdf, and only counts links, FIFOs and hidden files', async () => {
    using place = await Workplace.withBase()
    place.write('in/x.pdf/inside.md', '# Inside\n\nText.\n')
    place.write('in/.hidden.md', '# Hidden\n')
    fifo(join(place.dir, 'in', 'pipe.md'))
    loop(join(place.dir, 'in'))
    place.write('in/binary.md', Buffer.from([0, 1, 2, 3, 200, 201, 0, 5]))
    const { code, value } = await place.json<Added>('add', '../in')
    expect({ code, added: value.added.map(({ name }) => name), failed: value.failed }).toEqual({
      code: 0,
      added: ['inside'],
      failed: [],
    })
    expect(value.skipped).toEqual([{ path: join(place.dir, 'in', 'binary.md'), reason: 'unsupported' }])
    expect(value.ignored).toBe(4)
  })

  it('adds the documents around a base, but never the base itself', async () => {
    using place = await Workplace.withBase()
    place.write('beside.md', '# Beside\n\nText.\n')
    expect(await place.json('add', '.')).toMatchObject({ code: 0, value: { added: [], skipped: [], failed: [] } })
    expect((await place.json<Added>('add', '..')).value.added.map(({ name }) => name)).toEqual(['beside'])
    expect((await place.json<Added>('add', '..', '.')).value.skipped.map(({ name }) => name)).toEqual(['beside'])
  })

  it('treats a file of another kind the same whether or not it was named before', async () => {
    using place = await Workplace.withBase()
    place.write('in/program.exe', 'MZ and so on')
    expect((await place.json<Added>('add', '../in')).value.skipped).toMatchObject([{ reason: 'unsupported' }])
    expect((await place.json<Added>('add', '../in/program.exe')).value.failed).toMatchObject([
      { error: { code: 'unsupported' } },
    ])
    expect(await place.json('add', '../in')).toMatchObject({
      code: 0,
      value: { skipped: [{ reason: 'unsupported' }], failed: [] },
    })
  })
})

describe('places where kbgit cannot work', () => {
  const answers = async (
    place: Workplace,
    argv: string[],
    code: number,
    error: string,
    env: Record<string, string> = {},
  ): Promise<void> => {
    const people = await place.kbgitIn({ env }, ...argv)
    expect(people, argv.join(' ')).toMatchObject({ code, stdout: '' })
    expect(people.stderr).toMatch(/^kbgit: .+\n {2}\S/m)
    const { code: same, stdout } = await place.kbgitIn({ env }, '--json', ...argv)
    expect(same).toBe(code)
    expect(JSON.parse(stdout)).toEqual({
      error: { code: error, message: expect.any(String), hint: expect.any(String) },
    })
  }

  it('exits with 10 without a base, in a folder that has only a configuration, and before the first commit', async () => {
    using place = new Workplace()
    await answers(place, ['list'], 10, 'noBase')
    writeFileSync(join(place.base, 'kbgit.yaml'), 'version: 1\n')
    await answers(place, ['add', 'x.md'], 10, 'noBase')
    place.git('init', '-q')
    await answers(place, ['status'], 10, 'noBase')
    await answers(place, ['add', 'x.md'], 10, 'noBase')
    expect((await place.kbgit('init', '--no-hooks')).code).toBe(0)
    expect((await place.kbgit('list')).code).toBe(0)
  })

  it('exits with 13 when it needs git to write and there is none, and leaves no folder behind', async () => {
    using place = await Workplace.withBase()
    for (const argv of [['add', 'x.md'], ['remove', 'x'], ['watch'], ['fsck'], ['init', '../new/base']])
      await answers(place, argv, 13, 'gitMissing', { PATH: '/nowhere' })
    expect(existsSync(join(place.dir, 'new'))).toBe(false)
  })

  it('exits with 12 in a bare repository, and leaves no folder behind', async () => {
    using place = new Workplace()
    place.git('init', '-q', '--bare')
    await answers(place, ['init'], 12, 'repositoryBusy')
    await answers(place, ['init', '--kb', 'x/y'], 12, 'repositoryBusy')
    expect(existsSync(join(place.base, 'x'))).toBe(false)
  })

  it('exits with 12 for writing commands on a detached HEAD, while reading commands work', async () => {
    using place = await Workplace.withBase()
    const file = place.write('a.md', '# A\n\nText.\n')
    place.git('checkout', '-q', '--detach')
    await answers(place, ['add', file], 12, 'repositoryBusy')
    expect((await place.kbgit('list')).code).toBe(0)
    expect((await place.kbgit('fsck')).code).toBe(0)
  })

  it('exits with 12 during a merge and while conflicts are unresolved', async () => {
    using place = await Workplace.withBase()
    const file = place.write('a.md', '# A\n\nText.\n')
    place.git('checkout', '-q', '-b', 'other')
    writeFileSync(join(place.base, 'own.txt'), 'theirs\n')
    place.git('add', 'own.txt')
    place.git('commit', '-qm', 'theirs')
    place.git('checkout', '-q', '-')
    writeFileSync(join(place.base, 'own.txt'), 'ours\n')
    place.git('add', 'own.txt')
    place.git('commit', '-qm', 'ours')
    expect(() => place.git('merge', 'other')).toThrow()
    const status = place.git('status', '--porcelain')
    await answers(place, ['add', file], 12, 'repositoryBusy')
    place.git('update-ref', '-d', 'MERGE_HEAD')
    expect(await place.json('add', file)).toMatchObject({
      code: 12,
      value: { added: [], stopped: { code: 'repositoryBusy' } },
    })
    expect(place.git('status', '--porcelain')).toBe(status)
  })

  it('exits with 2 for an invalid configuration, and says how to fix it', async () => {
    using place = await Workplace.withBase()
    const wrong: [string, string][] = [
      ['modle: builtin\n', 'Did you mean "model"?'],
      ['file_processing_jobs: many\n', 'kbgit help config'],
      ['model: gpt\n', 'kbgit help config'],
      ['version: 2\n', 'kbgit help config'],
      ['a: [b\n', 'Fix the YAML'],
      ['- a\n', 'Fix the YAML'],
    ]
    for (const [text, hint] of wrong) {
      writeFileSync(join(place.base, 'kbgit.yaml'), text)
      const { code, stderr } = await place.kbgit('list')
      expect({ code, stderr }, text).toEqual({ code: 2, stderr: expect.stringContaining(hint) })
      expect(stderr).toContain(join(place.base, 'kbgit.yaml'))
    }
  })

  it('rejects invalid values for init before creating anything', async () => {
    using place = new Workplace()
    for (const argv of [
      ['--model', 'gpt'],
      ['--model', 'a: b'],
      ['--language', 'x\ny: z'],
    ])
      await answers(place, ['init', 'new', ...argv], 2, 'config')
    expect(existsSync(join(place.base, 'new'))).toBe(false)
  })
})

async function expectSound(place: Workplace): Promise<void> {
  expect(place.git('status', '--porcelain')).toBe('')
  expect(place.git('fsck', '--strict', '--no-dangling')).toBe('')
  expect(await place.json('fsck')).toMatchObject({ code: 0, value: { ok: true, problems: [] } })
}

function fifo(path: string): string {
  execFileSync('mkfifo', [path])
  return path
}

/** Returns one of two links that point to each other. */
function loop(folder: string): string {
  symlinkSync('loop-b.md', join(folder, 'loop-a.md'))
  symlinkSync('loop-a.md', join(folder, 'loop-b.md'))
  return join(folder, 'loop-a.md')
}

/** A PDF that requires a password: standard security handler, revision 3, keys that no empty password matches. */
function encrypted(): Buffer {
  const key = `<${'5a'.repeat(32)}>`
  const trailer = `/ID[<${'01'.repeat(16)}><${'01'.repeat(16)}>]/Encrypt<</Filter/Standard/V 2/R 3/Length 128/P -44/O ${key}/U ${key}>>`
  return pdf([{ lines: [{ text: 'Secret.', y: 72 }] }], { trailer })
}
