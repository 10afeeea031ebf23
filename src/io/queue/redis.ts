// The connection to Redis: where it is, how long it may be away, and what is said about it. The only module that
// imports ioredis.
import { setTimeout as wait } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { KbError } from '../../core/errors.ts'

export type RedisOptions = {
  /** `redis://` or, with TLS, `rediss://`, with user name and password if Redis asks for them. */
  url: string
  /** How long Redis may be away, in milliseconds, before `lost` aborts. A worker waits for ever. */
  awayMsMax: number
}

/** How long the first connection may take. */
const CONNECT_MS_MAX = 10_000
const RETRY_MS_MAX = 2_000

/** The address without user name, password and whatever else it carries: the only form that is shown. */
export function shownAddress(url: string): string {
  if (!URL.canParse(url)) return 'the queue'
  const { protocol, hostname, port } = new URL(url)
  return `${protocol}//${hostname}:${port === '' ? '6379' : port}`
}

export class RedisConnection implements Disposable {
  readonly client: Redis
  readonly shown: string
  readonly #lost = new AbortController()
  readonly #awayMsMax: number
  #timer: NodeJS.Timeout | undefined

  private constructor(client: Redis, { url, awayMsMax }: RedisOptions) {
    this.client = client
    this.shown = shownAddress(url)
    this.#awayMsMax = awayMsMax
    client.on('close', () => this.#away())
    client.on('ready', () => this.#back())
  }

  /** Throws `KbError`: `queueUnavailable` if Redis does not answer, `config` if it refuses the user. */
  static async open(options: RedisOptions): Promise<RedisConnection> {
    const shown = shownAddress(options.url)
    let last = 'it did not answer'
    const client = new Redis(options.url, {
      lazyConnect: true,
      // Commands wait until Redis is back: the watch over `lost` decides when that is too late.
      maxRetriesPerRequest: null,
      connectTimeout: CONNECT_MS_MAX,
      retryStrategy: (times) => Math.min(100 * 2 ** times, RETRY_MS_MAX),
    })
    client.on('error', (error: Error) => (last = error.message))
    const late = new AbortController()
    const opened = await Promise.race([
      client.connect().then(
        () => true,
        () => false,
      ),
      wait(CONNECT_MS_MAX, false, { signal: late.signal }).catch(() => false),
    ])
    late.abort()
    if (opened) return new RedisConnection(client, options)
    client.disconnect()
    throw refusal(shown, last)
  }

  /** Aborts with a `KbError` (`queueUnavailable`) when Redis has been away for too long. */
  get lost(): AbortSignal {
    return this.#lost.signal
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
    this.client.removeAllListeners('close')
    this.client.disconnect()
  }

  #away(): void {
    if (!Number.isFinite(this.#awayMsMax)) return
    this.#timer ??= setTimeout(() => {
      this.#lost.abort(
        new KbError(
          'queueUnavailable',
          `Redis at ${this.shown} has been away for ${Math.round(this.#awayMsMax / 1000)} s.`,
          { hint: 'Committed documents are kept. Run the same command again when Redis is back.' },
        ),
      )
    }, this.#awayMsMax)
  }

  #back(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

function refusal(shown: string, reason: string): KbError {
  if (/^(?:NOAUTH|WRONGPASS|NOPERM)/.test(reason)) {
    return new KbError('config', `Redis at ${shown} refuses the user or the password.`, {
      hint: 'Name them in the address: redis://user:password@host:6379. KBGIT_QUEUE keeps it out of files.',
    })
  }
  return new KbError('queueUnavailable', `Redis at ${shown} cannot be reached (${reason}).`, {
    hint: 'Check that it runs and that the address is right; rediss:// speaks TLS.',
  })
}

/** The value of `work`, unless the signal aborts first: then its reason is thrown. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted()
  const done = new AbortController()
  try {
    return await Promise.race([
      work,
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true, signal: done.signal })
      }),
    ])
  } finally {
    done.abort('done')
    // It may fail later, when nobody listens any more.
    work.catch(() => {})
  }
}
