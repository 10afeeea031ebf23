// The graph page.
import type { PageRoute } from '../page-route.ts'
import { graphPage } from './page.ts'

/** `theme`: that theme alone. The others are of the island, and stay when the moment changes. */
const STATE = ['theme', 'find', 'kinds', 'in', 'colour', 'node']

export const GRAPH_ROUTES: readonly PageRoute[] = [
  {
    path: '/graph',
    place: (_, query) => ({
      kind: 'section',
      section: 'graph',
      query: Object.fromEntries(STATE.map((name) => [name, query.get(name) ?? undefined])),
    }),
    render: async ({ source, commit, context, query }) => {
      const graph = await source.graph(commit)
      const theme = graph.nodes.find(({ id, kind }) => kind === 'theme' && id === query.get('theme'))
      return graphPage(graph, theme, context)
    },
  },
]
