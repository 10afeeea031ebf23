import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { parseIntent, serializeIntent, type Intent } from '../../../src/core/transaction/intent.ts'
import { LiveBase } from '../../support/live-base.ts'

const INTENT: Intent = {
  version: 1,
  id: 'dead-1',
  branch: 'refs/heads/main',
  base: null,
  worktree: '.',
  paths: [],
  blobs: [],
  attempts: 0,
}

function intent(base: LiveBase, more: Partial<Intent> = {}): Intent {
  return { ...INTENT, base: base.git('rev-parse', 'HEAD'), ...more }
}

function journal(base: LiveBase, name: string, content: string): void {
  mkdirSync(base.sidecar('journal'), { recursive: true })
  writeFileSync(base.sidecar('journal', name), content)
}

describe('index.lock', () => {
  it('of a dead transaction is removed if the journal proves that it is ours', async () => {
    using base = await LiveBase.make()
    journal(base, 'dead-1.json', serializeIntent(intent(base)))
    symlinkSync('kbgit dead-1', join(base.repository.dir, '.git/index.lock'))
    expect((await base.add('Falcon')).added).toHaveLength(1)
    expect(existsSync(join(base.repository.dir, '.git/index.lock'))).toBe(false)
    expect(await base.check()).toEqual([])
  })

  it.each([
    ['empty', ''],
    ['of another transaction', 'kbgit other-1\n'],
  ])('is waited for, reported and never removed: %s', async (_, content) => {
    using base = await LiveBase.make({ config: 'lock_wait: 1s\n' })
    journal(base, 'dead-1.json', serializeIntent(intent(base)))
    const lock = join(base.repository.dir, '.git/index.lock')
    writeFileSync(lock, content)
    const result = await base.add('Falcon')
    expect(result.stopped).toMatchObject({ code: 'repositoryBusy' })
    expect(result.stopped?.message).toContain(lock)
    expect(existsSync(lock)).toBe(true)
    expect(base.subjects()[0]).toBe('Set up')
  })
})

describe('the journal', () => {
  it.each([
    ['empty', ''],
    ['torn', serializeIntent(INTENT).slice(0, 90)],
    ['foreign', '{"backup": "/elsewhere"}\n'],
    ['binary', '\0\x01\x02'],
  ])('is never blocked by a file that is %s: it is set aside and kept', async (_, content) => {
    using base = await LiveBase.make()
    journal(base, 'x.json', content)
    const recovered = await (await base.open()).recover()
    expect(recovered).toMatchObject({ quarantined: 1 })
    expect(readdirSync(base.sidecar('quarantine'))).toEqual(['x.json'])
    expect((await base.add('Falcon')).added).toHaveLength(1)
    expect((await (await base.open()).status()).quarantined).toBe(1)
  })

  it('sets aside an intent of a newer version, and a folder', async () => {
    using base = await LiveBase.make()
    journal(base, 'newer.json', serializeIntent({ ...intent(base), version: 2 as 1 }))
    mkdirSync(base.sidecar('journal/folder.json'))
    expect(await (await base.open()).recover()).toMatchObject({ quarantined: 2 })
    expect((await base.add('Falcon')).added).toHaveLength(1)
  })

  it('treats the same intent under two names as one', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    journal(base, 'dead-1.json', serializeIntent(intent(base)))
    journal(base, 'copy.json', serializeIntent(intent(base)))
    await (await base.open()).recover()
    expect(readdirSync(base.sidecar('journal'))).toEqual([])
    expect(base.git('status', '--porcelain')).toBe('')
  })

  it('gives up on an intent after five attempts, and keeps it', async () => {
    using base = await LiveBase.make()
    journal(base, 'dead-1.json', serializeIntent(intent(base, { attempts: 5 })))
    expect(await (await base.open()).recover()).toMatchObject({ quarantined: 1 })
    expect(readdirSync(base.sidecar('quarantine'))).toEqual(['dead-1.json'])
  })

  it.each([
    ['an id', { id: '../../../outside' }],
    ['a branch', { branch: '../outside' }],
    ['a worktree', { worktree: '../../elsewhere' }],
    ['a path', { paths: [{ path: '../outside', before: null, after: null, mode: '100644' }] }],
  ] as [string, Partial<Intent>][])('does not follow %s that leads elsewhere', (_, more) => {
    expect(parseIntent(serializeIntent({ ...INTENT, ...more }))).toEqual({ kind: 'torn' })
  })
})

describe('the lock', () => {
  it('is waited for, and its holder is named', async () => {
    using base = await LiveBase.make({ config: 'lock_wait: 1s\n' })
    await base.add('Falcon')
    using holder = new DatabaseSync(base.sidecar('lock.db'))
    holder.exec('BEGIN EXCLUSIVE')
    writeFileSync(
      base.sidecar('lock.db.holder'),
      JSON.stringify({ pid: 4711, command: 'add', since: '2026-01-02T03:04:05.000Z' }),
    )
    const refused = base.add('Sparrow')
    await expect(refused).rejects.toMatchObject({ code: 'locked', exitCode: 11 })
    await expect(refused).rejects.toThrow(/kbgit add, process 4711/)
  })

  it('does not block readers', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    using holder = new DatabaseSync(base.sidecar('lock.db'))
    holder.exec('BEGIN EXCLUSIVE')
    const kb = await base.open()
    expect((await kb.list()).documents).toHaveLength(1)
    expect((await kb.status()).documents).toBe(1)
    expect((await kb.search('Falcon')).hits.length).toBeGreaterThan(0)
    expect((await kb.show('Falcon')).page).toContain('Falcon')
  })
})

describe('staging', () => {
  it('of a dead run is removed, that of a running one never', async () => {
    using base = await LiveBase.make()
    for (const run of ['dead', 'alive']) mkdirSync(base.sidecar('staging', run), { recursive: true })
    writeFileSync(base.sidecar('staging/dead/text'), 'x')
    using alive = new DatabaseSync(base.sidecar('staging/alive/alive.db'))
    alive.exec('BEGIN EXCLUSIVE')
    expect(await (await base.open()).recover()).toMatchObject({ reaped: 1 })
    expect(readdirSync(base.sidecar('staging'))).toEqual(['alive'])
  })
})

describe('refs and ref locks left by a killed git', () => {
  it('are removed', async () => {
    using base = await LiveBase.make()
    const dir = join(base.repository.dir, '.git')
    base.git('update-ref', 'refs/kbgit/tx/dead', 'HEAD')
    writeFileSync(join(dir, 'refs/kbgit/tx/dead.lock'), `${base.git('rev-parse', 'HEAD')}\n`)
    writeFileSync(join(dir, 'packed-refs.lock'), '')
    expect((await base.add('Falcon')).added).toHaveLength(1)
    expect(base.git('for-each-ref', 'refs/kbgit')).toBe('')
    expect(existsSync(join(dir, 'packed-refs.lock'))).toBe(false)
  })

  it('are left to a git that is packing refs', async () => {
    using base = await LiveBase.make()
    const dir = join(base.repository.dir, '.git')
    writeFileSync(join(dir, 'packed-refs.lock'), '')
    writeFileSync(join(dir, 'packed-refs.new'), '# pack-refs with: peeled fully-peeled sorted \n')
    expect((await base.add('Falcon')).added).toHaveLength(1)
    expect(existsSync(join(dir, 'packed-refs.lock'))).toBe(true)
  })
})
