// Runs tasks so that their crash, hang or memory use cannot hurt the writer: in threads, or in processes for native
// code. The only module that uses tinypool.
//
// One tinypool with one worker per slot, so that a worker's death, clock and memory belong to exactly one task:
// tinypool leaves run() pending forever if a thread exits, and does not say which worker has which task.
import { getCompileCacheDir } from 'node:module'
import { dirname } from 'node:path'
import { Tinypool } from 'tinypool'
import { messageOf, systemCode } from '../../core/errors.ts'
import { computedFor, WALL_FACTOR } from './worker-time.ts'
import { keepsLittle, memoryExceeded, type NodeWorker } from './worker-memory.ts'

export type WorkerRuntime = 'thread' | 'process'

export type WorkerOptions = {
  runtime: WorkerRuntime
  /** CPU time for the task. The wall-clock limit is twenty times as long. */
  timeoutMs: number
  /** Of the worker: JavaScript heap and buffers of a thread; resident set of a process. */
  memoryBytes: number
  signal?: AbortSignal | undefined
}

/** How a task ended. If the worker's function throws, that is a crash: it should return its failures. */
export type WorkerOutcome<Reply> =
  { kind: 'done'; reply: Reply } | { kind: 'timeout' } | { kind: 'memory' } | { kind: 'crashed'; message: string }

type Ended = Exclude<WorkerOutcome<never>, { kind: 'done' }>
type Slot = {
  key: string
  pool: Tinypool
  worker: NodeWorker
  /** How the worker ended, once it has: `memory`, or a clause that describes it. */
  end: string | undefined
  /** Called when the worker ends. A promise would retain its waiters, replies included, for the worker's lifetime. */
  waiting: Set<(end: string) => void>
  busy: boolean
}

const MIB = 1024 ** 2
/** Room for what a thread may allocate between two memory checks. */
const THREAD_HEAP_SPARE_MB = 256
/** How long closing the pool waits for an ended worker; SIGKILL follows SIGTERM after a second. */
const CLOSE_WAIT_MS = 3_000
const STDERR_CHARACTERS_MAX = 8_192
/** The maximum delay of a timer. */
const NEVER_MS = 2 ** 31 - 1

export class WorkerPool {
  readonly #size: number
  readonly #slots = new Set<Slot>()
  readonly #ending = new Set<Promise<unknown>>()
  readonly #waiting: (() => void)[] = []
  #closed = false

  /** At most `size` workers live at once. Workers are started on demand. */
  constructor(size: number) {
    this.#size = size
  }

  /**
   * Runs the default export of `file` (a module, `.ts` or `.js`) on `task`; task and reply are plain data. Rejects with
   * the signal's reason on abort, and if the pool is closed.
   */
  async run<Task, Reply>(file: URL, task: Task, options: WorkerOptions): Promise<WorkerOutcome<Reply>> {
    const { signal } = options
    const key = `${options.runtime} ${options.memoryBytes} ${file.href}`
    const slot = await this.#take(key, () => openSlot(key, file, options), signal)
    let healthy = false
    const started = performance.now()
    const watch = new AbortController()
    try {
      const outcome = await Promise.race<WorkerOutcome<Reply>>([
        slot.pool.run(task).then(
          (reply: Reply) => ({ kind: 'done', reply }),
          async (error: unknown) => {
            // A killed process rejects before its exit is known; the exit says more.
            if (systemCode(error) === 'ERR_WORKER_OUT_OF_MEMORY') return { kind: 'memory' }
            await nextTurn()
            return slot.end === undefined ? { kind: 'crashed', message: thrown(error) } : dead(slot.end)
          },
        ),
        ended(slot, watch.signal).then(dead),
        deadline(options.timeoutMs * WALL_FACTOR, watch.signal),
        computedFor(slot.worker, options.timeoutMs, watch.signal).then((): Ended => ({ kind: 'timeout' })),
        memoryExceeded(slot.worker, options.memoryBytes, watch.signal).then((): Ended => ({ kind: 'memory' })),
        aborted(signal, watch.signal),
      ])
      healthy =
        outcome.kind === 'done' && (await keepsLittle(slot.worker, options.memoryBytes, performance.now() - started))
      return outcome
    } finally {
      // With a reason: creating the default one costs more than a small task.
      watch.abort('done')
      this.#giveBack(slot, healthy)
    }
  }

