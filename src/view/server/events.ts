// New commits as server-sent events.
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { CommitWatch } from '../../core/commit-watch.ts'
import type { LogCommit } from '../../core/results.ts'
import type { ViewSource } from '../source.ts'
import type { Viewer } from './viewer.ts'

/** A line without meaning keeps connections open that would be closed when idle. */
const KEEP_ALIVE_MS = 25_000
/** Commits of one event that are named. */
const NAMED_MAX = 20

export type NewCommits = { commit: string; commits: LogCommit[] }
type Feed = CommitWatch<NewCommits>

const feeds = new WeakMap<ViewSource, Feed>()

export function eventStream(c: Context, { source, signal }: Viewer): Response {
  const feed = feeds.get(source) ?? feedOf(source)
  feeds.set(source, feed)
  return streamSSE(c, async (stream) => {
    const ended = new Promise<void>((resolve) => {
      stream.onAbort(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const leave = await feed.listen((news) => void stream.writeSSE({ event: 'commits', data: JSON.stringify(news) }))
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

function feedOf({ kb }: ViewSource): Feed {
  return new CommitWatch({
    newest: () => kb.resolve(),
    describe: async (before, commit) => {
      const { commits } = await kb.log({ at: commit, limit: NAMED_MAX })
      const known = commits.findIndex((each) => each.commit === before)
      return { commit, commits: known === -1 ? commits : commits.slice(0, known) }
    },
  })
}
