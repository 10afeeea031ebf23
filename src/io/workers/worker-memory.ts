// How much memory a worker holds.
import type { ChildProcess } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import type { Worker } from 'node:worker_threads'

/** What tinypool wraps. */
export type NodeWorker = { thread: Worker; process?: undefined } | { process: ChildProcess; thread?: undefined }

const MEMORY_WATCH_MS = 50
/** Threads share the writer's memory: one that grew to this much for a document gives it back by ending. */
const THREAD_HEAP_BYTES_MAX = 96 * 1024 ** 2
/** Milliseconds of a task below which no thread grows that much, and looking would cost more than it saves. */
const GROWTH_MS_MIN = 500

/** Resolves when the worker holds more than `bytes`. Heap limits of V8 do not count buffers, so both are watched. */
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
 * A worker that kept half of what it may have is not used again: what a document left there is not the next one's.
 * `tookMs` is how long its task took.
 */
export async function keepsLittle(worker: NodeWorker, bytes: number, tookMs: number): Promise<boolean> {
  if (worker.thread === undefined) return (await memoryOf(worker)) < bytes / 2
  if (tookMs < GROWTH_MS_MIN) return true
  const heap = await worker.thread.getHeapStatistics().catch(() => undefined)
  return heap !== undefined && heap.total_heap_size + heap.external_memory < THREAD_HEAP_BYTES_MAX
}

/** Bytes. A process's resident set is known on Linux alone; elsewhere its heap limit is the bound. */
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
