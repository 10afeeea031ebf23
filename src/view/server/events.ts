// New commits as server-sent events. The newest commit is looked up while someone listens, for all listeners at once.
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { LogCommit } from '../../core/results.ts'
import type { ViewSource } from '../source.ts'
import type { Viewer } from './viewer.ts'

const LOOK_EVERY_MS = 1_000
/** A line without meaning keeps connections open that would be closed when idle. */
const KEEP_ALIVE_MS = 25_000
/** Commits of one event that are named. */
const NAMED_MAX = 20

export type NewCommits = { commit: string; commits: LogCommit[] }
type Listener = (news: NewCommits) => void

const feeds = new WeakMap<ViewSource, Feed>()

export function eventStream(c: Context, { source, signal }: Viewer): Response {
  const feed = feeds.get(source) ?? new Feed(source)
  feeds.set(source, feed)
  return streamSSE(c, async (stream) => {
    const leave = feed.listen((news) => void stream.writeSSE({ event: 'commits', data: JSON.stringify(news) }))
    const ended = new Promise<void>((resolve) => {
      stream.onAbort(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const timer = setInterval(() => void stream.write(': still here\n\n'), KEEP_ALIVE_MS).unref()
    try {
      await stream.writeSSE({ event: 'ready', data: '' })
      await ended
    } finally {
      clearInterval(timer)
      leave()
    }
  })
}

class Feed {
  readonly #source: ViewSource
  readonly #listeners = new Set<Listener>()
  #timer: NodeJS.Timeout | undefined
  #newest: string | undefined
  #looking = false

  constructor(source: ViewSource) {
    this.#source = source
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    this.#timer ??= setInterval(() => void this.#look(), LOOK_EVERY_MS).unref()
    void this.#look()
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size > 0) return
      clearInterval(this.#timer)
      this.#timer = undefined
      this.#newest = undefined
    }
  }

  async #look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    try {
      const commit = await this.#source.kb.resolve()
      const before = this.#newest
      this.#newest = commit
      if (before === undefined || before === commit) return
      const { commits } = await this.#source.kb.log({ at: commit, limit: NAMED_MAX })
      const known = commits.findIndex((each) => each.commit === before)
      const news = { commit, commits: known === -1 ? commits : commits.slice(0, known) }
      for (const listener of this.#listeners) listener(news)
    } catch {
      // The next look may succeed: a repository is busy for moments.
    } finally {
      this.#looking = false
    }
  }
}
