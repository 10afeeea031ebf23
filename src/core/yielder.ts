// Long work on the main thread in small steps.

/** Milliseconds of work between two yields: git processes what its pipe holds in about twice that. */
const SLICE_MS = 4

/** Lets I/O run now and then: a git that is fed through a pipe starves while the event loop is blocked. */
export class Yielder {
  #since = performance.now()

  async yieldToEventLoop(): Promise<void> {
    if (performance.now() - this.#since < SLICE_MS) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#since = performance.now()
  }
}
