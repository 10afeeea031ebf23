// Conversations with the base, kept in the sidecar: one file each, `<sidecar>/chats/<id>.json`.
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError, systemCode } from '../core/errors.ts'
import { sanitizeLine } from '../core/page/sanitize-markdown.ts'
import type { Citation, QueryResult } from '../core/results.ts'
import { fields, fits, integer, list, oneOf, text, type Shape } from '../core/shape.ts'
import { readKeptJson, writeKeptJson } from '../io/sidecar/kept-json.ts'
import { query, type QueryRequest } from './query.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'

export type ChatTurn = { role: 'user' | 'assistant'; text: string; citations?: Citation[] }

export type StoredChat = {
  version: 1
  id: string
  /** The first question, one line. */
  title: string
  /** ISO 8601. */
  createdAt: string
  updatedAt: string
  turns: ChatTurn[]
}

export type ChatListing = Omit<StoredChat, 'turns' | 'version'> & { turns: number }

/** External dependencies of sessions: the time, and unused names. */
export type ChatOptions = { now: () => Date; newId: () => string }

const TITLE_CHARACTERS_MAX = 80
/** Turns that a session keeps; the oldest are dropped first. */
const TURNS_MAX = 1_000

export class Chats {
  readonly #folder: string
  readonly #options: ChatOptions

  constructor(sidecarDir: string, options: ChatOptions) {
    this.#folder = sidecarPath({ sidecarDir }, 'chats')
    this.#options = options
  }

  /** A new session. It is stored from its first turn on. */
  start(): StoredChat {
    const now = this.#options.now().toISOString()
    return { version: 1, id: this.#options.newId(), title: '', createdAt: now, updatedAt: now, turns: [] }
  }

  /** The session with this id, or the newest one without an id. Throws `KbError` (`notFound`) if there is none. */
  async resume(id?: string): Promise<StoredChat> {
    const wanted = id ?? (await this.list())[0]?.id
    const session = wanted === undefined ? undefined : parseSession(await readKeptJson(this.#path(wanted)), wanted)
    if (session === undefined) {
      const message = id === undefined ? 'There is no chat to resume.' : `There is no chat "${id}".`
      throw new KbError('notFound', message, { hint: 'See them with: kbgit chat --list' })
    }
    return session
  }

  /** Newest first. Files that are not sessions are skipped. */
  async list(): Promise<ChatListing[]> {
    const names = await readdir(this.#folder).catch((error: unknown) => {
      if (systemCode(error) === 'ENOENT') return []
      throw error
    })
    const listings: ChatListing[] = []
    for (const name of names.filter((name) => /^[\w-]+\.json$/.test(name))) {
      const session = parseSession(await readKeptJson(join(this.#folder, name)), name.slice(0, -'.json'.length))
      if (session !== undefined) {
        const { id, title, createdAt, updatedAt, turns } = session
        listings.push({ id, title, createdAt, updatedAt, turns: turns.length })
      }
    }
    return listings.toSorted((a, b) =>
      a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : a.id < b.id ? -1 : 1,
    )
  }

  /** Throws `KbError` (`notFound`) if there is none. */
  async delete(id: string): Promise<void> {
    await this.resume(id)
    await rm(this.#path(id))
  }

  /** Appends these turns to the session, saves it and returns the result. */
  async append(session: StoredChat, turns: ChatTurn[]): Promise<StoredChat> {
    const all = [...session.turns, ...turns].slice(-TURNS_MAX)
    const first = all.find(({ role }) => role === 'user')?.text ?? ''
    const title = session.title === '' ? sanitizeLine(first, TITLE_CHARACTERS_MAX) : session.title
    const next = { ...session, title, updatedAt: this.#options.now().toISOString(), turns: all }
    writeKeptJson(this.#path(session.id), next)
    return next
  }

  /** Asks with the conversation so far, and saves question and answer together: never one without the other. */
  async ask(
    session: StoredChat,
    options: Omit<QueryRequest, 'history'>,
  ): Promise<{ session: StoredChat; result: QueryResult }> {
    const result = await query({ ...options, history: session.turns })
    const turns: ChatTurn[] = [
      { role: 'user', text: options.question },
      {
        role: 'assistant',
        text: result.answer,
        ...(result.citations.length === 0 ? {} : { citations: result.citations }),
      },
    ]
    return { session: await this.append(session, turns), result }
  }

  #path(id: string): string {
    if (!/^[\w-]{1,64}$/.test(id))
      throw new KbError('notFound', `There is no chat "${id}".`, { hint: 'See them with: kbgit chat --list' })
    return join(this.#folder, `${id}.json`)
  }
}

const line = text('a text', 1024 * 1024)
const TURN: Shape<ChatTurn> = fields(
  { role: oneOf('user', 'assistant'), text: text('a text', 16 * 1024 * 1024) },
  {
    citations: list<Citation>(fields({ page: line, document: line, quote: line }, { pageNumber: integer(0) }), 10_000),
  },
)
const SESSION: Shape<Omit<StoredChat, 'title' | 'createdAt'> & Partial<StoredChat>> = fields(
  { version: oneOf(1), id: text('an id', 64, /^[\w-]+$/), updatedAt: line, turns: list(TURN, TURNS_MAX) },
  { title: line, createdAt: line },
)

/** Undefined if it is not the session with that id: it is written again under its own. */
function parseSession(value: unknown, id: string): StoredChat | undefined {
  if (!fits(SESSION, value) || value.id !== id) return undefined
  const { updatedAt, title = '', createdAt = updatedAt, turns } = value
  return { version: 1, id, title, createdAt, updatedAt, turns }
}