  /** Ends all workers, including busy ones. Resolves when they are gone, or after three seconds. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    for (const slot of this.#slots) this.#end(slot)
    for (const wake of this.#waiting.splice(0)) wake()
    const close = new AbortController()
    await Promise.race([Promise.all(this.#ending), deadline(CLOSE_WAIT_MS, close.signal)])
    close.abort()
  }

  /**
   * A free slot with this key, first come, first served; else a new one; else one that replaces an idle slot of another
   * key.
   */
  async #take(key: string, open: () => Slot, signal: AbortSignal | undefined): Promise<Slot> {
    for (;;) {
      if (this.#closed) throw new Error('The worker pool is closed.')
      signal?.throwIfAborted()
      const idle = [...this.#slots].filter((slot) => !slot.busy)
      let slot = idle.find((candidate) => candidate.key === key)
      if (slot === undefined && this.#slots.size >= this.#size && idle[0] !== undefined) this.#end(idle[0])
      if (slot === undefined && this.#slots.size < this.#size) {
        slot = open()
        this.#slots.add(slot)
      }
      if (slot !== undefined) {
        slot.busy = true
        return slot
      }
      await this.#turn(signal)
    }
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        signal?.removeEventListener('abort', leave)
        resolve()
      }
      const leave = (): void => {
        const index = this.#waiting.indexOf(wake)
        if (index >= 0) this.#waiting.splice(index, 1)
        wake()
      }
      this.#waiting.push(wake)
      signal?.addEventListener('abort', leave, { once: true })
    })
  }

  #giveBack(slot: Slot, healthy: boolean): void {
    slot.busy = false
    if (!healthy) this.#end(slot)
    this.#waiting.shift()?.()
  }

  #end(slot: Slot): void {
    if (!this.#slots.delete(slot)) return
    // destroy() alone waits forever for a worker that is already gone.
    const gone = Promise.race([slot.pool.destroy(), ended(slot)]).catch(() => {})
    this.#ending.add(gone)
    void gone.then(() => this.#ending.delete(gone))
  }
}

function openSlot(key: string, file: URL, { runtime, memoryBytes }: WorkerOptions): Slot {
  const heapMb = Math.max(16, Math.floor(memoryBytes / MIB))
  // A thread that hits V8's own limit in one large step ends the whole process. Our lower limit ends the thread before
  // that.
  const threadHeapMb = heapMb * 2 + THREAD_HEAP_SPARE_MB
  // Node creates one folder per version in the folder it is given.
  const codeCache = getCompileCacheDir()
  const pool = new Tinypool({
    filename: file.href,
    ...(codeCache === undefined
      ? {}
      : { env: { ...process.env, NODE_COMPILE_CACHE: dirname(codeCache) } as Record<string, string> }),
    runtime: runtime === 'thread' ? 'worker_threads' : 'child_process',
    minThreads: 1,
    maxThreads: 1,
    idleTimeout: NEVER_MS,
    // A worker that waits on an atomic cannot run its own timers and streams between tasks.
    useAtomics: false,
    serialization: 'advanced',
    execArgv: runtime === 'thread' ? [] : [`--max-old-space-size=${heapMb}`],
    ...(runtime === 'thread' ? { resourceLimits: { maxOldGenerationSizeMb: threadHeapMb } } : {}),
  })
  // The current task is rejected as well; without a listener the event would end the process.
  pool.on('error', () => {})
  const worker = pool.threads[0] as unknown as NodeWorker
  const inner = worker.thread ?? worker.process
  completeWorkers(worker)
  const slot: Slot = { key, pool, worker, end: undefined, waiting: new Set(), busy: false }
  let stderr = ''
  inner.once('exit', (code: number | null, signal?: NodeJS.Signals | null) => {
    // V8 prints a message and aborts a process whose heap is full.
    const outOfMemory = stderr.includes('heap out of memory')
    const end = outOfMemory ? 'memory' : signal ? `it was killed by ${signal}` : `it exited with code ${code}`
    slot.end = end
    for (const notify of slot.waiting) notify(end)
    slot.waiting.clear()
  })
  inner.stderr?.on('data', (chunk: Buffer) => {
    stderr = (stderr + chunk.toString('latin1')).slice(-STDERR_CHARACTERS_MAX)
  })
  // Library output must not reach the user's terminal, or a pipe that expects JSON.
  for (const name of ['stdout', 'stderr'] as const) {
    const stream = inner[name]
    stream?.unpipe(process[name])
    stream?.resume()
  }
  return slot
}

/**
 * destroy() waits for the exit with events.once, which removes its listeners if an error comes first, as where no thread can
 * be started. tinypool's workers lack that method: they all get it, also those that the pool puts in place of a dead one.
 */
function completeWorkers(worker: NodeWorker): void {
  const prototype = Object.getPrototypeOf(worker) as { removeListener?: (event: string, listener: () => void) => void }
  prototype.removeListener ??= function (this: NodeWorker, event, listener) {
    const inner = this.thread ?? this.process
    inner.removeListener(event, listener)
  }
}

function ended(slot: Slot, done?: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    if (slot.end !== undefined) return resolve(slot.end)
    slot.waiting.add(resolve)
    done?.addEventListener('abort', () => slot.waiting.delete(resolve), { once: true })
  })
}

function dead(end: string): Ended {
  return end === 'memory' ? { kind: 'memory' } : { kind: 'crashed', message: end }
}

/** Errors arrive from a process as plain values. */
function thrown(error: unknown): string {
  const message = (error as { message?: unknown } | null)?.message
  return typeof message === 'string' ? message : messageOf(error)
}

function deadline(ms: number, done: AbortSignal): Promise<Ended> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve({ kind: 'timeout' }), Math.min(ms, NEVER_MS))
    done.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

function aborted(signal: AbortSignal | undefined, done: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: done })
    if (signal?.aborted === true) reject(signal.reason as Error)
  })
}

function nextTurn(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(() => resolve(undefined)))
}
