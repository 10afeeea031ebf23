// The JSON API of the islands, under /api/.
import type { Context } from 'hono'
import { askAnswer } from './ask-api.ts'
import { passageAnswer } from './passage-api.ts'
import { healthAnswer } from './health-api.ts'
import { pageText } from './write-api.ts'
import { searchAnswer } from './search-api.ts'
import { graphAnswer } from './graph-api.ts'
import { timelineMarks } from './time-api.ts'
import { eventStream } from './events.ts'
import type { Viewer } from './viewer.ts'

export type ApiRoute = {
  /** Below `/api/`. */
  path: string
  answer: (c: Context, viewer: Viewer) => Promise<Response> | Response
}

export const API_ROUTES: readonly ApiRoute[] = [
  { path: 'page', answer: pageText },
  { path: 'search', answer: searchAnswer },
  { path: 'ask', answer: askAnswer },
  { path: 'passage', answer: passageAnswer },
  { path: 'health', answer: healthAnswer },
  { path: 'graph', answer: graphAnswer },
  { path: 'timeline', answer: timelineMarks },
  { path: 'events', answer: eventStream },
]
