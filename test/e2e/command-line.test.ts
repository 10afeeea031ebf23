import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify, stripVTControlCharacters } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inPipes, KBGIT, KBGIT_ON_DOUBLE, saying, start, Terminal } from '../support/command.ts'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
const onDouble = { script: KBGIT_ON_DOUBLE }
let empty = ''
beforeAll(async () => {
  empty = await mkdtemp(join(tmpdir(), 'kbgit-e2e-'))
})
afterAll(() => rm(empty, { recursive: true }))

describe('the command in pipes', () => {
  it('prints its version', async () => {
    for (const argv of [['--version'], ['list', '--version']]) {
      expect(await inPipes(argv)).toEqual({ code: 0, signal: null, stdout: `${manifest.version}\n`, stderr: '' })
    }
    expect(JSON.parse((await inPipes(['--version', '--json'])).stdout)).toEqual({ version: manifest.version })
  })

  it('shows its help without colours', async () => {
    const { code, stdout, stderr } = await inPipes(['--help'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain('Usage: kbgit <command>')
    expect(stripVTControlCharacters(stdout)).toBe(stdout)
  })

  it('suggests the command that an unknown one was meant to be', async () => {
    expect(await inPipes(['serach', 'x'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean "kbgit search"?'),
    })
  })

  it('exits with 10 if there is no base', async () => {
    const env = { XDG_CONFIG_HOME: join(empty, 'config') }
    expect(await inPipes(['list'], { cwd: empty, env })).toMatchObject({
      code: 10,
      stdout: '',
      stderr: expect.stringContaining('kbgit init'),
    })
    const { code, stdout } = await inPipes(['list', '--json'], { cwd: empty, env })
    expect(code).toBe(10)
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'noBase' } })
  })

  it('says so if the current folder has been removed', async () => {
    const line = `cd "$(mktemp -d)" && rmdir "$PWD" && '${process.execPath}' '${KBGIT}' list`
    await expect(promisify(execFile)('bash', ['--norc', '-c', line])).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining('The current folder no longer exists.'),
    })
  })

  it.each([
    ['kbgit rem', 'remove'],
    ['kbgit --kb x --json rec', 'recompile recover'],
    ['kbgit add --dr', '--dry-run'],
    ['kbgit hooks in', 'install'],
    ['kbgit help exi', 'exit-codes'],
    ['kbgit add pa', ''],
  ])('completes %j in bash to %j', async (typed, expected) => {
    const script = (await inPipes(['completion', 'bash'])).stdout
    const line = `${script}\nCOMP_WORDS=(${typed}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _kbgit; echo "\${COMPREPLY[*]}"`
    expect((await promisify(execFile)('bash', ['--norc', '-c', line])).stdout.trim()).toBe(expected)
  })

  it('prints a long JSON document completely', async () => {
    const { code, stdout } = await inPipes(['list', '--json'], onDouble)
    expect(code).toBe(0)
    expect(stdout.length).toBeGreaterThan(1_000_000)
    expect(JSON.parse(stdout).documents).toHaveLength(5_000)
  })

  it('ends quietly when its reader goes away', async () => {
    const line = `set -o pipefail; '${process.execPath}' '${KBGIT_ON_DOUBLE}' list | head -1`
    const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', line], {
      env: { PATH: process.env['PATH'] },
    })
    expect({ stdout, stderr }).toEqual({ stdout: expect.stringMatching(/^NAME .*TITLE\n$/), stderr: '' })
  })

  it('says so when its output could not be written', async () => {
    const line = `'${process.execPath}' '${KBGIT_ON_DOUBLE}' list > /dev/full`
    await expect(promisify(execFile)('bash', ['--norc', '-c', line])).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('could not be written'),
    })
  })

  it('stops in order at the first signal, and at once at the second', async () => {
    const slow = start(['add', 'slow', '-v'], onDouble)
    await saying(slow.child.stderr, 'failed /in/bad.pdf')
    slow.child.kill('SIGTERM')
    expect(await slow.ended).toMatchObject({
      code: 130,
      signal: null,
      stderr: expect.stringContaining('The document in hand was undone.'),
    })

    const stuck = start(['add', 'stuck'], onDouble)
    await saying(stuck.child.stderr, 'failed /in/bad.pdf')
    stuck.child.kill('SIGTERM')
    await saying(stuck.child.stderr, 'Stopping')
    stuck.child.kill('SIGTERM')
    expect(await stuck.ended).toMatchObject({ code: null, signal: 'SIGTERM' })
  })
})

