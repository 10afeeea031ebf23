// What the graph page sends to the browser: nodes with their addresses, edges as pairs of numbers.
import { clusteredGraph } from '../../core/graph/cluster.ts'
import type { Graph } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { placeOfPath } from '../wiki-places.ts'
import type { GraphPageData } from './types.ts'

/** Beyond these, a browser is not smooth any more. */
const NODES_MAX = 5_000
const EDGES_MAX = 20_000

/** `theme`: only what belongs to the theme with this id. */
export function graphData(graph: Graph, context: ViewContext, theme?: string): GraphPageData {
  const { nodes, edges, total } = clusteredGraph(theme === undefined ? graph : ofTheme(graph, theme), {
    nodesMax: NODES_MAX,
    edgesMax: EDGES_MAX,
  })
  const address = (id: string): string => {
    const place = placeOfPath(`wiki/${id}.md`)
    return place === undefined ? '' : context.link(place)
  }
  const themes = graph.nodes
    .filter(({ kind, id }) => kind === 'theme' && (theme === undefined || id === theme))
    .map(({ id, title }) => ({ id, title, address: address(id) }))
  const themeIndex = new Map(themes.map(({ id }, index) => [id, index]))
  const nodeIndex = new Map(nodes.map(({ id }, index) => [id, index]))
  return {
    themes,
    nodes: nodes.map(({ id, kind, title, size, theme: of }) => ({
      id,
      kind,
      title,
      size,
      theme: themeIndex.get(kind === 'theme' ? id : (of ?? '')),
      address: kind === 'cluster' ? clusterAddress(of, context) : address(id),
    })),
    edges: edges.map(({ from, to, weight }) => [nodeIndex.get(from) ?? 0, nodeIndex.get(to) ?? 0, weight]),
    total,
  }
}

/** A cluster opens its theme alone. */
function clusterAddress(theme: string | undefined, { link, mode }: ViewContext): string {
  if (theme === undefined || mode === 'site') return ''
  return link({ kind: 'section', section: 'graph', query: { theme } })
}

function ofTheme({ nodes, edges }: Graph, theme: string): Pick<Graph, 'nodes' | 'edges'> {
  const kept = nodes.filter((node) => node.id === theme || node.theme === theme)
  const ids = new Set(kept.map(({ id }) => id))
  return { nodes: kept, edges: edges.filter(({ from, to }) => ids.has(from) && ids.has(to)) }
}
