// Ctrl-C once finishes or undoes the document in progress; twice kills, and the next command recovers. A reader of the
// output may leave early.
import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { KBGIT, saying, start, Terminal } from '../support/command.ts'
import { Workplace } from '../support/workplace.ts'

type Added = {
  added: { name: string; commit: string }[]
  failed: unknown[]
  skipped: unknown[]
  stopped?: { code: string; hint?: string }
}

const NOTES = 40

async function withNotes(): Promise<Workplace> {
  const place = await Workplace.withBase()
  for (let n = 1; n <= NOTES; n++)
    place.write(
      `in/n${n}.md`,
      `# Note ${n}\n\nThe Harbour Office reads tide gauge number ${n} in Aberdeen. The tide gauge is old.\n`,
    )
  return place
}

const staging = (place: Workplace): string[] => readdirSync(join(place.base, '.git', 'kbgit', 'staging'))
const documents = (place: Workplace): string[] =>
  place
    .git('log', '--format=%s', '--reverse')
    .split('\n')
    .filter((subject) => subject.startsWith('add: '))

/** The next add adds the rest, and every check passes. */
async function expectToGoOn(place: Workplace, before: number): Promise<void> {
  const { code, value } = await place.json<Added>('add', '../in')
  expect({ code, failed: value.failed, added: value.added.length }).toEqual({
    code: 0,
    failed: [],
    added: NOTES - before,
  })
  expect(new Set(documents(place)).size).toBe(NOTES)
  expect(staging(place)).toEqual([])
  expect(readdirSync(join(place.base, '.git', 'kbgit', 'journal'))).toEqual([])
  expect(place.git('for-each-ref', 'refs/kbgit')).toBe('')
  expect(place.git('status', '--porcelain')).toBe('')
  expect(await place.json('fsck')).toMatchObject({ code: 0, value: { ok: true } })
}

describe('an add that is interrupted', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s reports what is added, leaves no staging, and the next one continues',
    async (signal) => {
      using place = await withNotes()
      const { child, ended } = start(['add', '-v', '--json', '../in'], { cwd: place.base, env: place.env })
      await saying(child.stderr, 'prepared')
      child.kill(signal)
      const { code, stdout } = await ended
      expect(code).toBe(130)
      const value = JSON.parse(stdout) as Added
      expect(value).toMatchObject({ failed: [], stopped: { code: 'interrupted', hint: expect.any(String) } })
      expect(value.added.map(({ name }) => `add: ${name}`)).toEqual(documents(place))
      expect({ staging: staging(place), status: place.git('status', '--porcelain') }).toEqual({
        staging: [],
        status: '',
      })
      await expectToGoOn(place, value.added.length)
    },
  )

  it('by Ctrl-C on a terminal says that it is stopping, and exits with 130', async () => {
    using place = await withNotes()
    await using terminal = new Terminal(['add', '../in'], { cwd: place.base, env: place.env })
    await terminal.shows('documents')
    terminal.type('\x03')
    await terminal.shows('Press Ctrl-C again')
    expect(await terminal.end()).toBe(130)
    expect(staging(place)).toEqual([])
    await expectToGoOn(place, documents(place).length)
  })

  it('twice is killed, and the next command recovers', async () => {
    using place = await withNotes()
    const { child, ended } = start(['add', '-v', '../in'], { cwd: place.base, env: place.env })
    await saying(child.stderr, 'prepared')
    child.kill('SIGINT')
    await saying(child.stderr, 'Stopping')
    child.kill('SIGINT')
    const { code, signal } = await ended
    // If the first one was done before the second came, it ended by itself.
    expect([130, null]).toContain(code)
    expect([null, 'SIGINT']).toContain(signal)
    await expectToGoOn(place, documents(place).length)
  })
})

describe('a reader that leaves early', () => {
  it('does not stop an add that has begun to report, and is not an error', async () => {
    using place = await withNotes()
    const line = `'${process.execPath}' '${KBGIT}' add ../in | head -1; echo "\${PIPESTATUS[@]}"`
    const { stdout } = await promisify(execFile)('bash', ['--norc', '-c', line], {
      cwd: place.base,
      env: { PATH: process.env['PATH'], ...place.env },
    })
    expect(stdout).toMatch(/^added .+\n0 0\n$/)
    expect(documents(place)).toHaveLength(NOTES)
    await expectToGoOn(place, NOTES)
  })
})

describe('the output of add', () => {
  it('is plain in pipes, empty with -q, and has the time of every step with -v', async () => {
    using place = await Workplace.withBase()
    place.write('in/1.md', '# One\n\nText.\n')
    const verbose = await place.kbgit('add', '-v', '../in')
    const said = verbose.stderr + verbose.stdout
    expect(stripVTControlCharacters(said).replaceAll('\r', '')).toBe(said)
    const log = verbose.stderr.split('\n').find((line) => line.includes('"steps"')) ?? '{}'
    const { steps } = JSON.parse(log) as { steps: Record<string, number> }
    for (const step of [
      'lock_wait',
      'prefilter',
      'prepare',
      'index',
      'compile',
      'commit',
      'commit.record',
      'commit.sidecar',
      'commit.objects',
      'commit.ref',
      'commit.publish',
      'commit.clear',
    ]) {
      expect(steps, step).toHaveProperty([step], expect.any(Number))
    }
    place.write('in/2.md', '# Two\n\nText two.\n')
    expect(await place.kbgit('add', '-q', '../in')).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    place.write('in/3.md', '')
    expect(await place.kbgit('add', '-q', '../in')).toMatchObject({
      code: 3,
      stdout: '',
      stderr: expect.stringMatching(/^failed .+ is empty\.\n {2}.+\n$/),
    })
  })

  it('names kbgit as the author, with a hint, if git has no name configured', async () => {
    using place = new Workplace()
    const env = { GIT_AUTHOR_NAME: '', GIT_AUTHOR_EMAIL: '', GIT_COMMITTER_NAME: '', GIT_COMMITTER_EMAIL: '' }
    const made = await place.kbgitIn({ env }, 'init', '--no-hooks')
    expect(made).toMatchObject({ code: 0, stderr: expect.stringContaining('git config --global user.name') })
    const added = await place.kbgitIn({ env }, 'add', place.write('a.md', '# A\n\nText.\n'))
    expect(added).toMatchObject({ code: 0, stderr: expect.stringContaining('git config --global user.name') })
    expect(place.git('log', '-1', '--format=%an <%ae> %cn <%ce>')).toBe(
      'kbgit <kbgit@localhost> kbgit <kbgit@localhost>',
    )
  })

  it('has no colours with NO_COLOR or --no-color on a terminal', async () => {
    using place = await Workplace.withBase()
    for (const [argv, env, expected] of [
      [['list', '--at', 'none'], {}, true],
      [['list', '--at', 'none', '--no-color'], {}, false],
      [['list', '--at', 'none'], { NO_COLOR: '1' }, false],
    ] as const) {
      await using terminal = new Terminal([...argv], { cwd: place.base, env: { ...place.env, ...env } })
      await terminal.end()
      expect(stripVTControlCharacters(terminal.output) !== terminal.output, terminal.output).toBe(expected)
    }
  })
})
