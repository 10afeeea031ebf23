import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Staging } from '../../../../src/commit/staging.ts'
import type { Prepared } from '../../../../src/core/document/prepared.ts'
import type { Progress } from '../../../../src/index.ts'
import { claimPrepared, notePrepared } from '../../../../src/io/sidecar/prepared-store.ts'
import { openBase } from '../../../../src/operations/base/open.ts'
import { saying, start } from '../../../support/command.ts'
import { LiveBase } from '../../../support/live-base.ts'

const kept = (base: LiveBase): string[] =>
  existsSync(base.sidecar('prepared')) ? readdirSync(base.sidecar('prepared')) : []

describe('an interrupted add', () => {
  test('continues where it stopped: what was prepared is not converted again', async () => {
    using base = await LiveBase.make()
    const paths = ['Falcon', 'Owl', 'Sparrow'].map((name) => base.source(name))
    const abort = new AbortController()
    // Stopped when the second begins: by then the first is prepared.
    const begun: Progress[] = []
    const onProgress = (progress: Progress): void => {
      if (progress.kind === 'prepare' && begun.push(progress) === 2) abort.abort()
    }
    const stopped = await (await base.open()).add(paths, { jobs: 1, signal: abort.signal, onProgress })
    expect(stopped).toMatchObject({ stopped: { code: 'interrupted' } })
    const ready = kept(base)
    expect(ready.length + stopped.added.length).toBeGreaterThan(0)
    expect((await (await base.open()).status()).pending.length).toBeGreaterThan(0)

    const logged: string[] = []
    const { openKb } = await import('../../../../src/index.ts')
    const logger = { debug: (_: object, message: string) => void logged.push(message), warn: () => {} }
    const again = await (await openKb({ dir: base.root, env: base.env, logger })).add(paths)
    expect(again.added.length + stopped.added.length).toBe(3)
    expect(logged.filter((message) => message === 'reused prepared document')).toHaveLength(ready.length)
    expect(kept(base)).toEqual([])
    expect(await (await base.open()).status()).toMatchObject({ pending: [], failed: [] })
    expect(await base.check()).toEqual([])
  })

  test('continues after a kill too, and an incomplete entry is converted again', async () => {
    using base = await LiveBase.make()
    for (let at = 0; at < 40; at++) base.source(`Note-${at}`)
    const { child, ended } = start(['--kb', base.root, '-v', 'add', base.sources], {
      env: { GIT_CONFIG_GLOBAL: '/dev/null' },
    })
    await saying(child.stderr, '"prepared"')
    child.kill('SIGKILL')
    await ended
    await (await base.open()).recover()
    for (const entry of kept(base).slice(0, 1)) rmSync(base.sidecar('prepared', entry, 'original'))
    const { added, skipped, failed } = await (await base.open()).add([base.sources])
    expect(added.length + skipped.length).toBe(40)
    expect(failed).toEqual([])
    expect((await (await base.open()).list()).documents).toHaveLength(40)
    expect(await base.check()).toEqual([])
  })
})

describe('a reused staging folder', () => {
  const prepared = (text: string): Prepared => ({
    sha256: createHash('sha256').update(text).digest('hex'),
    size: text.length,
    format: 'md',
    kind: 'short',
    original: 'original',
    text: 'source.md',
    textSize: text.length,
    images: [],
    outline: [],
    notes: [],
  })
  const key = 'a'.repeat(64)
  const write = (folder: string, text: string): void => {
    for (const file of ['original', 'source.md']) writeFileSync(join(folder, file), text)
  }

  test('does not reveal the document that was in it before', async () => {
    using base = await LiveBase.make()
    const staging = await Staging.open(await openBase({ dir: base.root, env: base.env }), 'run')
    const folder = staging.folder()
    notePrepared(folder, key, prepared('one'))
    staging.discard(folder)
    expect(staging.folder()).toBe(folder)
    write(folder, 'two')
    await staging[Symbol.asyncDispose]()
    expect(kept(base)).toEqual([])
  })

  test('is not trusted if a power cut restores that document', async () => {
    using base = await LiveBase.make()
    const entry = base.sidecar('prepared', key)
    const staging = base.sidecar('staging', 'run', '1')
    mkdirSync(staging, { recursive: true })
    for (const text of ['one', 'two']) {
      mkdirSync(entry, { recursive: true })
      notePrepared(entry, key, prepared('two'))
      write(entry, text)
      expect(await claimPrepared(base.sidecar(), key, staging)).toEqual(text === 'two' ? prepared('two') : undefined)
    }
  })
})

