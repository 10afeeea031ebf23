// Complete files that wait for a round.

/**
 * Milliseconds without another file before a round begins, so that files that arrive together are added together; and
 * the maximum wait.
 */
const GATHER_MS = 400
const GATHER_MS_MAX = 5_000

export class ReadyFiles implements Disposable {
  readonly #signal: AbortSignal
  readonly #later = new Set<NodeJS.Timeout>()
  #paths = new Set<string>()
  #wake: () => void = () => {}

  constructor(signal: AbortSignal) {
    this.#signal = signal
    signal.addEventListener('abort', this.wake)
  }

  put(path: string): void {
    this.#paths.add(path)
    this.#wake()
  }

  putLater(paths: string[], ms: number): void {
    const timer = setTimeout(() => {
      this.#later.delete(timer)
      for (const path of paths) this.put(path)
    }, ms)
    this.#later.add(timer)
  }

  drop(path: string): void {
    this.#paths.delete(path)
  }

  wake = (): void => this.#wake()

  /** Waits for files, and briefly for those that arrive with them. Empty if woken for another reason. */
  async take(): Promise<string[]> {
    if (this.#paths.size === 0) await this.#next()
    const until = performance.now() + GATHER_MS_MAX
    for (let count = 0; this.#paths.size > count && performance.now() < until;) {
      count = this.#paths.size
      await pause(GATHER_MS, this.#signal)
    }
    const paths = [...this.#paths].sort()
    this.#paths = new Set()
    return paths
  }

  async #next(): Promise<void> {
    if (this.#signal.aborted) return
    await new Promise<void>((resolveNext) => (this.#wake = resolveNext))
    this.#wake = () => {}
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.wake)
    for (const timer of this.#later) clearTimeout(timer)
  }
}

/** Also resolves when the signal aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve()
  return new Promise((resolveEnd) => {
    const end = (): void => {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolveEnd()
    }
    const timer = setTimeout(end, ms)
    signal.addEventListener('abort', end)
  })
}
