// `kbgit worker`: prepares documents for writers elsewhere. Needs no base.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { createBuiltinCompiler } from '../../compile/builtin/compiler.ts'
import { DEFAULT_CONFIG } from '../../core/config.ts'
import { KbError } from '../../core/errors.ts'
import type { WorkerOptions } from '../../core/options.ts'
import { workerFile } from '../../core/package-files.ts'
import type { WorkerResult } from '../../core/results.ts'
import { folderExchange, redisExchange } from '../../io/queue/exchange.ts'
import { JobTaker } from '../../io/queue/job-queue.ts'
import { isPresent, present, PresenceNote } from '../../io/queue/presence.ts'
import { RedisConnection } from '../../io/queue/redis.ts'
import { WorkerPool } from '../../io/workers/worker-pool.ts'
import { PreparePool } from '../../prepare/pool.ts'
import { queueName } from '../../prepare/queue/messages.ts'
import { serveJob, type ServeOptions } from '../../prepare/queue/serve.ts'
import { VERSION } from '../../version.ts'
import { requireAddress } from './address.ts'

const PRESENCE_LOOK_MS = 5_000

/**
 * Takes documents until `signal` aborts, however long Redis is away. Throws `KbError`: `usage` without a queue, `config`,
 * `queueUnavailable` if Redis cannot be reached at the start.
 */
export async function work(options: WorkerOptions): Promise<WorkerResult> {
  const started = performance.now()
  const { jobs = DEFAULT_CONFIG.fileProcessingJobs, signal, onEvent } = options
  const result: WorkerResult = { prepared: 0, failed: 0, left: 0, busyMs: 0, elapsedMs: 0 }
  using connection = await RedisConnection.open({ url: addressOf(options), awayMsMax: Number.POSITIVE_INFINITY })
  const { client } = connection
  const exchange =
    options.exchange === undefined
      ? redisExchange(client)
      : folderExchange(await requireFolder(resolve(options.cwd ?? '.', options.exchange)))
  await using folder = await temporaryFolder()
  await using pool = new PreparePool(jobs)
  await using analysts = new WorkerPool(jobs)
  const name = `${hostname()}:${process.pid}`
  const serve: ServeOptions = {
    exchange,
    pool,
    version: VERSION,
    name,
    isWanted: (writer) => isPresent(client, 'writer', writer),
    folder: folder.path,
    analysisModule: workerFile('compile/builtin/worker').href,
    analyse: async ({ entityTypes, fallbackTitle }, made) => {
      await using compiler = createBuiltinCompiler({ entityTypes, pool: analysts })
      return await compiler.compile({ ...made, fallbackTitle }, new AbortController().signal)
    },
    onDone: (outcome, ms) => {
      result[outcome]++
      result.busyMs += Math.round(ms)
      onEvent?.({ kind: 'done', outcome, ms })
    },
  }
  const presence = { version: VERSION, exchange: exchange.kind, host: hostname(), pid: process.pid }
  await using _note = await PresenceNote.write(client, 'worker', randomUUID(), presence)
  using _watch = watchWriters(connection, onEvent)
  await using _taker = new JobTaker(connection, queueName(VERSION, exchange.kind), {
    jobs,
    work: (id, job) => serveJob(id, job, serve),
  })
  options.logger?.debug({ queue: connection.shown, jobs }, 'waiting for documents')
  onEvent?.({ kind: 'waiting', queue: connection.shown, jobs })
  await aborted(signal)
  result.elapsedMs = Math.round(performance.now() - started)
  return result
}

function addressOf({ queue, env }: WorkerOptions): string {
  const address = queue ?? env['KBGIT_QUEUE']
  if (address !== undefined && address !== '') return requireAddress(address, 'What the worker is given')
  throw new KbError('usage', 'A worker needs to know its queue.', {
    hint: 'For example: kbgit worker --queue redis://localhost:6379, or set KBGIT_QUEUE.',
  })
}

async function requireFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined)
  if (found?.isDirectory() === true) return folder
  throw new KbError('config', `The folder ${folder} does not exist.`, { hint: 'Mount the one that the writers name.' })
}

async function temporaryFolder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'kbgit-worker-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** Says once of each version of a writer that it is another one. */
function watchWriters({ client, shown }: RedisConnection, onEvent: WorkerOptions['onEvent']): Disposable {
  const told = new Set([VERSION])
  const look = async (): Promise<void> => {
    if (client.status !== 'ready') return
    for (const { version, host } of await present(client, 'writer')) {
      if (told.has(version)) continue
      told.add(version)
      const message = `The writer on ${host} at ${shown} is kbgit ${version}; this worker is kbgit ${VERSION} and takes none of its documents.`
      onEvent?.({ kind: 'otherVersion', message })
    }
  }
  const timer = setInterval(() => void look().catch(() => {}), PRESENCE_LOOK_MS)
  void look().catch(() => {})
  return { [Symbol.dispose]: () => clearInterval(timer) }
}

function aborted(signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted === true) resolve()
    signal?.addEventListener('abort', () => resolve(), { once: true })
  })
}
