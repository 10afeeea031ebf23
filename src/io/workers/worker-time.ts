// How long a worker has computed. A busy machine is not a document's fault: what counts is the time of the processor.
import { readFile } from 'node:fs/promises'
import type { NodeWorker } from './worker-memory.ts'

/** Times the limit that may pass on the clock: a worker that waits for ever computes nothing. */
export const WALL_FACTOR = 20
const LOOK_MS_MIN = 50
const LOOK_MS_MAX = 1_000
/** Milliseconds of a tick in `/proc/<pid>/stat`: Linux tells programs of a hundred a second. */
const TICK_MS = 10

/** Settles when the worker has computed for more than `ms` from now on. */
export function computedFor(worker: NodeWorker, ms: number, done: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const start = computedMs(worker)
    const look = async (): Promise<void> => {
      const left = ms - ((await computedMs(worker)) - (await start))
      if (left <= 0) resolve()
      // One thread computes no faster than the clock goes; a process may have several.
      else if (!done.aborted) timer = setTimeout(look, Math.max(LOOK_MS_MIN, Math.min(left, LOOK_MS_MAX)))
    }
    timer = setTimeout(look, Math.max(LOOK_MS_MIN, Math.min(ms, LOOK_MS_MAX)))
    done.addEventListener('abort', () => clearTimeout(timer), { once: true })
  })
}

/** Milliseconds of the processor. Of a process they are known on Linux alone; elsewhere the clock is the bound. */
async function computedMs({ thread, process: child }: NodeWorker): Promise<number> {
  try {
    if (thread !== undefined) {
      const { user, system } = await thread.cpuUsage()
      return (user + system) / 1_000
    }
    const stat = await readFile(`/proc/${child.pid}/stat`, 'latin1')
    // The program's name, in parentheses, may have spaces. After it come the state and, as 12th and 13th, the ticks.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS
  } catch {
    return 0
  }
}
