// What the command line gets from its process. Only `processHost` reads the environment and the terminal.
import type { Readable, Writable } from 'node:stream'
import { KbError } from '../core/errors.ts'
import type { Library } from '../index.ts'
import { keepCode } from './code-cache.ts'
import { countedOnce, listenToLauncher, takeLauncherFd, type StopSignal } from './stop-signals.ts'

/** Time for progress and logs: milliseconds of a monotonic clock. */
export type Ticker = {
  now: () => number
  /** Calls `work` every `ms` until the returned function is called. Does not keep the process alive. */
  every: (ms: number, work: () => void) => () => void
}

export type TextSink = Writable & { isTTY?: boolean; columns?: number; rows?: number }
type TextSource = Readable & { isTTY?: boolean }

export type Host = {
  env: Readonly<Record<string, string | undefined>>
  /** Throws `KbError` (`usage`) if the current folder has been removed. */
  readonly cwd: string
  stdin: TextSource
  stdout: TextSink
  stderr: TextSink
  ticker: Ticker
  library: () => Promise<Library>
  /** Makes whatever is loaded from now on load faster the next time. */
  keepCode?: (argv: readonly string[]) => void
  /** Sets the code that the process exits with once nothing is left to do. */
  setExitCode: (code: number) => void
  /** Listens for signals that ask to stop; the returned function stops listening. */
  onStopSignal: (listener: (signal: StopSignal) => void) => () => void
  /** Ends the process at once, as `signal` would. */
  die: (signal: StopSignal) => void
}

const STOP_SIGNALS: StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP']

export function processHost(): Host {
  const launcher = takeLauncherFd(process.env)
  return {
    env: process.env,
    get cwd() {
      return currentFolder()
    },
    // Opened on first access: most commands never do.
    get stdin() {
      return process.stdin
    },
    stdout: process.stdout,
    stderr: process.stderr,
    ticker: {
      now: () => performance.now(),
      every: (ms, work) => {
        const timer = setInterval(work, ms).unref()
        return () => clearInterval(timer)
      },
    },
    library: () => import('../index.ts'),
    keepCode: (argv) => {
      try {
        keepCode(argv, process.env, process.cwd())
      } catch {
        // Without the cache, modules are compiled again; whatever needs the folder reports what is wrong with it.
      }
    },
    setExitCode: (code) => {
      process.exitCode = code
    },
    onStopSignal: (listener) => {
      const { direct, passedOn } = countedOnce(listener)
      for (const signal of STOP_SIGNALS) process.on(signal, direct)
      const leave = launcher === undefined ? undefined : listenToLauncher(launcher, passedOn)
      return () => {
        for (const signal of STOP_SIGNALS) process.off(signal, direct)
        leave?.()
      }
    },
    die: (signal) => {
      for (const each of STOP_SIGNALS) process.removeAllListeners(each)
      process.kill(process.pid, signal)
    },
  }
}

function currentFolder(): string {
  try {
    return process.cwd()
  } catch (cause) {
    throw new KbError('usage', 'The current folder no longer exists.', {
      hint: 'Change to another folder.',
      cause,
    })
  }
}
