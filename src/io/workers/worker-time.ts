// Measures how long a worker has computed: CPU time counts, because a busy machine is not the document's fault.
import { readFile } from 'node:fs/promises'
import type { NodeWorker } from './worker-memory.ts'

/** How many times the limit may pass on the wall clock: a worker that waits forever computes nothing. */
export const WALL_FACTOR = 20
const LOOK_MS_MIN = 50
const LOOK_MS_MAX = 1_000
/** Milliseconds per tick in `/proc/<pid>/stat`: Linux reports a hundred ticks per second to programs. */
const TICK_MS = 10

/** Settles when the worker has used more than `ms` of CPU time from now on. */
export function computedFor(worker: NodeWorker, ms: number, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const start = computedMs(worker)
    const look = async (): Promise<void> => {
      const left = ms - ((await computedMs(worker)) - (await start))
      if (left <= 0) resolve()
      // One thread computes no faster than the clock; a process may have several.
      else if (!done.aborted) timer = setTimeout(look, Math.max(LOOK_MS_MIN, Math.min(left, LOOK_MS_MAX)))
    }
    timer = setTimeout(look, Math.max(LOOK_MS_MIN, Math.min(ms, LOOK_MS_MAX)))
    done.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

/** CPU time in milliseconds. A process's CPU time is only known on Linux; elsewhere wall-clock time is the bound. */
async function computedMs({ thread, process: child }: NodeWorker): Promise<number> {
  try {
    if (thread !== undefined) {
      const { user, system } = await thread.cpuUsage()
      return (user + system) / 1_000
    }
    const stat = await readFile(`/proc/${child.pid}/stat`, 'latin1')
    // The program's name, in parentheses, may contain spaces. After it come the state and, as 12th and 13th fields, the
    // ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return 0
  }
}
