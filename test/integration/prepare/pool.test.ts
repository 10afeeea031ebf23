import { expect, test } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/core/config.ts'
import { PreparePool } from '../../../src/prepare/pool.ts'
import { read, StagingFolder } from '../../support/staging.ts'

test('documents are prepared in parallel, each into its own folder', async () => {
  await using folder = await StagingFolder.make()
  await using pool = new PreparePool(2)
  const tasks = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      folder.task(
        `${index}.${index % 2 === 0 ? 'md' : 'html'}`,
        index % 2 === 0 ? `# Note ${index}\n` : `<!doctype html><h1>Note ${index}</h1>`,
      ),
    ),
  )
  const replies = await Promise.all(tasks.map((task) => pool.prepare(task)))
  for (const [index, reply] of replies.entries()) {
    if (!reply.ok) throw new Error(reply.failure.message)
    expect((await read(reply.prepared, tasks[index]?.staging ?? '')).text).toBe(`# Note ${index}\n`)
  }
})

test('a document that takes too long fails, and the next one does not', async () => {
  await using folder = await StagingFolder.make()
  await using pool = new PreparePool(1)
  const limits = { ...DEFAULT_LIMITS, convertTimeoutMs: 1 }
  const slow = await pool.prepare(await folder.task('slow.txt', 'words of a text\n\n'.repeat(100_000), { limits }))
  expect(slow).toMatchObject({
    ok: false,
    failure: { code: 'convertTimeout', message: expect.stringContaining('slow.txt') },
  })
  expect(await pool.prepare(await folder.task('note.md', 'text'))).toMatchObject({ ok: true })
})

test('a document that takes too much memory fails, and the next one does not', async () => {
  await using folder = await StagingFolder.make()
  await using pool = new PreparePool(1)
  const limits = { ...DEFAULT_LIMITS, convertMemoryBytes: 48 * 1024 ** 2 }
  const wide = `<!doctype html><body>${'<p>x</p>'.repeat(400_000)}`
  const failed = await pool.prepare(await folder.task('wide.html', wide, { limits }))
  expect(failed).toMatchObject({
    ok: false,
    failure: { code: 'convertMemory', message: expect.stringContaining('wide.html') },
  })
  expect(await pool.prepare(await folder.task('note.md', 'text'))).toMatchObject({ ok: true })
})

test('a large text is processed in little memory', async () => {
  await using folder = await StagingFolder.make()
  await using pool = new PreparePool(1)
  const limits = { ...DEFAULT_LIMITS, convertMemoryBytes: 128 * 1024 ** 2 }
  const text = 'A paragraph of words that goes on for a while, as paragraphs do.\n\n'.repeat(700_000)
  const reply = await pool.prepare(await folder.task('large.txt', text, { limits }))
  expect(reply).toMatchObject({ ok: true, prepared: { kind: 'long', format: 'txt' } })
})

test('an abort stops a document', async () => {
  await using folder = await StagingFolder.make()
  await using pool = new PreparePool(1)
  const stop = new AbortController()
  const running = pool.prepare(await folder.task('a.md', 'text'), stop.signal)
  stop.abort(new Error('stopped'))
  await expect(running).rejects.toThrow('stopped')
})
