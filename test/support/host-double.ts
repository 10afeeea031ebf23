// A process for the command line to run in: streams that record output, a fixed clock, manual signals.
import { PassThrough, Readable, Writable } from 'node:stream'
import type { Host, TextSink, Ticker } from '../../src/cli/host.ts'
import type { StopSignal } from '../../src/cli/stop-signals.ts'
import { main } from '../../src/cli/main.ts'
import { libraryDouble, type Answers, type Call } from './kb-double.ts'

export type Run = { exitCode: number; stdout: string; stderr: string; calls: Call[]; died: StopSignal[] }
export type HostOptions = {
  answers?: Answers
  env?: Record<string, string>
  stdin?: string
  /** Which streams are terminals. */
  terminals?: ('stdin' | 'stdout' | 'stderr')[]
  ticker?: Ticker
}

/** Records text; `columns` makes it a terminal. */
export class Kept extends Writable {
  text = ''
  isTTY?: boolean
  columns?: number
  rows?: number

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.text += chunk.toString('latin1')
    done()
  }

  get utf8(): string {
    return Buffer.from(this.text, 'latin1').toString('utf8')
  }
}

export function kept(terminal?: { columns: number; rows?: number }): Kept {
  const sink = new Kept()
  return terminal === undefined ? sink : Object.assign(sink, { isTTY: true, rows: 24 }, terminal)
}

/** Time that advances only when the test says so. */
export class FakeTicker implements Ticker {
  #now = 0
  readonly #timers = new Set<{ every: number; due: number; work: () => void }>()

  now = (): number => this.#now

  every = (ms: number, work: () => void): (() => void) => {
    const timer = { every: ms, due: this.#now + ms, work }
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  get timers(): number {
    return this.#timers.size
  }

  advance(ms: number): void {
    const end = this.#now + ms
    for (;;) {
      const next = [...this.#timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due)[0]
      if (next === undefined) break
      this.#now = next.due
      next.due += next.every
      next.work()
    }
    this.#now = end
  }
}

export function hostDouble(options: HostOptions = {}): {
  host: Host
  result: () => Run
  signal: (signal: StopSignal) => void
} {
  const { library, calls } = libraryDouble(options.answers)
  const terminals = options.terminals ?? []
  const terminal = { columns: 80 }
  const stdout = kept(terminals.includes('stdout') ? terminal : undefined)
  const stderr = kept(terminals.includes('stderr') ? terminal : undefined)
  const stdin = options.stdin === undefined ? new PassThrough() : Readable.from([Buffer.from(options.stdin)])
  const listeners = new Set<(signal: StopSignal) => void>()
  const died: StopSignal[] = []
  let exitCode = 0
  const host: Host = {
    env: options.env ?? {},
    cwd: '/here',
    stdin: Object.assign(stdin, { isTTY: terminals.includes('stdin') }),
    stdout: stdout as TextSink,
    stderr: stderr as TextSink,
    ticker: options.ticker ?? new FakeTicker(),
    library: async () => library,
    setExitCode: (code) => {
      exitCode = code
    },
    onStopSignal: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    die: (signal) => {
      died.push(signal)
    },
  }
  return {
    host,
    result: () => ({ exitCode, stdout: stdout.utf8, stderr: stderr.utf8, calls, died }),
    signal: (signal) => {
      for (const listener of listeners) listener(signal)
    },
  }
}

/** Runs a command line to its end. */
export async function kbgit(argv: string[], options: HostOptions = {}): Promise<Run> {
  const { host, result } = hostDouble(options)
  await main(argv, host)
  return result()
}