describe('the command on a terminal', () => {
  it('shows its help in colour unless colours are turned off', async () => {
    await using coloured = new Terminal(['--help'])
    expect(await coloured.end()).toBe(0)
    expect(stripVTControlCharacters(coloured.output)).not.toBe(coloured.output)
    await using plain = new Terminal(['--help'], { env: { NO_COLOR: '1' } })
    await plain.end()
    expect(stripVTControlCharacters(plain.output)).toBe(plain.output)
  })

  it('shows what each worker does, and cleans up when interrupted', async () => {
    await using terminal = new Terminal(['add', 'slow'], { ...onDouble, env: { NO_COLOR: '1' } })
    await terminal.shows('1 of 3 documents, 1 failed')
    await terminal.shows('prepare /in/slow.pdf')
    terminal.type('\x03')
    expect(await terminal.end()).toBe(130)
    const left = terminal.output.slice(terminal.output.lastIndexOf('\x1b[J'))
    expect(terminal.output).toContain('failed /in/bad.pdf is empty.\r\n  Fill it.\r\n')
    expect(left).toBe('\x1b[Jkbgit: The document in hand was undone.\r\n')
  })

  it('exits at once when interrupted twice', async () => {
    await using terminal = new Terminal(['add', 'stuck'], onDouble)
    await terminal.shows('prepare')
    terminal.type('\x03')
    await terminal.shows('Press Ctrl-C again')
    terminal.type('\x03')
    expect(await terminal.end()).toBe(130)
  })

  it('asks before it deletes', async () => {
    await using terminal = new Terminal(['remove', 'pap'], onDouble)
    await terminal.shows('Remove paper? It deletes 1 file and changes 1 page. [y/N]')
    terminal.type('y\r')
    expect(await terminal.end()).toBe(0)
    expect(terminal.output).toContain('Removed paper: 1 file deleted')
  })

  it('treats Ctrl-C and the end of input as a no', async () => {
    for (const keys of ['\x03', '\x04']) {
      await using terminal = new Terminal(['remove', 'pap'], onDouble)
      await terminal.shows('[y/N]')
      terminal.type(keys)
      expect(await terminal.end()).toBe(130)
      expect(terminal.output).not.toContain('Removed')
    }
  })

  it('holds a conversation: prompts, completes, answers, and ends at Ctrl-D', async () => {
    await using terminal = new Terminal(['chat'], { ...onDouble, env: { NO_COLOR: '1' } })
    let index = await terminal.shows('Ask a question, or type /help.')
    index = await terminal.shows('> ', index)
    terminal.type('/sta\t')
    index = await terminal.shows('/status', index)
    terminal.type('\r')
    index = await terminal.shows('/base', index)
    index = await terminal.shows('> ', index)
    terminal.type('What is it?\r')
    index = await terminal.shows('Attention.', index)
    await terminal.shows('> ', index)
    terminal.type('\x04')
    expect(await terminal.end()).toBe(0)
  })

  it('abandons an answer at Ctrl-C, and continues the conversation', async () => {
    await using terminal = new Terminal(['chat'], { ...onDouble, env: { NO_COLOR: '1' } })
    let index = await terminal.shows('> ')
    terminal.type('slow\r')
    index = await terminal.shows('slow\r', index)
    terminal.type('\x03')
    index = await terminal.shows('The answer was left.', index)
    index = await terminal.shows('> ', index)
    terminal.type('/exit\r')
    expect(await terminal.end()).toBe(0)
  })

  it('ends a conversation at Ctrl-C', async () => {
    await using terminal = new Terminal(['chat', '--resume'], onDouble)
    await terminal.shows('1 earlier question')
    terminal.type('\x03')
    expect(await terminal.end()).toBe(0)
  })
})
