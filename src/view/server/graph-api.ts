// The graph as data, for the browser to draw.
import type { Context } from 'hono'
import { graphData } from '../graph/data.ts'
import { contextOf, type Viewer } from './viewer.ts'

export async function graphAnswer(c: Context, viewer: Viewer): Promise<Response> {
  const asked = c.req.query('at') ?? viewer.at
  const moment = await viewer.source.moment(asked)
  const context = contextOf(viewer, moment, asked !== undefined, { kind: 'section', section: 'graph' })
  return c.json(graphData(await viewer.source.graph(moment.commit), context, c.req.query('theme')), 200, {
    'Cache-Control': 'no-cache',
  })
}
