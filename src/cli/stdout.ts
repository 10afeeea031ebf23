// Standard output that may be slow, closed or full, and must never be cut off or bring the process down.
import { systemCode } from '../core/errors.ts'
import type { TextSink } from './host.ts'

export class Stdout {
  readonly #sink: TextSink
  #broken: Error | undefined

  /** `onBroken` is called once, when nobody reads any more. Listens to the stream's errors as long as the process lives. */
  constructor(sink: TextSink, onBroken: () => void) {
    this.#sink = sink
    sink.on('error', (error: Error) => {
      this.#broken ??= error
      onBroken()
    })
  }

  /** The reader went away, as `head` does: no fault of ours, and nothing to tell. */
  get closedByReader(): boolean {
    return this.#broken !== undefined && systemCode(this.#broken) === 'EPIPE'
  }

  /** Why what was printed did not arrive, where that is a fault (a full disk). */
  get fault(): Error | undefined {
    return this.closedByReader ? undefined : this.#broken
  }

  /** Resolves when there is room for more. What is written after the reader went away is dropped. */
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

  /** Resolves when all that was written has left the process, or never will. */
  async flush(): Promise<void> {
    if (this.#broken !== undefined) return
    await new Promise<void>((resolve) => {
      this.#sink.write('', () => resolve())
    })
  }
}
