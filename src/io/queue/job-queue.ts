// Jobs on a queue that any number of processes work on. The only module that imports BullMQ.
//
// A worker holds a job by a lock that it renews; when it dies or hangs, the lock expires and another worker takes the
// job, once. The writer keeps what it asked for and asks again for what Redis lost.
import { Job, Queue, QueueEvents, Worker } from 'bullmq'
import { unlessAborted, type RedisConnection } from './redis.ts'

/** Of the keys in Redis. */
const PREFIX = 'kbgit'
const LOCK_MS = 15_000
const STALLED_LOOK_MS = 10_000
/** How often the writer looks for jobs whose event it missed. */
const LOOK_MS = 5_000
/** What a writer that was killed leaves is dropped when it is this many seconds old. */
const KEPT_S = 60 * 60
/** How long closing may wait for Redis. */
const CLOSE_MS_MAX = 2_000

/** How a job ended. `lost`: Redis does not know it. */
export type JobOutcome = { kind: 'returned'; value: unknown } | { kind: 'failed'; reason: string } | { kind: 'lost' }

export class JobQueue implements AsyncDisposable {
  readonly #connection: RedisConnection
  readonly #queue: Queue
  readonly #events: QueueEvents
  readonly #waiting = new Map<string, (outcome: JobOutcome) => void>()
  readonly #timer: NodeJS.Timeout

  private constructor(connection: RedisConnection, queue: Queue, events: QueueEvents) {
    this.#connection = connection
    this.#queue = queue
    this.#events = events
    // The connection says what there is to say about Redis.
    queue.on('error', () => {})
    events.on('error', () => {})
    events.on('completed', ({ jobId }) => this.#look(jobId))
    events.on('failed', ({ jobId }) => this.#look(jobId))
    this.#timer = setInterval(() => {
      if (connection.client.status === 'ready') for (const id of this.#waiting.keys()) this.#look(id)
    }, LOOK_MS)
  }

  static async open(connection: RedisConnection, name: string): Promise<JobQueue> {
    const options = { connection: connection.client, prefix: PREFIX, skipVersionCheck: true }
    const queue = new JobQueue(connection, new Queue(name, options), new QueueEvents(name, options))
    await unlessAborted(queue.#events.waitUntilReady(), connection.lost)
    return queue
  }

  /**
   * Puts a job on the queue and waits until it has ended; `id` is not used again. Rejects with the reason of `signal`, and
   * with that of the connection if it is lost; the job is taken off the queue then.
   */
  async run(id: string, job: object, signal: AbortSignal): Promise<JobOutcome> {
    try {
      const outcome = new Promise<JobOutcome>((resolve) => this.#waiting.set(id, resolve))
      const asked = this.#queue.add('document', job, {
        jobId: id,
        attempts: 1,
        removeOnComplete: { age: KEPT_S },
        removeOnFail: { age: KEPT_S },
      })
      await unlessAborted(asked, signal)
      return await unlessAborted(outcome, signal)
    } finally {
      this.#waiting.delete(id)
      // One that a worker has in hand is removed when it has ended: nobody asks for it any more.
      if (this.#connection.client.status === 'ready') this.#queue.remove(id).catch(() => {})
    }
  }

  /** Whether a worker has the job in hand. */
  async isActive(id: string): Promise<boolean> {
    return (await Job.fromId(this.#queue, id).then((job) => job?.getState())) === 'active'
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    const closed = Promise.all([this.#events.close(), this.#queue.close()]).catch(() => {})
    let timer: NodeJS.Timeout | undefined
    await Promise.race([closed, new Promise((resolve) => (timer = setTimeout(resolve, CLOSE_MS_MAX)))])
    clearTimeout(timer)
  }

  #look(id: string): void {
    // What fails is seen by the next look.
    if (this.#waiting.has(id)) this.#settle(id).catch(() => {})
  }

  async #settle(id: string): Promise<void> {
    const job = await Job.fromId(this.#queue, id)
    const settle = this.#waiting.get(id)
    if (settle === undefined) return
    if (job === undefined) return settle({ kind: 'lost' })
    if (job.finishedOn === undefined) return
    settle(
      job.failedReason ? { kind: 'failed', reason: job.failedReason } : { kind: 'returned', value: job.returnvalue },
    )
  }
}

/** Takes jobs until it is disposed of, which waits for those in hand. */
export class JobTaker implements AsyncDisposable {
  readonly #worker: Worker

  /** What `work` throws fails the job with its message. */
  constructor(
    connection: RedisConnection,
    name: string,
    { jobs, work }: { jobs: number; work: (id: string, job: unknown) => Promise<object> },
  ) {
    this.#worker = new Worker(name, (job: Job) => work(job.id ?? '', job.data), {
      connection: connection.client,
      prefix: PREFIX,
      skipVersionCheck: true,
      concurrency: jobs,
      lockDuration: LOCK_MS,
      stalledInterval: STALLED_LOOK_MS,
      maxStalledCount: 1,
    })
    this.#worker.on('error', () => {})
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker.close()
  }
}
