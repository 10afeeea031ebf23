// Limits the memory of workers.
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Worker } from 'node:worker_threads'

/** The thread or process that tinypool wraps. */
export type NodeWorker = { thread: Worker; process?: undefined } | { process: ChildProcess; thread?: undefined }

const MEMORY_WATCH_MS = 50
/** Threads share the writer's memory: a thread that grew to this size for a document is ended to free it. */
const THREAD_HEAP_BYTES_MAX = 96 * 1024 ** 2
/**
 * Tasks shorter than this many milliseconds do not grow a thread that much, so checking would cost more than it saves.
 */
const GROWTH_MS_MIN = 500

/** Resolves when the worker holds more than `bytes`. V8's heap limits do not count buffers, so both are watched. */
export function memoryExceeded(worker: NodeWorker, bytes: number, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const look = async (): Promise<void> => {
      if ((await memoryOf(worker)) > bytes) resolve()
      else if (!done.aborted) timer = setTimeout(look, MEMORY_WATCH_MS)
    }
    timer = setTimeout(look, MEMORY_WATCH_MS)
    done.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

/**
 * A worker that still holds half of its limit is not reused: the next document must not pay for the last one's memory.
 * `tookMs` is how long its task took.
 */
export async function keepsLittle(worker: NodeWorker, bytes: number, tookMs: number): Promise<boolean> {
  if (worker.thread === undefined) return (await memoryOf(worker)) < bytes / 2
  if (tookMs < GROWTH_MS_MIN) return true
  const heap = await worker.thread.getHeapStatistics().catch(() => undefined)
  return heap !== undefined && heap.total_heap_size + heap.external_memory < THREAD_HEAP_BYTES_MAX
}

/** Bytes. A process's resident set is only known on Linux; elsewhere its heap limit is the bound. */
async function memoryOf({ thread, process: child }: NodeWorker): Promise<number> {
  try {
    if (thread !== undefined) {
      const heap = await thread.getHeapStatistics()
      return heap.used_heap_size + heap.external_memory
    }
    const status = await readFile(`/proc/${child.pid}/status`, 'latin1')
    return Number(/^VmRSS:\s*(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024
  } catch {
    return 0
  }
}
