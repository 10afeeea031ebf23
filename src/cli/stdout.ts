// Standard output that may be slow, closed or full, and must never be truncated or crash the process.
import { systemCode } from '../core/errors.ts'
import type { TextSink } from './host.ts'

export class Stdout {
  readonly #sink: TextSink
  #broken: Error | undefined

  /** `onBroken` is called once, when the reader is gone. Listens to the stream's errors for the life of the process. */
  constructor(sink: TextSink, onBroken: () => void) {
    this.#sink = sink
    sink.on('error', (error: Error) => {
      this.#broken ??= error
      onBroken()
    })
  }

  /** The reader has gone away, as `head` does: not an error, and nothing to report. */
  get closedByReader(): boolean {
    return this.#broken !== undefined && systemCode(this.#broken) === 'EPIPE'
  }

  /** Why the output did not arrive, if that is an error (a full disk). */
  get fault(): Error | undefined {
    return this.closedByReader ? undefined : this.#broken
  }

  /** Resolves when there is room for more. Output after the reader has gone away is dropped. */
  async write(chunk: string | Uint8Array): Promise<void> {
    if (this.#broken !== undefined || chunk.length === 0 || this.#sink.write(chunk)) return
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of ['drain', 'error', 'close']) this.#sink.off(event, done)
        resolve()
      }
      for (const event of ['drain', 'error', 'close']) this.#sink.on(event, done)
    })
  }

  /** Resolves when all output has left the process, or never will. */
  async flush(): Promise<void> {
    if (this.#broken !== undefined) return
    await new Promise<void>((resolve) => {
      this.#sink.write('', () => resolve())
    })
  }
}
