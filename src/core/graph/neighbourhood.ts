// A part of a graph: one node and what is joined to it.
import type { Graph } from '../results/explore.ts'

/** The node, at most `neighbours` of those joined to it, the strongest first, and the edges among them. */
export function neighbourhood({ at, nodes, edges }: Graph, id: string, neighbours: number): Graph {
  const strength = new Map<string, number>()
  for (const { from, to, weight } of edges) {
    const other = from === id ? to : to === id ? from : undefined
    if (other !== undefined) strength.set(other, (strength.get(other) ?? 0) + weight)
  }
  const nearest = [...strength].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, neighbours)
  const kept = new Set([id, ...nearest.map(([other]) => other)])
  return {
    at,
    nodes: nodes.filter((node) => kept.has(node.id)),
    edges: edges.filter(({ from, to }) => kept.has(from) && kept.has(to)),
  }
}
