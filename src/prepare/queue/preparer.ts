// The writer's side of a queue: sends documents to workers and checks what comes back. Whatever the queue cannot do is
// done here, by the pool of this process, so that the result is the same.
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError, messageOf } from '../../core/errors.ts'
import type { Logger } from '../../core/logger.ts'
import { ExchangeError, type Exchange, type Stored } from '../../io/queue/exchange.ts'
import type { JobQueue } from '../../io/queue/job-queue.ts'
import { unlessAborted } from '../../io/queue/redis.ts'
import type { PrepareReply, Preparer, PrepareTask } from '../protocol.ts'
import { isJobResult, isReplyTo, type Job, type StagedReply } from './messages.ts'
import { copyOriginal } from './copy.ts'

export type QueuePreparerOptions = {
  queue: Pick<JobQueue, 'run' | 'isActive'>
  exchange: Exchange
  /** Whether a worker of this version is there. */
  isStaffed: () => boolean
  /** Not owned. */
  local: Preparer
  version: string
  /** The writer's id in the presence notes. */
  writer: string
  /** Aborts when Redis has been away for too long. */
  lost: AbortSignal
  logger: Logger
}

/** Documents on the queue and with workers at once: what they take in Redis is bounded. */
const DOCUMENTS_MAX = 64
/** Of a job: that a worker fails, or answers with something else, costs one more. */
const ATTEMPTS_MAX = 2
/** Of a job that Redis forgets: each restart costs one. */
const LOST_MAX = 5
const REPLY_BYTES_MAX = 64 * 1024 ** 2
/** How long a document waits when nobody takes it, and how often that is asked. */
const UNSTAFFED_MS_MAX = 60_000
const UNSTAFFED_LOOK_MS = 2_000

/** What a try came to. `again`: with the reason why the next worker may do better. */
type Try = { kind: 'reply'; reply: PrepareReply } | { kind: 'again' | 'lost'; reason: string } | { kind: 'here' }

export class QueuePreparer implements Preparer {
  readonly documentsMax: number
  readonly #options: QueuePreparerOptions
  readonly #unstaffedMsMax: number
  #staffedAt = performance.now()
  #warned = false

  /** `jobs`: documents under way at once. */
  constructor(
    options: QueuePreparerOptions,
    {
      jobs = DOCUMENTS_MAX,
      unstaffedMsMax = UNSTAFFED_MS_MAX,
    }: { jobs?: number | undefined; unstaffedMsMax?: number } = {},
  ) {
    this.#options = options
    this.documentsMax = jobs
    this.#unstaffedMsMax = unstaffedMsMax
  }

  async prepare(task: PrepareTask, signal?: AbortSignal): Promise<PrepareReply> {
    const { local, lost } = this.#options
    const stop = signal === undefined ? lost : AbortSignal.any([signal, lost])
    // What a model saw is inserted here: the document has been converted once already.
    const isHere = task.seen !== undefined || this.#isUnstaffed()
    const original = isHere ? undefined : await copyOriginal(task, this.#options.exchange.bytesMax)
    const reply = original === undefined ? undefined : await this.#byWorkers(task, original, stop)
    if (reply !== undefined) return reply
    stop.throwIfAborted()
    await empty(task.staging)
    return local.prepare(task, signal)
  }

  async [Symbol.asyncDispose](): Promise<void> {}

  /** Undefined if the document is to be prepared here. */
  async #byWorkers(task: PrepareTask, original: Stored, stop: AbortSignal): Promise<PrepareReply | undefined> {
    const { logger } = this.#options
    for (let attempts = 0, losses = 0; attempts < ATTEMPTS_MAX && losses < LOST_MAX;) {
      const tried = await this.#try(task, original, stop)
      if (tried.kind === 'reply') return tried.reply
      await onlyOriginal(task.staging)
      if (tried.kind === 'here') return undefined
      if (tried.kind === 'again') attempts++
      else losses++
      logger.debug({ path: task.label, reason: tried.reason }, 'a worker at the queue failed')
      if (attempts === ATTEMPTS_MAX)
        logger.warn(
          { path: task.label },
          `No worker at the queue prepared ${task.label} (${tried.reason}): it is prepared here.`,
        )
    }
    return undefined
  }

