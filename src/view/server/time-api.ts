// Every commit as a mark for the bar of time.
import type { Context } from 'hono'
import { markOf } from '../time/marks.ts'
import type { Viewer } from './viewer.ts'

/** Commits that the bar shows: the newest. */
const MARKS_MAX = 20_000

/** Oldest first. The bar has what came after the moment that is shown, too. */
export async function timelineMarks(c: Context, { source, at }: Viewer): Promise<Response> {
  const { commit } = await source.moment(at)
  const { entries } = await source.timeline(commit)
  const marks = entries
    .flatMap(({ commits }) => commits)
    .slice(0, MARKS_MAX)
    .reverse()
    .map(({ commit: oid, date, operation, message }) => ({
      commit: oid,
      date,
      kind: markOf(operation),
      text: message,
    }))
  return c.json({ marks }, 200, { 'Cache-Control': 'no-store' })
}
