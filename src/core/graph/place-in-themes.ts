// Which theme each document and topic belongs to. A theme's page lists only its central ones; the others go where most of
// what they are joined to is.
import type { GraphEdge, GraphNode } from '../results/explore.ts'

/** Sets `theme` of documents and topics, and `size` of themes. */
export function placeInThemes(nodes: Map<string, GraphNode>, topicEdges: GraphEdge[], themeEdges: GraphEdge[]): void {
  for (const { from, to } of themeEdges) {
    const node = nodes.get(to)
    if (node !== undefined) node.theme ??= from
  }
  const weightOf = ({ to, weight }: GraphEdge): number => weight / Math.log2(1 + (nodes.get(to)?.size ?? 1))
  follow(
    nodes,
    topicEdges.map((edge) => ({ node: edge.from, joined: edge.to, weight: weightOf(edge) })),
  )
  follow(
    nodes,
    topicEdges.map((edge) => ({ node: edge.to, joined: edge.from, weight: edge.weight })),
  )
  for (const { kind, theme } of nodes.values()) {
    const of = kind === 'document' && theme !== undefined ? nodes.get(theme) : undefined
    if (of !== undefined) of.size++
  }
}

type Vote = { node: string; joined: string; weight: number }

/** Puts each node without a theme into the one with most votes of the nodes that it is joined to. */
function follow(nodes: Map<string, GraphNode>, votes: Vote[]): void {
  const counted = new Map<string, Map<string, number>>()
  for (const { node, joined, weight } of votes) {
    const theme = nodes.get(joined)?.theme
    if (theme === undefined || nodes.get(node)?.theme !== undefined) continue
    const tally = counted.get(node) ?? new Map<string, number>()
    tally.set(theme, (tally.get(theme) ?? 0) + weight)
    counted.set(node, tally)
  }
  for (const [id, tally] of counted) {
    const [best] = [...tally].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    const node = nodes.get(id)
    if (node !== undefined && best !== undefined) node.theme = best[0]
  }
}
