// The gate for every call to a model: limits concurrency, pauses all calls when needed, retries failures.
import type PQueue from 'p-queue'
import { DocumentError, KbError } from '../../core/errors.ts'
import { classifyFault, type ModelFault } from './faults.ts'
import { FormNotSupported, PicturesNotSupported, PromptTooLong, REJECTED, SamplingNotSupported } from './refused.ts'

/** The clock, passed in so that tests need not wait. `sleep` rejects with the signal's reason when it aborts. */
export type ModelClock = { now: () => number; sleep: (ms: number, signal: AbortSignal) => Promise<void> }

/** Why nothing seems to happen: all calls are paused, or one is retried later. */
export type ModelWait = { kind: 'pause' | 'retry'; waitMs: number; reason: string }

export type GateOptions = {
  /** Maximum number of concurrent calls. */
  concurrency: number
  /** Maximum number of retries of a call after temporary failures. */
  retries: number
  /** Time limit for one call. */
  timeoutMs: number
  clock: ModelClock
  /** Ends every wait. */
  signal: AbortSignal
  onWait?: ((wait: ModelWait) => void) | undefined
}

export type GateCall = {
  /** What the call is for, used in messages. */
  label: string
  signal: AbortSignal
  /** Called each time the call is retried. */
  onAgain?: () => void
}

const RETRY_WAIT_MS = 1_000
const RETRY_WAIT_MAX_MS = 30_000
const PAUSE_MS = 1_000
const PAUSE_MAX_MS = 60_000
/** A provider that answers only "later" for this long has no quota left for us. */
const PAUSED_TOTAL_MAX_MS = 60 * 60_000

const LATER = 'Run the same command again later: paid answers are kept.'

/** A clock whose timers keep the process alive, unlike `AbortSignal.timeout`. */
export const SYSTEM_CLOCK: ModelClock = {
  now: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal.aborted) {
        reject(signal.reason)
        return
      }
      const abort = () => {
        clearTimeout(timer)
        reject(signal.reason)
      }
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', abort)
        resolve()
      }, ms)
      signal.addEventListener('abort', abort, { once: true })
    }),
}

export class ModelGate {
  readonly #queue: PQueue
  readonly #options: GateOptions
  #pausedUntil = 0
  /** When the provider started to answer only "later". */
  #busySince: number | undefined
  #pauses = 0
  #fatal: KbError | undefined

  constructor(queue: PQueue, options: GateOptions) {
    this.#queue = queue
    this.#options = options
  }

  /**
   * Makes the call as soon as there is room. Throws `DocumentError` (`modelUnavailable`) if it fails for good,
   * `KbError` (`modelAuth`, `modelQuota`, `config`) if no call can succeed, and the signal's reason on abort.
   */
  async run<T>(call: (signal: AbortSignal) => PromiseLike<T>, { label, signal, onAgain }: GateCall): Promise<T> {
    const { clock, retries, onWait } = this.#options
    for (let failures = 0, first = true; ; first = false) {
      if (!first) onAgain?.()
      try {
        const answer = await this.#queue.add(() => this.#attempt(call, signal), { signal, priority: first ? 0 : 1 })
        this.#busySince = undefined
        this.#pauses = 0
        return answer
      } catch (error) {
        if (signal.aborted) throw signal.reason
        const fault = error === this.#fatal ? undefined : classifyFault(error, clock.now())
        if (fault === undefined) throw error
        switch (fault.kind) {
          case 'busy':
            this.#pause(fault.waitMs, fault.message)
            break
          case 'transient': {
            failures++
            if (failures > retries)
              throw unavailable(`${label}: the model did not answer in ${failures} attempts. ${fault.message}`)
            const waitMs = Math.min(RETRY_WAIT_MS * 2 ** (failures - 1), RETRY_WAIT_MAX_MS)
            onWait?.({ kind: 'retry', waitMs, reason: fault.message })
            await clock.sleep(waitMs, signal)
            break
          }
          case 'tooLong':
            throw new PromptTooLong(`${label}: the prompt is longer than the model takes. ${fault.message}`)
          case 'noPictures':
            throw new PicturesNotSupported(label, fault.message)
          case 'noSchema':
            throw new FormNotSupported(fault.message)
          case 'noSampling':
            throw new SamplingNotSupported(fault.message)
          case 'refused':
            throw new DocumentError(
              'modelUnavailable',
              `${label}: the model's provider rejected the request. ${fault.message}`,
              REJECTED,
            )
          case 'auth':
          case 'quota':
          case 'unknownModel':
            throw this.#end(runError(fault, error))
        }
      }
    }
  }

  async #attempt<T>(call: (signal: AbortSignal) => PromiseLike<T>, signal: AbortSignal): Promise<T> {
    if (this.#fatal !== undefined) throw this.#fatal
    const deadline = new AbortController()
    const abort = () => deadline.abort(signal.reason)
    const timer = setTimeout(() => {
      deadline.abort(Object.assign(new Error(`no answer in ${this.#options.timeoutMs} ms`), { name: 'TimeoutError' }))
    }, this.#options.timeoutMs)
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await call(deadline.signal)
    } catch (error) {
      throw deadline.signal.aborted && !signal.aborted ? deadline.signal.reason : error
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }

  /**
   * Pauses all new calls. Calls in progress continue; if one of them is asked to wait longer, the pause is extended.
   */
  #pause(askedMs: number | undefined, reason: string): void {
    const { clock, signal, onWait } = this.#options
    const now = clock.now()
    this.#busySince ??= now
    if (now - this.#busySince > PAUSED_TOTAL_MAX_MS || (askedMs ?? 0) > PAUSED_TOTAL_MAX_MS) {
      throw this.#end(
        new KbError('modelQuota', `The model's provider asked for a wait of more than an hour. ${reason}`, {
          hint: LATER,
        }),
      )
    }
    const running = this.#pausedUntil > now
    if (!running) this.#pauses++
    const waitMs = askedMs ?? Math.min(PAUSE_MS * 2 ** (this.#pauses - 1), PAUSE_MAX_MS)
    if (running && this.#pausedUntil >= now + waitMs) return
    this.#pausedUntil = now + waitMs
    onWait?.({ kind: 'pause', waitMs, reason })
    this.#queue.pause()
    if (!running) void this.#resume(signal)
  }

  async #resume(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options
    try {
      for (let rest = this.#pausedUntil - clock.now(); rest > 0; rest = this.#pausedUntil - clock.now())
        await clock.sleep(rest, signal)
    } catch {
      // The run is over: each queued call is ended by its own signal.
    }
    this.#pausedUntil = 0
    this.#queue.start()
  }

  /** Every later call fails at once: none could succeed, and each would strain the provider's rate limit. */
  #end(error: KbError): KbError {
    this.#fatal = error
    return error
  }
}

function unavailable(message: string): DocumentError {
  return new DocumentError('modelUnavailable', message, LATER)
}

/** Why no call can succeed. */
function runError(
  { kind, message }: ModelFault & { kind: 'auth' | 'quota' | 'unknownModel' },
  cause: unknown,
): KbError {
  switch (kind) {
    case 'auth':
      return new KbError('modelAuth', `The model's provider rejected the key. ${message}`, {
        hint: 'Set the right key in the environment or in the .env file of the base.',
        cause,
      })
    case 'quota':
      return new KbError('modelQuota', `The quota of the model's provider is used up. ${message}`, {
        hint: LATER,
        cause,
      })
    case 'unknownModel':
      return new KbError('config', `The provider does not know this model or address. ${message}`, {
        hint: 'Check "model" and "base_url" in kbgit.yaml.',
        cause,
      })
  }
}
