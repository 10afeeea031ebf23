// What the palette shows while someone types.
import type { Context } from 'hono'
import { askedMoment } from './asked-moment.ts'
import { addressOf } from './live-context.ts'
import type { Viewer } from './viewer.ts'
import { hasMarks, renderText } from '../markdown/formula.ts'
import { loadSearch } from '../load/search.ts'

/** Hits of each kind, so that all kinds are in view, and hits from which they are chosen. */
const SHOWN_PER_KIND = 4
const LOOKED_AT = 24

export async function searchAnswer(c: Context, viewer: Viewer): Promise<Response> {
  const { commit, pinned } = await askedMoment(c, viewer)
  const found = await loadSearch(viewer.source, commit, { words: c.req.query('q') ?? '', limit: LOOKED_AT })
  const shown = new Map<string, number>()
  const few = found.hits.filter(({ kind }) => {
    shown.set(kind, (shown.get(kind) ?? 0) + 1)
    return (shown.get(kind) ?? 0) <= SHOWN_PER_KIND
  })
  const hits = few.map(({ place, ...hit }) => ({
    ...hit,
    ...(hasMarks(hit.passage) ? { shown: String(renderText(hit.passage)) } : {}),
    address: addressOf(place, pinned ? commit : undefined),
  }))
  return c.json({ ...found, hits }, 200, { 'Cache-Control': 'no-store' })
}
