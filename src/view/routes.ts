// The pages of the viewer by address: what each loads, and the function that renders it.
import { loadDocument, loadText } from './load/document.ts'
import { loadHealth } from './load/health.ts'
import { loadHome } from './load/home.ts'
import { loadDocuments, loadTopics } from './load/listing.ts'
import { loadSearch, loadSearchChoices, type HitKind } from './load/search.ts'
import { loadTopic } from './load/topic.ts'
import { loadNamedPage, loadNamedPages, loadWikiPage } from './load/wiki-page.ts'
import { documentOriginalPage, documentPage } from './pages/document.ts'
import { documentTextPage } from './pages/document-text.ts'
import { healthPage } from './pages/health.ts'
import { homePage } from './pages/home.ts'
import type { Html } from './html.ts'
import type { PageRequest, PageRoute } from './page-route.ts'
import { documentsPage, topicsPage } from './pages/listing.ts'
import { searchPage } from './pages/search.ts'
import { topicPage } from './pages/topic.ts'
import { themesPage, wikiPage } from './pages/wiki-page.ts'
import { FOLDERS, type Place, type Section } from './places.ts'
import { GRAPH_ROUTES } from './graph/routes.ts'
import { REVIEW_ROUTES } from './review/routes.ts'
import { TIME_ROUTES } from './time/routes.ts'

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
  {
    path: '/documents',
    place: (_, query) => section('documents', query, ['sort', 'format', 'page']),
    render: async ({ source, commit, context, query }) =>
      documentsPage(
        await loadDocuments(source, commit, {
          page: number(query.get('page')),
          order: query.get('sort') === 'title' ? 'title' : 'newest',
          format: query.get('format') ?? undefined,
        }),
        context,
      ),
  },
  ...(['concept', 'entity'] as const).map((kind): PageRoute => ({
    path: kind === 'concept' ? '/concepts' : '/entities',
    place: (_, query) => section(kind === 'concept' ? 'concepts' : 'entities', query, ['sort', 'page']),
    render: async ({ source, commit, context, query }) => {
      const order = query.get('sort') === 'name' ? 'name' : 'joins'
      return topicsPage(await loadTopics(source, commit, kind, { page: number(query.get('page')), order }), context)
    },
  })),
  {
    path: '/themes',
    place: () => section('themes'),
    render: async ({ source, commit, context, placeOf }) =>
      themesPage(await loadNamedPages(source, commit, 'theme'), context, placeOf),
  },
  ...(['theme', 'exploration', 'report'] as const).map((kind): PageRoute => ({
    path: `/${FOLDERS[kind]}/:name`,
    place: ({ name = '' }) => ({ kind, name }),
    render: async ({ source, commit, context, placeOf, params: { name = '' } }) =>
      wikiPage(await loadNamedPage(source, commit, kind, name), context, placeOf),
  })),
  {
    path: '/pages/:path{.+}',
    place: ({ path = '' }) => ({ kind: 'page', path }),
    render: async ({ source, commit, context, placeOf, params: { path = '' } }) =>
      wikiPage(await loadWikiPage(source, commit, path), context, placeOf),
  },
  {
    path: '/search',
    place: (_, query) => section('search', query, ['q', 'ask', 'kind', 'format', 'language', 'theme', 'since']),
    render: renderSearch,
  },
  {
    path: '/health',
    place: () => section('health'),
    changes: true,
    render: async ({ source, commit, context, query }) => {
      const at = context.moment.pinned ? commit : undefined
      return healthPage(await loadHealth(source, commit, { fsck: query.get('check') === '1', at }), context)
    },
  },
  ...TIME_ROUTES,
  ...GRAPH_ROUTES,
  ...REVIEW_ROUTES,
]

function section(name: Section, query?: URLSearchParams, kept: readonly string[] = []): Place {
  const given = kept.map((key) => [key, query?.get(key) ?? undefined])
  return { kind: 'section', section: name, query: Object.fromEntries(given) as Record<string, string | undefined> }
}

const HIT_KINDS: readonly string[] = ['document', 'concept', 'entity', 'other']
const SEARCH_HITS = 40

async function renderSearch({ source, commit, context, query }: PageRequest): Promise<Html> {
  const given = (name: string): string | undefined => query.get(name)?.trim() || undefined
  const kind = given('kind')
  const filters = {
    kind: kind !== undefined && HIT_KINDS.includes(kind) ? (kind as HitKind) : undefined,
    format: given('format'),
    language: given('language'),
    theme: given('theme'),
    since: given('since'),
  }
  const words = (given('q') ?? '').slice(0, 1_000)
  const [found, choices] = await Promise.all([
    loadSearch(source, commit, { words, limit: SEARCH_HITS, ...filters }),
    loadSearchChoices(source, commit),
  ])
  return searchPage({ ...found, filters, choices, ask: query.get('ask') === '1' }, context)
}

/** A whole number from 1; 1 for anything else. */
export function number(text: string | null): number {
  return text !== null && /^[1-9]\d{0,6}$/.test(text) ? Number(text) : 1
}
