import { appendFileSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { AddResult, WatchEvent, WatchResult } from '../../../../src/index.ts'
import { tryAcquire } from '../../../../src/io/sidecar/lock.ts'
import { openBase } from '../../../../src/operations/base/open.ts'
import { watch } from '../../../../src/operations/watch/watch.ts'
import { LiveBase } from '../../../support/live-base.ts'

/** A running watch, and its events. */
class Watching implements AsyncDisposable {
  readonly #abort = new AbortController()
  readonly #told: WatchEvent[] = []
  #heard = (): void => {}
  #ended: Promise<WatchResult> | undefined

  static async on(base: LiveBase, ...folders: string[]): Promise<Watching> {
    const watching = new Watching()
    const opened = await openBase({ dir: base.root, env: base.env })
    watching.#ended = watch(opened, {
      cwd: base.root,
      settleMs: 100,
      signal: watching.#abort.signal,
      folders,
      onEvent: (event) => {
        watching.#told.push(event)
        watching.#heard()
      },
    })
    for (let count = 0; count < Math.max(1, new Set(folders).size); count++) await watching.next('watching')
    return watching
  }

  /** The next event of a kind. */
  async next<K extends WatchEvent['kind']>(kind: K): Promise<Extract<WatchEvent, { kind: K }>> {
    for (;;) {
      const at = this.#told.findIndex((event) => event.kind === kind)
      if (at !== -1) return this.#told.splice(at, 1)[0] as Extract<WatchEvent, { kind: K }>
      await new Promise<void>((resolve) => (this.#heard = resolve))
    }
  }

  async round(): Promise<AddResult> {
    return (await this.next('added')).result
  }

  async end(): Promise<WatchResult | undefined> {
    this.#abort.abort()
    return this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end()
  }
}

const text = (what: string): string =>
  `# ${what}\n\nThe ${what} Engine is a machine. Alice Smith of Acme Corporation built it in Paris.\n`

describe('watch', () => {
  test('adds the files dropped into the inbox as one batch, and removes what is committed from it', async () => {
    using base = await LiveBase.make()
    await using watching = await Watching.on(base)
    const inbox = join(base.root, 'raw/inbox')
    for (const name of ['Falcon', 'Sparrow', 'Owl']) writeFileSync(join(inbox, `${name}.md`), text(name))
    const round = await watching.round()
    expect(round.added.map(({ name }) => name)).toEqual(['Falcon', 'Owl', 'Sparrow'])
    expect(readdirSync(inbox)).toEqual([])
    // Idle: the lock is free.
    using lock = tryAcquire(base.sidecar('lock.db'), 'exclusive')
    expect(lock).toBeDefined()
    lock?.[Symbol.dispose]()
    expect(await watching.end()).toMatchObject({ added: 3, updated: 0, failed: 0 })
    expect(await base.check()).toEqual([])
  })

  test('leaves in the inbox what it cannot add', async () => {
    using base = await LiveBase.make()
    await using watching = await Watching.on(base)
    const file = join(base.root, 'raw/inbox/broken.pdf')
    writeFileSync(file, '%PDF-1.7 and no more')
    expect((await watching.round()).failed).toHaveLength(1)
    expect(existsSync(file)).toBe(true)
  })

  test('updates changed documents in another folder, recognises renamed files, and keeps the documents of deleted ones', async () => {
    using base = await LiveBase.make()
    const folder = join(base.sources, 'drop')
    mkdirSync(folder)
    await using watching = await Watching.on(base, folder)
    const file = join(folder, 'Falcon.md')
    // As editors save: to another name, then renamed over the file.
    writeFileSync(join(folder, '.Falcon.md.tmp'), text('Falcon'))
    renameSync(join(folder, '.Falcon.md.tmp'), file)
    expect((await watching.round()).added).toMatchObject([{ name: 'Falcon' }])
    appendFileSync(file, '\nIt was painted.\n')
    expect((await watching.round()).updated).toMatchObject([{ name: 'Falcon' }])
    renameSync(file, join(folder, 'Eagle.md'))
    expect((await watching.round()).skipped).toMatchObject([{ reason: 'duplicate', name: 'Falcon' }])
    appendFileSync(join(folder, 'Eagle.md'), '\nIt was sold.\n')
    expect((await watching.round()).updated).toMatchObject([{ name: 'Falcon' }])
    rmSync(join(folder, 'Eagle.md'))
    writeFileSync(join(folder, 'Owl.md'), text('Owl'))
    await watching.round()
    expect((await (await base.open()).list()).documents.map(({ name }) => name)).toEqual(['Falcon', 'Owl'])
    expect(base.subjects().filter((subject) => /^(?:add|update|remove):/.test(subject))).toEqual([
      'add: Owl',
      'update: Falcon',
      // Its new name.
      'update: Falcon',
      'update: Falcon',
      'add: Falcon',
    ])
    expect(await base.check()).toEqual([])
  })

  test('continues after an error, and then adds what it could not add before', async () => {
    using base = await LiveBase.make()
    await using watching = await Watching.on(base)
    base.git('switch', '-q', '--detach')
    writeFileSync(join(base.root, 'raw/inbox/Falcon.md'), text('Falcon'))
    expect((await watching.next('error')).error).toMatchObject({ code: 'repositoryBusy' })
    base.git('switch', '-q', 'main')
    expect((await watching.round()).added).toMatchObject([{ name: 'Falcon' }])
  })

  test('watches several folders, and goes on with the others when one fails', async () => {
    using base = await LiveBase.make()
    const [first = '', second = ''] = ['first', 'second'].map((name) => join(base.sources, name))
    for (const folder of [first, second]) mkdirSync(folder)
    await using watching = await Watching.on(base, first, second, first)
    writeFileSync(join(first, 'Falcon.md'), text('Falcon'))
    expect((await watching.round()).added).toMatchObject([{ name: 'Falcon' }])
    rmSync(first, { recursive: true })
    expect((await watching.next('error')).error).toMatchObject({ code: 'notFound' })
    writeFileSync(join(second, 'Owl.md'), text('Owl'))
    writeFileSync(join(second, 'broken.pdf'), '%PDF-1.7 and no more')
    // On a busy machine they come one by one.
    const rounds = [await watching.round()]
    while (rounds.flatMap(({ added, failed }) => [...added, ...failed]).length < 2) rounds.push(await watching.round())
    expect(await watching.end()).toEqual({
      folder: first,
      added: 2,
      updated: 0,
      failed: 1,
      folders: [
        { folder: first, added: 1, updated: 0, failed: 0 },
        { folder: second, added: 1, updated: 0, failed: 1 },
      ],
      sources: [],
    })
  })

  test('with once, adds what is complete and ends', async () => {
    using base = await LiveBase.make()
    const folder = join(base.sources, 'drop')
    mkdirSync(join(folder, 'below'), { recursive: true })
    writeFileSync(join(folder, 'Owl.md.part'), text('Owl'))
    writeFileSync(join(folder, 'below', 'Falcon.md'), text('Falcon'))
    mkdirSync(join(base.root, 'raw/inbox'), { recursive: true })
    writeFileSync(join(base.root, 'raw/inbox/Sparrow.md'), text('Sparrow'))
    const once = async (...folders: string[]) =>
      watch(await openBase({ dir: base.root, env: base.env }), { cwd: base.root, settleMs: 20, once: true, folders })
    expect(await once(folder, 'raw/inbox')).toMatchObject({ added: 2, folders: [{ added: 1 }, { added: 1 }] })
    expect(readdirSync(join(base.root, 'raw/inbox'))).toEqual([])
    expect(await once(folder)).toMatchObject({ added: 0, updated: 0, failed: 0 })
    base.git('switch', '-q', '--detach')
    appendFileSync(join(folder, 'below', 'Falcon.md'), 'It was sold.\n')
    await expect(once(folder)).rejects.toMatchObject({ code: 'repositoryBusy' })
  })

  test('refuses a folder that does not exist or is inside the base', async () => {
    using base = await LiveBase.make()
    const kb = await base.open()
    await expect(kb.watch({ folder: join(base.sources, 'nowhere') })).rejects.toMatchObject({ code: 'notFound' })
    await expect(kb.watch({ folder: join(base.root, 'wiki') })).rejects.toMatchObject({ code: 'usage' })
  })
})
