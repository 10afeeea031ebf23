// Documents prepared by `kbgit worker`, over a real Redis: the same commits as without a queue, whatever dies meanwhile.
import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { AddResult, WorkerResult } from '../../src/index.ts'
import { saying, start, type Ended } from '../support/command.ts'
import { docx, paragraph, png } from '../support/documents.ts'
import { mail } from '../support/mail.ts'
import { pdf } from '../support/pdf.ts'
import { HAS_REDIS, RedisServer } from '../support/redis.ts'
import { Workplace } from '../support/workplace.ts'

const PASSWORD = 'open-sesame'
const about = (name: string): string => `Acme Corporation sells the ${name} Engine in Berlin. Alice Smith likes it.`

/** A folder with a document of each kind that takes another way: text, native converters, pictures beside, attachments. */
function writeMixed(place: Workplace): string {
  place.write('docs/walrus.md', `# Walrus\n\n${about('Walrus')}\n`)
  place.write('docs/otter.docx', docx(paragraph('Otter', 'Heading1') + paragraph(about('Otter'))))
  place.write('docs/seal.pdf', pdf([{ lines: [{ text: 'Seal', y: 72, size: 20 }, { text: about('Seal'), y: 120 }] }])) // prettier-ignore
  place.write('docs/drawn.md', `# Drawn\n\n![a drawing](drawing.png)\n\n${about('Orca')}\n`)
  place.write('docs/drawing.png', png(80, 3))
  place.write(
    'docs/letter.eml',
    mail([
      { type: 'text/plain', content: about('Manatee') },
      { type: 'text/markdown', name: 'inside.md', content: `# Inside\n\n${about('Dugong')}\n`, attached: true },
    ]),
  )
  place.write('docs/broken.docx', 'PK\x03\x04 and nothing else')
  return join(place.dir, 'docs')
}

function writeNotes(place: Workplace, count: number): string {
  for (let n = 0; n < count; n++) place.write(`docs/note-${n}.md`, `# Note ${n}\n\n${about(`Number${n}`)}\n`)
  return join(place.dir, 'docs')
}

/** A PDF that takes a worker a few seconds. */
function longPdf(): Buffer {
  const lines = (page: number) =>
    Array.from({ length: 60 }, (_, line) => ({ text: `${page}.${line} ${about('Whale')}`, y: 40 + line * 12 }))
  return pdf(Array.from({ length: 400 }, (_, page) => ({ lines: lines(page) })))
}

class Fleet implements AsyncDisposable {
  readonly place: Workplace
  readonly redis: RedisServer
  readonly #workers: ChildProcess[] = []

  constructor(place: Workplace, redis: RedisServer) {
    this.place = place
    this.redis = redis
  }

  static async start(): Promise<Fleet> {
    const place = new Workplace()
    place.env['SOURCE_DATE_EPOCH'] = '1767323045'
    return new Fleet(place, await RedisServer.start({ password: PASSWORD }))
  }

  async worker(
    ...argv: string[]
  ): Promise<{ child: ChildProcess; ended: Promise<Ended>; stop: () => Promise<WorkerResult> }> {
    const { child, ended } = start(['worker', '--queue', this.redis.url, ...argv], {
      cwd: this.place.dir,
      env: this.place.env,
      detached: true,
    })
    this.#workers.push(child)
    await saying(child.stdout, 'Waiting for documents')
    const stop = async (): Promise<WorkerResult> => {
      child.kill('SIGTERM')
      const { stdout } = await ended
      const [, prepared, failed, left] = /(\d+) documents? prepared, (\d+) failed, (\d+) left/.exec(stdout) ?? []
      return { prepared: Number(prepared), failed: Number(failed), left: Number(left), busyMs: 0, elapsedMs: 0 }
    }
    return { child, ended, stop }
  }

