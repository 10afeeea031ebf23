// What the palette shows while someone types.
import type { Context } from 'hono'
import { addressOf } from './live-context.ts'
import type { Viewer } from './viewer.ts'
import { loadSearch } from '../load/search.ts'

export async function searchAnswer(c: Context, { source, at }: Viewer): Promise<Response> {
  const asked = c.req.query('at') ?? at
  const { commit } = await source.moment(asked)
  const found = await loadSearch(source, commit, { words: c.req.query('q') ?? '', limit: 12 })
  const hits = found.hits.map(({ place, ...hit }) => ({
    ...hit,
    address: addressOf(place, asked === undefined ? undefined : commit),
  }))
  return c.json({ ...found, hits }, 200, { 'Cache-Control': 'no-store' })
}
