// Answers as they are written, by server-sent events: `text` for each piece, then `answer` with its checked citations.
import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import { KbError } from '../../core/errors.ts'
import type { Citation } from '../../core/results.ts'
import { placeOfCitation, titleOfCitation } from '../load/cited.ts'
import { plain } from '../load/passage.ts'
import { renderText } from '../markdown/formula.ts'
import { renderMarkdown } from '../markdown/render.ts'
import { askedMoment } from './asked-moment.ts'
import { hostOf } from './guard.ts'
import { contextOf, type Viewer } from './viewer.ts'

const QUESTION_CHARS_MAX = 2_000

/** `html`: the answer; `shown`: a quote as HTML; `model`: null if there is none, and then the answer is the best passages. */
type Answer = {
  html: string
  model: string | null
  citations: (Citation & { address: string; title: string; shown: string })[]
}

export async function askAnswer(c: Context, viewer: Viewer): Promise<Response> {
  const { source } = viewer
  const question = (c.req.query('q') ?? '').trim().slice(0, QUESTION_CHARS_MAX)
  const moment = await askedMoment(c, viewer)
  const context = contextOf(viewer, hostOf(c), moment, { kind: 'section', section: 'search' })
  const placeOf = await source.places(moment.commit)
  return streamSSE(c, async (stream) => {
    const stop = new AbortController()
    stream.onAbort(() => stop.abort())
    viewer.signal.addEventListener('abort', () => stop.abort(), { once: true })
    try {
      const result = await source.kb.query(question, {
        at: moment.commit,
        signal: stop.signal,
        onText: (text) => void stream.writeSSE({ event: 'text', data: JSON.stringify(text) }),
      })
      const { html } = renderMarkdown(result.answer, {
        context,
        from: 'wiki/index.md',
        placeOf,
        shift: 2,
        quotes: true,
      })
      const citations = await Promise.all(
        result.citations.map(async (citation) => ({
          ...citation,
          address: context.link(placeOfCitation(citation, placeOf)),
          title: await titleOfCitation(source, moment.commit, citation),
          shown: String(renderText(plain(citation.quote))),
        })),
      )
      const answer: Answer = { html: String(html), model: result.model, citations }
      await stream.writeSSE({ event: 'answer', data: JSON.stringify(answer) })
    } catch (error) {
      const known = error instanceof KbError ? error : undefined
      const problem = { message: known?.message ?? String(error), hint: known?.hint }
      await stream.writeSSE({ event: 'problem', data: JSON.stringify(problem) })
    }
  })
}
