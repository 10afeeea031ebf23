// Long work on the main thread in small bites.

/** Milliseconds of work between two looks at what came in meanwhile: git digests what its pipe holds in about twice that. */
const SLICE_MS = 4

/** Lets I/O in now and then: a git that is fed through a pipe starves while its feeder works. */
export class Yielder {
  #since = performance.now()

  async yieldToEventLoop(): Promise<void> {
    if (performance.now() - this.#since < SLICE_MS) return
    await new Promise((resolve) => setImmediate(resolve))
    this.#since = performance.now()
  }
}