  /** A new base; what `add` with these arguments made of a folder. */
  async add(base: string, folder: string, ...argv: string[]): Promise<{ ended: Ended; value: AddResult }> {
    const { ended } = await this.adding(base, folder, ...argv)
    const done = await ended
    return { ended: done, value: JSON.parse(done.stdout) as AddResult }
  }

  async adding(
    base: string,
    folder: string,
    ...argv: string[]
  ): Promise<{ child: ChildProcess; ended: Promise<Ended> }> {
    this.place.base = join(this.place.dir, base)
    mkdirSync(this.place.base, { recursive: true })
    await this.place.kbgit('init', '--no-hooks')
    return start(['add', '--json', folder, ...argv], { cwd: this.place.base, env: this.place.env })
  }

  /** Waits until workers have this many documents in hand. */
  async active(count: number): Promise<void> {
    using client = this.redis.client()
    const [queue] = await untilSome(() => client.redis.keys('kbgit:documents-*:meta'))
    const key = queue!.replace(/:meta$/, ':active')
    while ((await client.redis.llen(key)) < count) await wait(20)
  }

  async commits(count: number): Promise<void> {
    while (Number(this.place.git('rev-list', '--count', 'HEAD')) < count) await wait(50)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.#workers) killGroup(child)
    await this.redis[Symbol.asyncDispose]()
    this.place[Symbol.dispose]()
  }
}

/** A worker with the processes that it started, as when its machine loses power. */
function killGroup(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) process.kill(-child.pid!, 'SIGKILL')
}

async function untilSome<T>(look: () => Promise<T[]>): Promise<T[]> {
  for (;;) {
    const found = await look()
    if (found.length > 0) return found
    await wait(20)
  }
}

