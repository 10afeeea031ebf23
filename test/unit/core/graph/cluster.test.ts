import { describe, expect, it } from 'vitest'
import { clusteredGraph } from '../../../../src/core/graph/cluster.ts'
import type { GraphEdge, GraphNode } from '../../../../src/core/results.ts'

const document = (n: number, theme?: string): GraphNode => ({
  id: `summaries/d${String(n).padStart(4, '0')}`,
  kind: 'document',
  title: `D${n}`,
  size: 1,
  theme,
})
const theme: GraphNode = { id: 'themes/t', kind: 'theme', title: 'T', size: 0 }

describe('a graph that is too large', () => {
  const nodes = [theme, ...Array.from({ length: 100 }, (_, n) => document(n, n % 2 === 0 ? 'themes/t' : undefined))]
  const edges: GraphEdge[] = nodes
    .slice(2)
    .map(({ id }) => ({ from: 'summaries/d0000', to: id, kind: 'link', weight: 1 }))

  it('stays as it is within the limits', () => {
    expect(clusteredGraph({ nodes, edges }, { nodesMax: 101, edgesMax: 99 })).toEqual({
      nodes,
      edges,
      total: { nodes: 101, edges: 99 },
    })
  })

  it('keeps themes and what is joined most, and puts the rest into a node for each theme and kind', () => {
    const small = clusteredGraph({ nodes, edges }, { nodesMax: 20, edgesMax: 99 })
    expect(small.nodes.length).toBeLessThanOrEqual(20)
    const ids = small.nodes.map(({ id }) => id)
    expect(ids).toContain('themes/t')
    expect(ids).toContain('summaries/d0000')
    const clusters = small.nodes.filter(({ kind }) => kind === 'cluster')
    expect(clusters.map(({ title }) => title).sort()).toEqual(['43 documents of T', '44 documents'])
    const held = clusters.reduce((sum, { holds }) => sum + (holds?.nodes ?? 0), 0)
    expect(held + small.nodes.length - clusters.length).toBe(nodes.length)
    // No edge leads to a node that is gone, and no weight is lost between nodes.
    expect(small.edges.every(({ from, to }) => ids.includes(from) && ids.includes(to))).toBe(true)
    expect(small.edges.reduce((sum, { weight }) => sum + weight, 0)).toBe(99)
  })

  it('keeps the strongest edges', () => {
    const strong = { ...edges[0]!, to: 'summaries/d0050', weight: 9 }
    const { edges: kept } = clusteredGraph({ nodes, edges: [...edges, strong] }, { nodesMax: 101, edgesMax: 1 })
    expect(kept).toEqual([strong])
  })
})
