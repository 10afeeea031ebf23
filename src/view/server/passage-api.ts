// The passage around the words of a citation, as HTML for its card.
import type { Context } from 'hono'
import { loadPassage } from '../load/passage.ts'
import { renderText } from '../markdown/formula.ts'
import { askedMoment } from './asked-moment.ts'
import type { Viewer } from './viewer.ts'

const WORDS_CHARS_MAX = 4_000

export async function passageAnswer(c: Context, viewer: Viewer): Promise<Response> {
  const { commit } = await askedMoment(c, viewer)
  const passage = await loadPassage(viewer.source, commit, {
    document: c.req.query('document') ?? '',
    page: Number(/^[1-9]\d{0,8}$/.exec(c.req.query('page') ?? '')?.[0]) || undefined,
    words: (c.req.query('words') ?? '').slice(0, WORDS_CHARS_MAX),
  })
  const shown = passage && {
    before: String(renderText(passage.before)),
    words: String(renderText(passage.words)),
    after: String(renderText(passage.after)),
  }
  return c.json({ passage: shown ?? null }, 200, { 'Cache-Control': 'no-store' })
}
