// The pages of the viewer by address: what each loads, and the function that renders it.
import type { ViewContext } from './context.ts'
import type { Html } from './html.ts'
import { loadDocument, loadText } from './load/document.ts'
import { loadHome } from './load/home.ts'
import { loadTopic } from './load/topic.ts'
import { documentOriginalPage, documentPage, documentTextPage } from './pages/document.ts'
import { homePage } from './pages/home.ts'
import type { PlaceOf } from './pages/links.ts'
import { topicPage } from './pages/topic.ts'
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

export const PAGE_ROUTES: readonly PageRoute[] = [
  {
    path: '/',
    place: () => ({ kind: 'section', section: 'home' }),
    render: async ({ source, commit, context, placeOf }) => homePage(await loadHome(source, commit), context, placeOf),
  },
  {
    path: '/documents/:name',
    place: ({ name = '' }) => ({ kind: 'document', name }),
    render: async ({ source, commit, context, placeOf, params: { name = '' } }) =>
      documentPage(await loadDocument(source, commit, name), context, placeOf),
  },
  {
    path: '/documents/:name/text',
    place: ({ name = '' }, query) => ({
      kind: 'document',
      name,
      tab: 'text',
      query: { part: query.get('part') ?? undefined, beside: query.get('beside') ?? undefined },
    }),
    render: async ({ source, commit, context, placeOf, params: { name = '' }, query }) => {
      const beside = query.get('beside')
      return documentTextPage(
        await loadText(source, commit, name, number(query.get('part'))),
        context,
        placeOf,
        beside === null ? undefined : { page: number(beside) },
      )
    },
  },
  {
    path: '/documents/:name/original',
    place: ({ name = '' }, query) => ({ kind: 'document', name, tab: 'original', page: number(query.get('page')) }),
    render: async ({ source, commit, context, params: { name = '' }, query }) =>
      documentOriginalPage(await loadDocument(source, commit, name), context, number(query.get('page'))),
  },
  ...(['concept', 'entity'] as const).map((kind): PageRoute => ({
    path: kind === 'concept' ? '/concepts/:name' : '/entities/:name',
    place: ({ name = '' }) => ({ kind, name }),
    render: async ({ source, commit, context, placeOf, params: { name = '' } }) =>
      topicPage(await loadTopic(source, commit, kind, name), context, placeOf),
  })),
]

/** A whole number from 1; 1 for anything else. */
export function number(text: string | null): number {
  return text !== null && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 1
}
