// A writer believes no worker: what does not fit the document costs one retry, and is then done by the writer itself.
import { createHash } from 'node:crypto'
import { Worker, type Job } from 'bullmq'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VERSION } from '../../../src/version.ts'
import { openKb } from '../../../src/index.ts'
import { LiveBase } from '../../support/live-base.ts'
import { HAS_REDIS, RedisServer } from '../../support/redis.ts'

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')
const stored = (text: string) => ({ sha256: sha256(text), size: Buffer.byteLength(text) })

type Put = (text: string) => Promise<{ sha256: string; size: number }>
type Sent = { original: { sha256: string; size: number }; task: { sha256: string } }
/** What a worker of this kind returns for a job. */
type Lie = (job: Sent, put: Put) => Promise<unknown>

const TEXT = '# Forged\n\nThe forged Engine.\n'
const prepared = ({ original }: Sent) => ({
  ...original,
  format: 'md',
  kind: 'short',
  original: 'original',
  text: 'source.md',
  textSize: Buffer.byteLength(TEXT),
  images: [],
  outline: [],
  notes: [],
})
const returning =
  (staged: (job: Sent, put: Put) => Promise<unknown>): Lie =>
  async (job, put) => ({
    version: VERSION,
    worker: 'liar',
    reply: await put(JSON.stringify(await staged(job, put))),
  })

const LIES: Record<string, Lie> = {
  'returns nothing': async () => null,
  'returns another version': async (_, put) => ({ version: '9.9.9', worker: 'liar', reply: await put('{}') }),
  'names an answer that is not there': async () => ({ version: VERSION, worker: 'liar', reply: stored('{}') }),
  'answers with what is no JSON': async (_, put) => ({ version: VERSION, worker: 'liar', reply: await put('{') }),
  'answers with another document': returning(async (job, put) => ({
    reply: { ok: true, prepared: { ...prepared(job), sha256: sha256('other') }, elapsedMs: 1 },
    text: await put(TEXT),
  })),
  'names a file outside of the staging folder': returning(async (job, put) => ({
    reply: { ok: true, prepared: { ...prepared(job), text: '../../source.md' }, elapsedMs: 1 },
    text: await put(TEXT),
  })),
  'returns text with another digest': returning(async (job) => ({
    reply: { ok: true, prepared: prepared(job), elapsedMs: 1 },
    text: stored(TEXT),
  })),
  'claims that the file is gone': returning(async () => ({
    reply: { ok: false, failure: { code: 'notFound', message: 'It no longer exists.' } },
  })),
  'adds fields of its own': returning(async (job, put) => ({
    reply: { ok: true, prepared: { ...prepared(job), extra: 1 }, elapsedMs: 1 },
    text: await put(TEXT),
  })),
  throws: async () => {
    throw new Error('no space left')
  },
}

describe.skipIf(!HAS_REDIS)('a worker that', () => {
  let redis: RedisServer
  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterAll(() => redis[Symbol.asyncDispose]())

  /** Adds a note with such a worker at the queue. */
  async function addWith(lie: Lie) {
    using base = await LiveBase.make()
    using client = redis.client()
    let jobs = 0
    const liar = new Worker(
      `documents-${VERSION}-redis`,
      async (job: Job) => {
        jobs++
        const put: Put = async (text) => {
          await client.redis.hset(`kbgit:bytes:${job.id}`, `${sha256(text)}:0`, text)
          return stored(text)
        }
        return lie(job.data as Sent, put)
      },
      { connection: client.redis, prefix: 'kbgit' },
    )
    liar.on('error', () => {})
    const warnings: string[] = []
    const logger = { debug: () => {}, warn: (_: object, message: string) => void warnings.push(message) }
    await using kb = await openKb({ dir: base.root, env: base.env, logger })
    const note = base.source('Walrus')
    const { added, failed } = await kb.add([note], { queue: redis.url }).finally(() => liar.close())
    const text = added[0] === undefined ? '' : String((await kb.show(`sources/${added[0].name}`)).text)
    return { added: added.length, failed, jobs, warnings, text }
  }

  it.each(Object.entries(LIES))('%s costs one retry, then the writer does it', async (_, lie) => {
    const result = await addWith(lie)
    expect(result).toMatchObject({ added: 1, failed: [], jobs: 2 })
    expect(result.warnings).toEqual([expect.stringContaining('it is prepared here')])
    expect(result.text).toContain('Walrus Engine')
    using client = redis.client()
    expect(await client.redis.keys('kbgit:bytes:*')).toEqual([])
  })

  it('fails once is asked again', async () => {
    let calls = 0
    const honest = returning(async (job, put) => ({
      reply: { ok: true, prepared: prepared(job), elapsedMs: 1 },
      text: await put(TEXT),
    }))
    const result = await addWith((job, put) => (calls++ === 0 ? LIES['throws']!(job, put) : honest(job, put)))
    expect(result).toMatchObject({ added: 1, jobs: 2, warnings: [] })
    expect(result.text).toContain('The forged Engine.')
  })
})
