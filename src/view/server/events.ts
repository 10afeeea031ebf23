// New commits, and what is being added elsewhere, as server-sent events.
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { StateWatch } from '../../core/state-watch.ts'
import type { LogCommit, RunningWork } from '../../core/results.ts'
import type { ViewSource } from '../source.ts'
import type { Viewer } from './viewer.ts'

/** A line without meaning keeps connections open that would be closed when idle. */
const KEEP_ALIVE_MS = 25_000
/** Commits of one event that are named. */
const NAMED_MAX = 20

export type NewCommits = { commit: string; commits: LogCommit[] }
type Feeds = { commits: StateWatch<NewCommits>; running: StateWatch<RunningWork[]> }

const feedsBySource = new WeakMap<ViewSource, Feeds>()

export function eventStream(c: Context, { source, signal }: Viewer): Response {
  const feeds = feedsBySource.get(source) ?? feedsOf(source)
  feedsBySource.set(source, feeds)
  return streamSSE(c, async (stream) => {
    const ended = new Promise<void>((resolve) => {
      stream.onAbort(resolve)
      signal.addEventListener('abort', () => resolve(), { once: true })
    })
    const send = (event: string) => (value: unknown) =>
      void stream.writeSSE({ event, data: JSON.stringify(value) }).catch(() => {})
    const leave = await feeds.commits.listen(send('commits'))
    const leaveRunning = await feeds.running.listen(send('running'))
    const timer = setInterval(() => void stream.write(': still here\n\n'), KEEP_ALIVE_MS).unref()
    try {
      await stream.writeSSE({ event: 'ready', data: '' })
      send('running')(await source.kb.running())
      await ended
    } finally {
      clearInterval(timer)
      leave()
      leaveRunning()
    }
  })
}

function feedsOf({ kb }: ViewSource): Feeds {
  return {
    commits: new StateWatch({
      look: () => kb.resolve(),
      describe: async (before, commit) => {
        const { commits } = await kb.log({ at: commit, limit: NAMED_MAX })
        const known = commits.findIndex((each) => each.commit === before)
        return { commit, commits: known === -1 ? commits : commits.slice(0, known) }
      },
    }),
    running: new StateWatch({
      look: async () => JSON.stringify(await kb.running()),
      describe: (_, now) => JSON.parse(now) as RunningWork[],
    }),
  }
}
