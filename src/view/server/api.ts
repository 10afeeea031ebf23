// The JSON API of the islands, under /api/.
import type { Context } from 'hono'
import { searchAnswer } from './search-api.ts'
import { eventStream } from './events.ts'
import type { Viewer } from './viewer.ts'

export type ApiRoute = {
  /** Below `/api/`. */
  path: string
  answer: (c: Context, viewer: Viewer) => Promise<Response> | Response
}

export const API_ROUTES: readonly ApiRoute[] = [
  { path: 'search', answer: searchAnswer },
  { path: 'events', answer: eventStream },
]