describe.skipIf(!HAS_REDIS)('kbgit add --queue', () => {
  it('makes the same commits by two workers as without a queue, and tells nobody the password', async () => {
    await using fleet = await Fleet.start()
    const docs = writeMixed(fleet.place)
    const workers = [await fleet.worker(), await fleet.worker('-j', '1')]
    const plain = await fleet.add('plain', docs)
    const queued = await fleet.add('queued', docs, '--queue', fleet.redis.url, '-v')
    expect(queued.ended.code).toBe(3)
    expect(treeOf(fleet, 'queued')).toBe(treeOf(fleet, 'plain'))
    expect(queued.value.failed).toEqual(plain.value.failed)
    expect(queued.value.failed).toMatchObject([{ error: { code: 'corrupt' } }])
    const [a, b] = [await workers[0]!.stop(), await workers[1]!.stop()]
    // The attachment is a document of its own; the note with a picture beside it is the writer's.
    expect([a.prepared + b.prepared, a.failed + b.failed, a.left + b.left]).toEqual([6, 1, 1])
    const said = [queued.ended.stderr, queued.ended.stdout, ...(await Promise.all(workers.map(({ ended }) => ended))).flatMap(({ stdout, stderr }) => [stdout, stderr])] // prettier-ignore
    expect(said.join('\n')).not.toContain(PASSWORD)
    using client = fleet.redis.client()
    expect(await client.redis.keys('kbgit:bytes:*')).toEqual([])
    expect((await fleet.place.json('fsck', '--blobs')).value).toMatchObject({ ok: true })
  })

  it('exchanges bytes by a shared folder', async () => {
    await using fleet = await Fleet.start()
    const docs = writeMixed(fleet.place)
    mkdirSync(join(fleet.place.dir, 'shared'))
    const worker = await fleet.worker('--exchange', join(fleet.place.dir, 'shared'))
    const plain = await fleet.add('plain', docs)
    fleet.place.write('queued/kbgit.yaml', `version: 1\nexchange: ${join(fleet.place.dir, 'shared')}\n`)
    const queued = await fleet.add('queued', docs, '--queue', fleet.redis.url)
    expect(queued.value.added).toHaveLength(plain.value.added.length)
    expect(treeOf(fleet, 'queued', ':wiki')).toBe(treeOf(fleet, 'plain', ':wiki'))
    expect(await worker.stop()).toMatchObject({ prepared: 6, failed: 1, left: 1 })
  })

  it('gives the document of a killed worker to another one', async () => {
    await using fleet = await Fleet.start()
    fleet.place.write('docs/whale.pdf', longPdf())
    const docs = join(fleet.place.dir, 'docs')
    await fleet.add('plain', docs)
    const first = await fleet.worker()
    const { ended } = await fleet.adding('queued', docs, '--queue', fleet.redis.url)
    await fleet.active(1)
    killGroup(first.child)
    const second = await fleet.worker()
    expect((await ended).code).toBe(0)
    expect(treeOf(fleet, 'queued')).toBe(treeOf(fleet, 'plain'))
    expect(await second.stop()).toMatchObject({ prepared: 1 })
  })

  it('asks again for what a Redis that was killed has forgotten', async () => {
    await using fleet = await Fleet.start()
    const docs = writeNotes(fleet.place, 30)
    await fleet.add('plain', docs)
    const worker = await fleet.worker('-j', '1')
    const { ended } = await fleet.adding('queued', docs, '--queue', fleet.redis.url, '-j', '4')
    await fleet.commits(3)
    await fleet.redis.stop('SIGKILL')
    await wait(1_000)
    await fleet.redis.start()
    expect((await ended).code).toBe(0)
    expect(treeOf(fleet, 'queued')).toBe(treeOf(fleet, 'plain'))
    expect((await worker.stop()).prepared).toBeGreaterThan(3)
  })

  it('stops when Redis stays away, and goes on when it is back', async () => {
    await using fleet = await Fleet.start()
    const docs = writeNotes(fleet.place, 12)
    await fleet.add('plain', docs)
    await fleet.worker('-j', '1')
    const { ended } = await fleet.adding('queued', docs, '--queue', fleet.redis.url, '-j', '2')
    await fleet.commits(2)
    await fleet.redis.stop()
    const { code, stdout } = await ended
    const stopped = JSON.parse(stdout) as AddResult
    expect(code).toBe(3)
    expect(stopped.stopped).toMatchObject({ code: 'queueUnavailable', hint: expect.stringContaining('again') })
    expect(stopped.added.length).toBeLessThan(12)
    expect(stopped.failed).toEqual([])
    await fleet.redis.start()
    expect(await fleet.place.json('add', docs, '--queue', fleet.redis.url)).toMatchObject({ code: 0 })
    expect(treeOf(fleet, 'queued')).toBe(treeOf(fleet, 'plain'))
    expect((await fleet.place.json('fsck', '--blobs')).value).toMatchObject({ ok: true })
  })

  it('refuses workers of another version, and a worker says which writers it does not serve', async () => {
    await using fleet = await Fleet.start()
    const docs = writeNotes(fleet.place, 1)
    using client = fleet.redis.client()
    const other = JSON.stringify({ version: '9.9.9', exchange: 'redis', host: 'elsewhere', pid: 1 })
    await client.redis.set('kbgit:worker:other', other)
    const refused = await fleet.adding('queued', docs, '--queue', fleet.redis.url)
    const { code, stdout } = await refused.ended
    expect(code).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({
      error: { code: 'queueUnavailable', message: expect.stringMatching(/are kbgit 9\.9\.9; this is kbgit \d/) },
    })
    expect(fleet.place.git('rev-list', '--count', 'HEAD')).toBe('1')

    await client.redis.set('kbgit:writer:other', other)
    const worker = await fleet.worker()
    await saying(worker.child.stderr, 'takes none of its documents')
    expect((await fleet.add('second', docs, '--queue', fleet.redis.url)).value.added).toHaveLength(1)
  })
})

/** The object id of what a base has at its head, or of a folder of it. */
function treeOf({ place }: Fleet, base: string, folder = ':'): string {
  return place.gitIn(join(place.dir, base), 'rev-parse', `HEAD${folder}`)
}
