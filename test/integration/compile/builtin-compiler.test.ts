import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createBuiltinCompiler } from '../../../src/compile/builtin/compiler.ts'
import type { CompileInput } from '../../../src/compile/compiler.ts'
import type { Prepared } from '../../../src/core/document/prepared.ts'
import { WorkerPool } from '../../../src/io/workers/worker-pool.ts'
import { PreparePool } from '../../../src/prepare/pool.ts'
import { StagingFolder } from '../../support/staging.ts'

let staging = ''
beforeAll(async () => {
  staging = await mkdtemp(join(tmpdir(), 'kbgit-compile-'))
})
afterAll(() => rm(staging, { recursive: true }))

const SENTENCES =
  'A lock server grants leases to clients. The lock server revokes a lease after a timeout. Leases of a dead client expire by themselves.\n\n'

async function staged(text: 'source.md' | 'source.json', content: string): Promise<CompileInput> {
  await writeFile(join(staging, text), content)
  const prepared: Prepared = {
    sha256: '0',
    size: 1,
    format: 'md',
    kind: text === 'source.md' ? 'short' : 'long',
    original: 'original',
    text,
    textSize: Buffer.byteLength(content),
    images: [],
    outline: [],
    notes: [],
  }
  return { prepared, staging, fallbackTitle: 'lock-server' }
}

const entityTypes = ['person', 'other']
const signal = new AbortController().signal

test('the result is the same in the worker that prepared the document and in another one', async () => {
  await using folder = await StagingFolder.make()
  await using preparing = new PreparePool(1)
  await using pool = new WorkerPool(1)
  await using compiler = createBuiltinCompiler({ entityTypes, pool })
  const { module = '', settings } = compiler.inWorker ?? {}
  const task = await folder.task('lock-server.md', SENTENCES)
  const made = await preparing.prepare({
    ...task,
    compile: { module, input: { ...settings, fallbackTitle: 'lock-server' } },
  })
  if (!made.ok) throw new Error(made.failure.message)
  expect(made.compiled?.reply).toMatchObject({ ok: true, compiled: { compiler: 'builtin@5', title: 'lock server' } })
  expect(
    await compiler.compile({ prepared: made.prepared, staging: task.staging, fallbackTitle: 'lock-server' }, signal),
  ).toEqual(made.compiled?.reply)
})

test('a large document is left for later, so that the worker frees its memory first', async () => {
  await using folder = await StagingFolder.make()
  await using preparing = new PreparePool(1)
  await using compiler = createBuiltinCompiler({ entityTypes, pool: new WorkerPool(1) })
  const task = await folder.task('large.txt', SENTENCES.repeat(70_000))
  const made = await preparing.prepare({
    ...task,
    compile: { module: compiler.inWorker?.module ?? '', input: { entityTypes, fallbackTitle: 'large' } },
  })
  expect(made).toMatchObject({ ok: true })
  expect(made).not.toHaveProperty('compiled')
})

test('a text longer than the limit is read in parts from all over it', async () => {
  await using pool = new WorkerPool(1)
  await using compiler = createBuiltinCompiler({ entityTypes, pool })
  const pages = Array.from({ length: 3_000 }, (_, at) =>
    JSON.stringify({
      page: at + 1,
      content: `${SENTENCES}${at > 2_800 ? 'The tidal barrier closes at high water. ' : ''}`.repeat(6),
      images: [],
    }),
  )
  const reply = await compiler.compile(await staged('source.json', `[${pages.join(',\n')}]\n`), signal)
  const barrier = reply.ok ? reply.compiled.contributions.find(({ key }) => key === 'tidal barrier') : undefined
  expect(barrier?.quotes[0]?.place?.page).toBeGreaterThan(2_800)
})

test("a missing text is the document's failure, and the error names it", async () => {
  await using pool = new WorkerPool(1)
  await using compiler = createBuiltinCompiler({ entityTypes, pool })
  const input = await staged('source.md', SENTENCES)
  const reply = await compiler.compile({ ...input, staging: join(staging, 'nowhere') }, signal)
  expect(reply).toMatchObject({
    ok: false,
    failure: { code: 'internal', message: expect.stringContaining('lock-server') },
  })
})
