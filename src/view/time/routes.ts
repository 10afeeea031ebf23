// The pages of time: the timeline, what changed since, the versions of a page, and who wrote it.
import { loadBlame, loadChanges, loadHistory, loadTimeline } from './load.ts'
import { blamePage } from './blame.ts'
import { changesPage } from './changes.ts'
import { historyPage } from './history.ts'
import { timelinePage } from './timeline.ts'
import type { PageRoute } from '../page-route.ts'

const SINCE_MAX = 200

export const TIME_ROUTES: readonly PageRoute[] = [
  {
    path: '/timeline',
    place: (_, query) => ({ kind: 'section', section: 'timeline', query: { part: query.get('part') ?? undefined } }),
    render: async ({ source, commit, context, query }) => {
      const part = Number(/^[1-9]\d{0,5}$/.exec(query.get('part') ?? '')?.[0] ?? 1)
      return timelinePage(await loadTimeline(source, commit, part), context)
    },
  },
  {
    path: '/changes',
    place: (_, query) => ({ kind: 'section', section: 'changes', query: { since: query.get('since') ?? undefined } }),
    // "Yesterday" is another day tomorrow.
    changes: true,
    render: async ({ source, commit, context, placeOf, query }) =>
      changesPage(
        await loadChanges(source, commit, (query.get('since') ?? '').slice(0, SINCE_MAX).trim()),
        context,
        placeOf,
      ),
  },
  {
    path: '/history/:path{.+}',
    place: ({ path = '' }, query) => ({
      kind: 'history',
      path,
      query: {
        from: query.get('from') ?? undefined,
        to: query.get('to') ?? undefined,
        view: query.get('view') ?? undefined,
      },
    }),
    render: async ({ source, commit, context, params: { path = '' }, query }) =>
      historyPage(
        await loadHistory(source, commit, path, {
          from: query.get('from') ?? undefined,
          to: query.get('to') ?? undefined,
        }),
        query.get('view') === 'inline' ? 'inline' : 'side',
        context,
      ),
  },
  {
    path: '/blame/:path{.+}',
    place: ({ path = '' }) => ({ kind: 'blame', path }),
    render: async ({ source, commit, context, placeOf, params: { path = '' } }) =>
      blamePage(await loadBlame(source, commit, path), context, placeOf),
  },
]
