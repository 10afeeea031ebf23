// Prepares documents in parallel to the writer: in threads, or in processes if the converter is native.
import type { Failure } from '../core/errors.ts'
import { workerFile } from '../core/package-files.ts'
import { WorkerPool, type WorkerOutcome, type WorkerRuntime } from '../io/workers/worker-pool.ts'
import { FORMAT_TABLE, formatOfExtension } from './convert/formats.ts'
import type { Preparer, PrepareReply, PrepareTask } from './protocol.ts'
import type { WorkerReply, WorkerTask } from './worker.ts'

const WORKER = workerFile('prepare/worker')

export class PreparePool implements Preparer {
  readonly documentsMax: number
  readonly #pool: WorkerPool

  /** At most `jobs` documents are prepared in parallel. No worker starts before its first document. */
  constructor(jobs: number) {
    this.documentsMax = jobs
    this.#pool = new WorkerPool(jobs)
  }

  /**
   * Prepares one document into `task.staging`. If a worker dies, hangs or exceeds its memory, only that document fails
   * (`convertCrashed`, `convertTimeout`, `convertMemory`). Rejects only with the signal's reason.
   */
  async prepare(task: PrepareTask, signal?: AbortSignal): Promise<PrepareReply> {
    const promised = formatOfExtension(task.extension)
    const reply = await this.#run(task, promised === undefined ? 'thread' : FORMAT_TABLE[promised].runtime, signal)
    if (!('elsewhere' in reply)) return reply
    const second = await this.#run(task, reply.elsewhere, signal)
    if (!('elsewhere' in second)) return second
    return { ok: false, failure: { code: 'internal', message: `No worker can prepare ${task.label}.` } }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool[Symbol.asyncDispose]()
  }

  async #run(task: PrepareTask, runtime: WorkerRuntime, signal: AbortSignal | undefined): Promise<WorkerReply> {
    const outcome = await this.#pool.run<WorkerTask, WorkerReply>(
      WORKER,
      { ...task, runtime },
      {
        runtime,
        timeoutMs: task.limits.convertTimeoutMs,
        memoryBytes: task.limits.convertMemoryBytes,
        signal,
      },
    )
    return outcome.kind === 'done' ? outcome.reply : { ok: false, failure: failureOf(outcome, task) }
  }
}

function failureOf(outcome: Exclude<WorkerOutcome<never>, { kind: 'done' }>, { label, limits }: PrepareTask): Failure {
  switch (outcome.kind) {
    case 'timeout':
      return {
        code: 'convertTimeout',
        message: `${label} took longer than ${limits.convertTimeoutMs / 1000} s to convert.`,
        hint: 'limits.convert_timeout in kbgit.yaml allows more time.',
      }
    case 'memory':
      return {
        code: 'convertMemory',
        message: `${label} needed more than ${Math.round(limits.convertMemoryBytes / 1024 ** 2)} MiB to convert.`,
        hint: 'limits.convert_memory in kbgit.yaml allows more memory.',
      }
    case 'crashed':
      return {
        code: 'convertCrashed',
        message: `The converter crashed on ${label} (${outcome.message}).`,
        hint: 'Open the file in the program that made it, save it again and add that.',
      }
  }
}