describe('documents that failed', () => {
  test('are reported by status, retried on request, and forgotten once they are added or gone', async () => {
    using base = await LiveBase.make()
    const [broken, empty] = [join(base.sources, 'broken.pdf'), join(base.sources, 'empty.md')]
    writeFileSync(broken, '%PDF-1.7 and no more')
    writeFileSync(empty, '')
    expect((await (await base.open()).add([broken, empty, base.source('Falcon')])).failed).toHaveLength(2)
    expect((await (await base.open()).status()).failed.map(({ path }) => path).toSorted()).toEqual([broken, empty])

    writeFileSync(empty, '# No longer empty\n\nThe Falcon Engine is a machine.\n')
    const again = await (await base.open()).add([], { retryFailed: true })
    expect(again).toMatchObject({ added: [{ name: 'empty' }], failed: [{ path: broken }] })
    expect((await (await base.open()).status()).failed).toMatchObject([{ path: broken }])
    rmSync(broken)
    expect((await (await base.open()).status()).failed).toEqual([])
    expect(await (await base.open()).add([], { retryFailed: true })).toMatchObject({ added: [], failed: [] })
  })

  test('are not retried as a folder: its files may be others by now', async () => {
    using base = await LiveBase.make()
    const path = join(base.sources, 'folder')
    mkdirSync(path)
    writeFileSync(join(path, 'note.md'), '# A note\n\nThe Falcon Engine is a machine.\n')
    const failed = [{ path, error: { code: 'unreadable', message: 'cannot be read' } }]
    writeFileSync(base.sidecar('run.json'), JSON.stringify({ pending: [], failed }))
    expect(await (await base.open()).add([], { retryFailed: true })).toMatchObject({ added: [], failed: [] })
  })

  test('are neither recorded nor forgotten by a dry run', async () => {
    using base = await LiveBase.make()
    const broken = join(base.sources, 'broken.md')
    writeFileSync(broken, '')
    await (await base.open()).add([broken], { dryRun: true })
    expect((await (await base.open()).status()).failed).toEqual([])
  })
})

describe('a renamed file', () => {
  test('keeps its document: a duplicate while unchanged, an update once it has changed', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    const moved = join(base.sources, 'Eagle.md')
    renameSync(join(base.sources, 'Falcon.md'), moved)
    expect((await (await base.open()).add([moved])).skipped).toMatchObject([{ reason: 'duplicate', name: 'Falcon' }])
    base.source('Eagle', 'The Eagle Engine replaced it.')
    expect(await (await base.open()).add([moved])).toMatchObject({ added: [], updated: [{ name: 'Falcon' }] })
    expect(JSON.parse(base.read('documents/Falcon.json'))).toMatchObject({ name: 'Falcon', origin: moved })
    expect(await base.check()).toEqual([])
  })

  test('that is a copy becomes another document once it has changed, since the first file still exists', async () => {
    using base = await LiveBase.make()
    await base.add('Falcon')
    const copy = base.source(
      'Copy',
      `The Falcon Engine is a machine. Alice Smith of Acme Corporation built it in Paris.`,
    )
    const events: Progress[] = []
    await (await base.open()).add([copy], { onProgress: (event) => void events.push(event) })
    base.source('Copy', 'It is another one.')
    expect((await (await base.open()).add([copy])).updated).toMatchObject([{ name: 'Copy' }])
    expect((await (await base.open()).list()).documents.map(({ name }) => name)).toEqual(['Copy', 'Falcon'])
  })
})
