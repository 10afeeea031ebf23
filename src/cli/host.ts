// What the command line gets from the process it runs in. Only `processHost` reads environment and terminal.
import type { Readable, Writable } from 'node:stream'
import { KbError } from '../core/errors.ts'
import type { Library } from '../index.ts'
import { keepCode } from './code-cache.ts'
import { countedOnce, listenToLauncher, takeLauncherFd, type StopSignal } from './stop-signals.ts'

/** Time as progress and logs need it: milliseconds of a monotonic clock. */
export type Ticker = {
  now: () => number
  /** Calls `work` every `ms` until the returned function is called. Does not keep the process alive. */
  every: (ms: number, work: () => void) => () => void
}

export type TextSink = Writable & { isTTY?: boolean; columns?: number; rows?: number }
type TextSource = Readable & { isTTY?: boolean }

export type Host = {
  env: Readonly<Record<string, string | undefined>>
  /** Throws `KbError` (`usage`) where the current folder has been removed. */
  readonly cwd: string
  stdin: TextSource
  stdout: TextSink
  stderr: TextSink
  ticker: Ticker
  library: () => Promise<Library>
  /** Makes what is loaded from here on load faster the next time. */
  keepCode?: (argv: readonly string[]) => void
  /** Sets what the process ends with when nothing is left to do. */
  setExitCode: (code: number) => void
  /** Listens for the signals that ask to stop; the returned function ends that. */
  onStopSignal: (listener: (signal: StopSignal) => void) => () => void
  /** Ends the process at once, as `signal` would have. */
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
    // Opened when it is read: most commands never do.
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
        // Then it is compiled anew; what is wrong with the folder is told by whoever needs it.
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
    throw new KbError('usage', 'The current folder is not there any more.', {
      hint: 'Change to a folder that is.',
      cause,
    })
  }
}
