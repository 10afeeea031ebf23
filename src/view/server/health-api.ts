// The health of the base in one line, for the first page.
import type { Context } from 'hono'
import { ailmentsOf, healthSentence } from '../load/health.ts'
import { askedMoment } from './asked-moment.ts'
import type { Viewer } from './viewer.ts'

export async function healthAnswer(c: Context, viewer: Viewer): Promise<Response> {
  const { commit, pinned } = await askedMoment(c, viewer)
  const ailments = ailmentsOf(await viewer.source.kb.status({ at: pinned ? commit : undefined }))
  const answer = { sentence: healthSentence(ailments), ok: ailments.length === 0 }
  return c.json(answer, 200, { 'Cache-Control': 'no-store' })
}
