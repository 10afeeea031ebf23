// A graph too large to look at, made smaller: what is joined least becomes one node for each theme and kind.
import type { GraphEdge, GraphNode, GraphNodeKind } from '../results/explore.ts'

export type ClusterNode = Omit<GraphNode, 'kind'> & {
  kind: GraphNodeKind | 'cluster'
  /** Of a cluster: how many nodes it stands for, and of which kind. */
  holds?: { nodes: number; kind: GraphNodeKind } | undefined
}
export type ClusteredGraph = {
  nodes: ClusterNode[]
  edges: Omit<GraphEdge, 'kind'>[]
  /** Before clustering. */
  total: { nodes: number; edges: number }
}

const WORDS: Record<GraphNodeKind, string> = {
  document: 'documents',
  concept: 'concepts',
  entity: 'entities',
  theme: 'themes',
}

/** At most `nodesMax` nodes and `edgesMax` edges; the strongest edges are kept. Graphs within the limits stay as they are. */
export function clusteredGraph(
  { nodes, edges }: { nodes: GraphNode[]; edges: GraphEdge[] },
  { nodesMax, edgesMax }: { nodesMax: number; edgesMax: number },
): ClusteredGraph {
  const total = { nodes: nodes.length, edges: edges.length }
  if (nodes.length <= nodesMax) return { nodes, edges: strongest(edges, edgesMax), total }
  const degree = new Map<string, number>()
  for (const { from, to } of edges) for (const end of [from, to]) degree.set(end, (degree.get(end) ?? 0) + 1)
  const rank = ({ id, kind }: GraphNode): number => (kind === 'theme' ? Infinity : (degree.get(id) ?? 0))
  const ranked = nodes.toSorted((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1))
  // Each theme may have a cluster of each kind.
  const groups = 3 * (1 + nodes.filter(({ kind }) => kind === 'theme').length)
  const kept = ranked.slice(0, Math.max(0, nodesMax - groups))
  const clusters = new Map<string, ClusterNode & { holds: { nodes: number; kind: GraphNodeKind } }>()
  const place = new Map<string, string>(kept.map(({ id }) => [id, id]))
  const titles = new Map(nodes.map(({ id, title }) => [id, title]))
  for (const { id, kind, theme } of ranked.slice(kept.length)) {
    const name = `cluster:${kind}:${theme ?? ''}`
    const cluster = clusters.get(name) ?? {
      id: name,
      kind: 'cluster',
      title: '',
      size: 0,
      theme,
      holds: { nodes: 0, kind },
    }
    cluster.size = ++cluster.holds.nodes
    clusters.set(name, cluster)
    place.set(id, name)
  }
  for (const cluster of clusters.values()) {
    const { holds, theme } = cluster
    const of = theme === undefined ? '' : ` of ${titles.get(theme) ?? theme}`
    cluster.title = `${holds.nodes.toLocaleString('en')} ${WORDS[holds.kind]}${of}`
  }
  return { nodes: [...kept, ...clusters.values()], edges: strongest(joined(edges, place), edgesMax), total }
}

/** Edges between what the nodes became; those inside of a cluster are gone. */
function joined(edges: GraphEdge[], place: Map<string, string>): Omit<GraphEdge, 'kind'>[] {
  const sums = new Map<string, Omit<GraphEdge, 'kind'>>()
  for (const edge of edges) {
    const [from, to] = [place.get(edge.from) ?? '', place.get(edge.to) ?? '']
    if (from === to) continue
    const key = `${from}\n${to}`
    const sum = sums.get(key)
    if (sum === undefined) sums.set(key, { from, to, weight: edge.weight })
    else sum.weight += edge.weight
  }
  return [...sums.values()]
}

function strongest<E extends Omit<GraphEdge, 'kind'>>(edges: E[], max: number): E[] {
  return edges.length <= max ? edges : edges.toSorted((a, b) => b.weight - a.weight).slice(0, max)
}
