import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { WorkerPool, type WorkerOutcome, type WorkerRuntime } from '../../../../src/io/workers/worker-pool.ts'

const WORKER = new URL('../../../support/workers/obedient.ts', import.meta.url)
const MIB = 1024 ** 2

function runner(pool: WorkerPool, runtime: WorkerRuntime) {
  return (
    act: string,
    more: { value?: unknown; timeoutMs?: number; memoryBytes?: number; signal?: AbortSignal } = {},
  ): Promise<WorkerOutcome<unknown>> => {
    const { value, ...options } = more
    return pool.run(WORKER, { act, value }, { runtime, timeoutMs: 30_000, memoryBytes: 256 * MIB, ...options })
  }
}

describe.each(['thread', 'process'] as const)('in a %s', (runtime) => {
  test('plain data is passed in both directions', async () => {
    await using pool = new WorkerPool(1)
    const value = { text: 'ü', bytes: Uint8Array.of(1, 255), list: [1, null] }
    expect(await runner(pool, runtime)('echo', { value })).toEqual({ kind: 'done', reply: value })
  })

  test('a task that ends its worker, throws or never ends fails alone', async () => {
    await using pool = new WorkerPool(2)
    const run = runner(pool, runtime)
    expect(await run('exit')).toEqual({ kind: 'crashed', message: 'it exited with code 3' })
    expect(await run('throw')).toEqual({ kind: 'crashed', message: 'thrown on purpose' })
    const ended = await Promise.all(['hang', 'never', 'backtrack'].map((act) => run(act, { timeoutMs: 100 })))
    expect(ended).toEqual([{ kind: 'timeout' }, { kind: 'timeout' }, { kind: 'timeout' }])
    expect(await run('echo', { value: 1 })).toEqual({ kind: 'done', reply: 1 })
  })

  test('endless buffers, which no heap limit counts, are stopped', async () => {
    await using pool = new WorkerPool(1)
    const run = runner(pool, runtime)
    expect(await run('buffers')).toEqual({ kind: 'memory' })
    expect(await run('echo', { value: 1 })).toEqual({ kind: 'done', reply: 1 })
  })

  test('endless objects are stopped', async () => {
    await using pool = new WorkerPool(1)
    expect(await runner(pool, runtime)('heap', { memoryBytes: 96 * MIB })).toEqual({ kind: 'memory' })
  })

  test('an abort rejects with its reason, for waiting tasks as well', async () => {
    await using pool = new WorkerPool(1)
    const run = runner(pool, runtime)
    const stop = new AbortController()
    const busy = run('never', { signal: stop.signal })
    const waiting = run('echo', { signal: stop.signal })
    const reason = new Error('stopped')
    const both = Promise.allSettled([busy, waiting])
    stop.abort(reason)
    expect((await both).map((each) => (each.status === 'rejected' ? each.reason : each.value))).toEqual([
      reason,
      reason,
    ])
    expect(await run('echo', { value: 1 })).toEqual({ kind: 'done', reply: 1 })
  })

  test('tasks beyond the size of the pool wait their turn, and all are answered', async () => {
    await using pool = new WorkerPool(2)
    const run = runner(pool, runtime)
    const replies = await Promise.all(Array.from({ length: 40 }, (_, value) => run('echo', { value })))
    expect(replies.map((reply) => (reply.kind === 'done' ? reply.reply : reply))).toEqual(
      Array.from({ length: 40 }, (_, value) => value),
    )
  })

  test('what a worker prints does not reach the output', async () => {
    const program = `
      import { WorkerPool } from ${JSON.stringify(new URL('../../../../src/io/workers/worker-pool.ts', import.meta.url).href)}
      await using pool = new WorkerPool(1)
      const outcome = await pool.run(new URL(${JSON.stringify(WORKER.href)}), { act: 'print', value: 7 }, { runtime: '${runtime}', timeoutMs: 30000, memoryBytes: 2 ** 28 })
      process.stdout.write(JSON.stringify(outcome))`
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program])
    expect(stdout).toBe('{"kind":"done","reply":7}')
    expect(stderr).toBe('')
  })
})

test('a fault in native code fails only its own task', async () => {
  await using pool = new WorkerPool(1)
  const run = runner(pool, 'process')
  expect(await run('abort')).toEqual({ kind: 'crashed', message: 'it was killed by SIGABRT' })
  expect(await run('fault')).toEqual({ kind: 'crashed', message: 'it was killed by SIGSEGV' })
  expect(await run('echo', { value: 1 })).toEqual({ kind: 'done', reply: 1 })
})

test('closing ends busy workers', async () => {
  const pool = new WorkerPool(1)
  const busy = runner(pool, 'thread')('hang').catch((error: unknown) => error)
  await pool[Symbol.asyncDispose]()
  expect(await busy).toMatchObject({ kind: 'crashed' })
  await expect(runner(pool, 'thread')('echo')).rejects.toThrow('closed')
})
