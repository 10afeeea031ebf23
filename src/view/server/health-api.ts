// The health of the base in one line, for the first page.
import type { Context } from 'hono'
import { ailmentsOf, healthSentence } from '../load/health.ts'
import type { Viewer } from './viewer.ts'

export async function healthAnswer(c: Context, { source, at }: Viewer): Promise<Response> {
  const ailments = ailmentsOf(await source.kb.status({ at: c.req.query('at') ?? at }))
  const answer = { sentence: healthSentence(ailments), ok: ailments.length === 0 }
  return c.json(answer, 200, { 'Cache-Control': 'no-store' })
}
