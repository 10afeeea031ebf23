// The exclusive lock: every change of a base begins here.
import { acquire, letOthersFirst } from '../io/sidecar/lock.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import { recover } from './recover.ts'
import { Session } from './session.ts'
import type { WriterTools } from './writer-tools.ts'

export class Writer {
  readonly #tools: WriterTools
  #transactions = 0
  #entered = false

  constructor(tools: WriterTools) {
    this.#tools = tools
  }

  /**
   * Takes the exclusive lock, recovers dead runs, checks that the repository can be written to, and runs the work.
   * Other processes may have written since the last time: nothing is assumed from earlier.
   */
  async locked<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { base, command, signal, times } = this.#tools
    const options = { waitMs: base.config.lockWaitMs, command, signal }
    const path = sidecarPath(base, 'lock')
    if (this.#entered) await letOthersFirst(path)
    using lock = await acquire(path, 'exclusive', options)
    times.add('lock_wait', lock.waitedMs)
    // Staging leftovers are looked for once per run; the journal is checked every time.
    const recovered = await times.time('recover', () => recover(this.#tools, { leftovers: !this.#entered }))
    this.#entered = true
    // Awaited here: returning the promise alone would release the lock at once.
    return await work(new Session(this.#tools, recovered, () => `${this.#tools.run}-${++this.#transactions}`))
  }
}
