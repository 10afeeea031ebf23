// The graph page.
import type { PageRoute } from '../page-route.ts'
import { graphPage } from './page.ts'

export const GRAPH_ROUTES: readonly PageRoute[] = [
  {
    path: '/graph',
    place: (_, query) => ({ kind: 'section', section: 'graph', query: { theme: query.get('theme') ?? undefined } }),
    render: async ({ source, commit, context, query }) => {
      const graph = await source.graph(commit)
      const theme = graph.nodes.find(({ id, kind }) => kind === 'theme' && id === query.get('theme'))
      return graphPage(graph, theme, context)
    },
  },
]
