// Who is at a queue: each writer and each worker leaves a note in Redis that expires unless it is renewed.
import type { Redis } from 'ioredis'
import { fields, fits, integer, oneOf, shapeOf, text } from '../../core/shape.ts'
import { EXCHANGES, type ExchangeKind } from './exchange.ts'

export type Role = 'writer' | 'worker'

export type Presence = {
  /** kbgit's version. */
  version: string
  exchange: ExchangeKind
  host: string
  pid: number
}

const PRESENCE = shapeOf<Presence>()(
  fields(
    {
      version: text('a version', 100),
      exchange: oneOf(...EXCHANGES),
      host: text('a host name', 300),
      pid: integer(0),
    },
    {},
  ),
)

/** A process that died or hangs is gone after this time. */
const EXPIRY_S = 30
const RENEW_MS = 5_000
const SEEN_MAX = 1_000

/** Keeps a note in Redis until it is disposed of. */
export class PresenceNote implements AsyncDisposable {
  readonly #client: Redis
  readonly #key: string
  readonly #timer: NodeJS.Timeout

  private constructor(client: Redis, key: string, value: string) {
    this.#client = client
    this.#key = key
    this.#timer = setInterval(() => {
      // What Redis misses while it is away is written when it is back.
      if (client.status === 'ready') client.set(key, value, 'EX', EXPIRY_S).catch(() => {})
    }, RENEW_MS)
  }

  static async write(client: Redis, role: Role, id: string, presence: Presence): Promise<PresenceNote> {
    const [key, value] = [`${prefixOf(role)}${id}`, JSON.stringify(presence)]
    await client.set(key, value, 'EX', EXPIRY_S)
    return new PresenceNote(client, key, value)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    if (this.#client.status === 'ready') await this.#client.del(this.#key).catch(() => {})
  }
}

/** Those of a role that are there now, of any version. */
export async function present(client: Redis, role: Role): Promise<Presence[]> {
  const keys = new Set<string>()
  let cursor = '0'
  do {
    const [next, found] = await client.scan(cursor, 'MATCH', `${prefixOf(role)}*`, 'COUNT', 1_000)
    for (const key of found) keys.add(key)
    cursor = next
  } while (cursor !== '0' && keys.size < SEEN_MAX)
  if (keys.size === 0) return []
  const values = await client.mget([...keys])
  return values.flatMap((value) => presenceOf(value) ?? [])
}

function presenceOf(value: string | null): Presence | undefined {
  try {
    const read: unknown = JSON.parse(value ?? '')
    return fits(PRESENCE, read) ? read : undefined
  } catch {
    return undefined
  }
}

function prefixOf(role: Role): string {
  return `kbgit:${role}:`
}

export async function isPresent(client: Redis, role: Role, id: string): Promise<boolean> {
  return (await client.exists(`${prefixOf(role)}${id}`)) === 1
}
