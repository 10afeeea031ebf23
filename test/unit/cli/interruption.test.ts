import { once } from 'node:events'
import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { KbError } from '../../../src/core/errors.ts'
import { main } from '../../../src/cli/main.ts'
import type { AddOptions } from '../../../src/index.ts'
import { hostDouble, kbgit } from '../../support/host-double.ts'
import { ADDED } from '../../support/kb-double.ts'

/** An `add` that runs until it is stopped, then undoes its document or returns its result so far. */
function lasting(end: 'throws' | 'returns') {
  let begun = () => {}
  const started = new Promise<void>((resolve) => (begun = resolve))
  const add = async (_inputs: string[], { signal }: AddOptions) => {
    begun()
    if (signal?.aborted !== true) await once(signal as AbortSignal, 'abort')
    if (end === 'throws') throw new KbError('interrupted', 'The document in hand was undone.')
    return ADDED
  }
  return { add, started }
}

describe('a signal to stop', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s lets the work end in order, says so, and exits with 130',
    async (name) => {
      const { add, started } = lasting('throws')
      const { host, result, signal } = hostDouble({ answers: { add } })
      const running = main(['add', 'x'], host)
      await started
      signal(name)
      await running
      const run = result()
      expect(run.exitCode).toBe(130)
      expect(run.died).toEqual([])
      expect(run.stderr).toBe(
        'Stopping: the current document is finished or undone first. Press Ctrl-C again to stop at once.\nkbgit: The document in hand was undone.\n',
      )
      expect(run.calls.at(-1)?.method).toBe('close')
    },
  )

  it('still prints the result so far as one JSON document', async () => {
    const { add, started } = lasting('returns')
    const { host, result, signal } = hostDouble({ answers: { add } })
    const running = main(['add', 'x', '--json'], host)
    await started
    signal('SIGINT')
    await running
    expect(result()).toMatchObject({ exitCode: 130, stderr: '' })
    expect(JSON.parse(result().stdout).added).toHaveLength(1)
  })

  it('ends the process at once when it comes a second time', async () => {
    const { add, started } = lasting('returns')
    const { host, result, signal } = hostDouble({ answers: { add } })
    const running = main(['add', 'x'], host)
    await started
    signal('SIGINT')
    signal('SIGTERM')
    expect(result().died).toEqual(['SIGTERM'])
    await running
  })
})

/** A pipe whose reader has gone, or a file on a full disk. */
function failing(code: string): Writable {
  return new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: it cannot be written`), { code })),
  })
}

describe('standard output', () => {
  it('ends the command silently if nothing reads it', async () => {
    const { host, result } = hostDouble()
    await main(['list'], { ...host, stdout: failing('EPIPE') })
    expect(result()).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('stops long-running work if nothing reads it', async () => {
    const { add } = lasting('throws')
    const query = async (
      question: string,
      { onText, signal }: { onText: (text: string) => void; signal: AbortSignal },
    ) => {
      onText('a line\n')
      return add([question], { signal })
    }
    const { host, result } = hostDouble({ answers: { query } })
    await main(['query', 'x'], { ...host, stdout: Object.assign(failing('EPIPE'), { isTTY: true }) })
    expect(result()).toMatchObject({ exitCode: 130, stderr: '' })
  })

  it('is a failure if it cannot be written', async () => {
    const { host, result } = hostDouble()
    await main(['list'], { ...host, stdout: failing('ENOSPC') })
    expect(result()).toMatchObject({
      exitCode: 1,
      stderr: 'kbgit: The output could not be written: ENOSPC: it cannot be written\n',
    })
  })

  it('waits for a slow reader and loses nothing', async () => {
    const read: Buffer[] = []
    const slow = new Writable({
      highWaterMark: 1024,
      write: (chunk: Buffer, _encoding, done) => {
        read.push(chunk)
        setImmediate(done)
      },
    })
    const lines = Array.from({ length: 200 }, (_, n) => `query ${n}`)
    const search = (query: string) => ({ query, at: 'c', hits: [], padding: 'x'.repeat(2000) })
    const { host } = hostDouble({ stdin: lines.join('\n'), answers: { search } })
    await main(['search', '--batch'], { ...host, stdout: slow })
    expect(
      Buffer.concat(read)
        .toString()
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line).query),
    ).toEqual(lines)
  })
})

describe('standard error', () => {
  it('stops nothing if it is closed', async () => {
    const answers = {
      add: () => ({ ...ADDED, failed: [{ path: '/x', error: { code: 'empty', message: '/x is empty.' } }] }),
    }
    const { host, result } = hostDouble({ answers })
    await main(['add', 'x'], { ...host, stderr: failing('EPIPE') })
    expect(result()).toMatchObject({ exitCode: 3, stdout: expect.stringContaining('1 failed') })
  })
})

describe('a command that deletes', () => {
  const terminals: ('stdin' | 'stderr')[] = ['stdin', 'stderr']

  it('asks on a terminal, after saying what it would do', async () => {
    const run = await kbgit(['remove', 'pap'], { stdin: 'y\n', terminals })
    expect(run.stderr).toBe('Remove paper? It deletes 1 file and changes 1 page. [y/N] ')
    expect(run.exitCode).toBe(0)
    expect(run.calls.filter(({ method }) => method === 'remove').map(({ args }) => args)).toEqual([
      ['pap', expect.objectContaining({ dryRun: true })],
      ['paper', expect.not.objectContaining({ dryRun: true })],
    ])
  })

  it.each(['n\n', '\n', 'yellow\n', ''])('does nothing if the answer is %j', async (stdin) => {
    const run = await kbgit(['recompile', '--all'], { stdin, terminals })
    expect(run.exitCode).toBe(130)
    expect(run.stderr).toContain('Nothing was recompiled.')
    expect(run.calls.filter(({ method }) => method === 'recompile')).toHaveLength(1)
  })

  it.each([
    ['remove', 'paper'],
    ['recompile', 'paper'],
  ])('%s refuses if it cannot ask', async (...argv) => {
    const run = await kbgit(argv, { stdin: 'y\n' })
    expect(run.exitCode).toBe(2)
    expect(run.stderr).toContain('There is no terminal to ask on.\n  Pass -y')
  })

  it('treats a signal while it asks as a no', async () => {
    const { host, result, signal } = hostDouble({ terminals })
    const write = host.stderr.write.bind(host.stderr)
    host.stderr.write = ((chunk: string) => {
      const written = write(chunk)
      if (chunk.includes('[y/N]')) setImmediate(() => signal('SIGINT'))
      return written
    }) as typeof host.stderr.write
    await main(['remove', 'paper'], host)
    expect(result()).toMatchObject({ exitCode: 130, stderr: expect.stringContaining('Nothing was removed.') })
  })
})

describe('recover --hook', () => {
  it('never fails a git command', async () => {
    const answers = { recover: () => Promise.reject(new KbError('locked', 'Another kbgit works here.')) }
    expect(await kbgit(['recover', '--hook'], { answers })).toMatchObject({ exitCode: 0, stdout: '', stderr: '' })
    expect(await kbgit(['recover'], { answers })).toMatchObject({ exitCode: 11 })
  })
})
