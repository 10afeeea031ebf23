// What a page of the viewer is: its address, its place, and how it is made.
import type { ViewContext } from './context.ts'
import type { Html } from './html.ts'
import type { PlaceOf } from './pages/links.ts'
import type { Place } from './places.ts'
import type { ViewSource } from './source.ts'

/** What a page is rendered from. `params` are the named parts of the address. */
export type PageRequest = {
  source: ViewSource
  commit: string
  context: ViewContext
  placeOf: PlaceOf
  params: Readonly<Record<string, string>>
  query: URLSearchParams
}

export type PageRoute = {
  /** As hono matches it, e.g. `/documents/:name`. */
  path: string
  /** The page's own place, for links to other moments of it. */
  place: (params: Readonly<Record<string, string>>, query: URLSearchParams) => Place
  /** Throws `KbError` (`notFound`). */
  render: (request: PageRequest) => Promise<Html>
  /** Shows more than the commit has, so that it is rendered anew each time. */
  changes?: boolean
}