  async #try(task: PrepareTask, original: Stored, stop: AbortSignal): Promise<Try> {
    const { exchange, queue } = this.#options
    const id = randomUUID()
    try {
      await unlessAborted(exchange.put(id, join(task.staging, 'original')), stop)
      const job = this.#jobOf(task, original)
      const outcome = await this.#unlessUnstaffed(id, (given) => queue.run(id, job, given), stop)
      if (outcome === undefined) return { kind: 'here' }
      if (outcome.kind === 'failed') return { kind: 'again', reason: outcome.reason.slice(0, 200) }
      if (outcome.kind === 'lost') return { kind: 'lost', reason: 'Redis does not know the job' }
      return await unlessAborted(this.#take(id, outcome.value, job, task), stop)
    } catch (error) {
      if (stop.aborted) throw stop.reason
      if (error instanceof KbError) throw error
      // Redis is out of memory, the shared folder is gone, or the disk is full: the pool here will say which.
      return { kind: 'again', reason: messageOf(error) }
    } finally {
      if (!this.#options.lost.aborted) exchange.drop(id).catch(() => {})
    }
  }

  #jobOf(task: PrepareTask, original: Stored): Job {
    const { label, extension, sha256, encoding, longPages, limits, url, scansMax, named, compile } = task
    return {
      version: this.#options.version,
      writer: this.#options.writer,
      original,
      task: { label, extension, sha256, encoding, longPages, limits, url, scansMax, named },
      ...(compile === undefined ? {} : { analysis: compile.input as Job['analysis'] }),
    }
  }

  /** The files that an answer names, into the staging folder; each is checked by its digest. */
  async #take(id: string, result: unknown, job: Job, { staging }: PrepareTask): Promise<Try> {
    const { exchange, version } = this.#options
    if (!isJobResult(result) || result.version !== version || result.reply.size > REPLY_BYTES_MAX)
      return { kind: 'again', reason: 'its answer is not one of this version' }
    const file = join(staging, 'reply.json')
    try {
      await exchange.take(id, result.reply, file)
      const staged: unknown = JSON.parse(await readFile(file, 'utf8'))
      await rm(file)
      if (!isReplyTo(staged, job)) return { kind: 'again', reason: 'its answer does not fit the document' }
      if (!staged.reply.ok) return staged.reply.needsFolder === true ? { kind: 'here' } : withoutFiles(staged.reply)
      const files = filesOf(staged)
      if (files.reduce((sum, [, { size }]) => sum + size, 0) > exchange.bytesMax)
        return { kind: 'again', reason: 'its answer is too large' }
      for (const folder of foldersOf(files)) await mkdir(join(staging, folder))
      for (const [name, stored] of files) await exchange.take(id, stored, join(staging, name))
      return { kind: 'reply', reply: staged.reply }
    } catch (error) {
      if (!(error instanceof ExchangeError || error instanceof SyntaxError)) throw error
      return { kind: 'again', reason: messageOf(error) }
    }
  }

  /** Undefined if nobody took the job for too long: it is taken off the queue. */
  async #unlessUnstaffed<T>(
    id: string,
    run: (signal: AbortSignal) => Promise<T>,
    stop: AbortSignal,
  ): Promise<T | undefined> {
    const enough = new AbortController()
    const since = performance.now()
    const look = async (): Promise<void> => {
      this.#isUnstaffed()
      const waited = performance.now() - Math.max(since, this.#staffedAt)
      if (waited > this.#unstaffedMsMax && !(this.#options.isStaffed() && (await this.#options.queue.isActive(id))))
        enough.abort('nobody took it')
    }
    const timer = setInterval(() => void look().catch(() => {}), Math.min(UNSTAFFED_LOOK_MS, this.#unstaffedMsMax))
    try {
      return await run(AbortSignal.any([stop, enough.signal]))
    } catch (error) {
      if (!enough.signal.aborted || stop.aborted) throw error
      return undefined
    } finally {
      clearInterval(timer)
    }
  }

  /** Says so once. */
  #isUnstaffed(): boolean {
    if (this.#options.isStaffed()) {
      this.#staffedAt = performance.now()
      this.#warned = false
      return false
    }
    if (performance.now() - this.#staffedAt <= this.#unstaffedMsMax) return false
    if (!this.#warned)
      this.#options.logger.warn({}, 'No worker of this version is at the queue: documents are prepared here meanwhile.')
    this.#warned = true
    return true
  }
}

function withoutFiles(reply: Extract<PrepareReply, { ok: false }>): Try {
  return { kind: 'reply', reply: { ok: false, failure: reply.failure } }
}

/** By name in the staging folder. */
function filesOf({ reply, text, tree }: StagedReply): [string, Stored][] {
  if (!reply.ok) return []
  const { prepared } = reply
  return [
    ...(text === undefined ? [] : [[prepared.text, text] as [string, Stored]]),
    ...(tree === undefined || prepared.tree === undefined ? [] : [[prepared.tree, tree] as [string, Stored]]),
    ...prepared.images.map((image): [string, Stored] => [join('images', image.file), image]),
    ...[...(prepared.scans ?? []), ...(prepared.attachments ?? [])].map((part): [string, Stored] => [part.file, part]),
  ]
}

function foldersOf(files: [string, Stored][]): Set<string> {
  return new Set(files.flatMap(([name]) => (name.includes('/') ? [name.slice(0, name.indexOf('/'))] : [])))
}

async function onlyOriginal(staging: string): Promise<void> {
  await empty(staging, (name) => name !== 'original')
}

async function empty(staging: string, which: (name: string) => boolean = () => true): Promise<void> {
  for (const name of (await readdir(staging)).filter(which)) await rm(join(staging, name), { recursive: true })
}
