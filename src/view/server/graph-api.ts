// The graph as data, for the browser to draw.
import type { Context } from 'hono'
import { graphData } from '../graph/data.ts'
import { askedMoment } from './asked-moment.ts'
import { hostOf } from './guard.ts'
import { contextOf, type Viewer } from './viewer.ts'

export async function graphAnswer(c: Context, viewer: Viewer): Promise<Response> {
  const moment = await askedMoment(c, viewer)
  const context = contextOf(viewer, hostOf(c), moment, { kind: 'section', section: 'graph' })
  return c.json(graphData(await viewer.source.graph(moment.commit), context, c.req.query('theme')), 200, {
    'Cache-Control': 'no-cache',
  })
}
