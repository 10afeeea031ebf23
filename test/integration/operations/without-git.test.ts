// Reading a base without git: because it is not installed, or because it must not be started.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openKb, type Kb } from '../../../src/index.ts'
import { inPipes } from '../../support/command.ts'
import { LiveBase } from '../../support/live-base.ts'

const WITHOUT_GIT = { PATH: '/nowhere' }

async function bytesOf(kb: Kb, document: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of (await kb.showRaw(document)).chunks) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** Among equal lines, such as empty ones, git may choose another one as the unchanged one. */
async function wordsBlamed(kb: Kb, page: string): Promise<unknown> {
  return (await kb.blame(page)).lines.filter(({ text }) => text !== '')
}

const READING: [string, (kb: Kb) => Promise<unknown>][] = [
  ['list', (kb) => kb.list()],
  ['list --at HEAD~2', (kb) => kb.list({ at: 'HEAD~2' })],
  ['status', async (kb) => ({ ...(await kb.status()), worktree: undefined })],
  ['show', (kb) => kb.show('steam')],
  ['show --at HEAD~1', (kb) => kb.show('steam', { at: 'HEAD~1' })],
  ['show --raw', (kb) => bytesOf(kb, 'wheel')],
  ['search', (kb) => kb.search('Acme')],
  ['search --at HEAD~1', (kb) => kb.search('Acme', { at: 'HEAD~1' })],
  ['query', (kb) => kb.query('Who built the steam engine?')],
  ['log', (kb) => kb.log()],
  ['log of a document', (kb) => kb.log({ of: 'steam' })],
  ['blame of a summary', (kb) => kb.blame('summaries/steam')],
  ['blame of a topic', (kb) => wordsBlamed(kb, 'entities/Acme-Corporation')],
]

describe('reading a base without git', () => {
  let base: LiveBase
  const scratch = mkdtempSync(join(tmpdir(), 'kbgit-no-git-'))

  beforeAll(async () => {
    base = await LiveBase.make()
    await base.add('steam', 'wheel')
    base.source('steam', 'The steam Engine is a machine. Bob Jones of Acme Corporation built it in Rome.')
    await (await base.open()).add([join(base.sources, 'steam.md')])
    base.repository.git('gc', '-q')
    await base.add('bolt')
  })
  afterAll(() => {
    base[Symbol.dispose]()
    rmSync(scratch, { recursive: true })
  })

  it.each(READING)('answers %s as with git', async (_, ask) => {
    await using without = await openKb({ dir: base.root, env: { ...base.env, ...WITHOUT_GIT } })
    await using kb = await base.open()
    expect(await ask(without)).toEqual(await ask(kb))
  })

  it('builds the search store in a fresh clone', async () => {
    const clone = join(scratch, 'clone')
    base.git('clone', '-q', base.repository.dir, clone)
    await using without = await openKb({ dir: clone, env: { ...base.env, ...WITHOUT_GIT } })
    await using kb = await base.open()
    const pages = async (of: Kb) => (await of.search('Acme')).hits.map(({ page }) => page).sort()
    expect(await pages(without)).toEqual(await pages(kb))
  })

  it('lists from the command line, and refuses to write', async () => {
    const listed = await inPipes(['list'], { cwd: base.root, env: WITHOUT_GIT })
    expect(listed).toMatchObject({ code: 0, stdout: expect.stringContaining('wheel'), stderr: '' })
    const added = await inPipes(['add', base.source('nut')], { cwd: base.root, env: WITHOUT_GIT })
    expect(added).toMatchObject({ code: 13, stderr: expect.stringContaining('git was not found') })
  })

  it('says why a repository cannot be read', async () => {
    const shallow = join(scratch, 'shallow')
    base.git('clone', '-q', '--depth', '1', `file://${base.repository.dir}`, shallow)
    await using without = await openKb({ dir: shallow, env: { ...base.env, ...WITHOUT_GIT } })
    await expect(without.list()).rejects.toMatchObject({
      code: 'gitMissing',
      message: expect.stringContaining('it is a shallow clone'),
    })
  })

  it('starts no git for a program that requests the in-process driver', async () => {
    const bin = join(scratch, 'bin')
    const started = join(scratch, 'started')
    mkdirSync(bin)
    writeFileSync(join(bin, 'git'), `#!/bin/sh\n: >"${started}"\nexit 1\n`)
    chmodSync(join(bin, 'git'), 0o755)
    await using kb = await openKb({ dir: base.root, env: { ...base.env, PATH: bin }, driver: 'in-process' })
    for (const [, ask] of READING) await ask(kb)
    expect(existsSync(started)).toBe(false)
  })
})
