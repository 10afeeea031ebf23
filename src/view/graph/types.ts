// What the graph page sends to the browser. Imports nothing, so that both sides can have it.

export type GraphPageNode = {
  id: string
  kind: 'document' | 'concept' | 'entity' | 'theme' | 'cluster'
  title: string
  size: number
  /** Index into `themes`. */
  theme?: number | undefined
  address: string
}

export type GraphPageData = {
  themes: { id: string; title: string; address: string }[]
  nodes: GraphPageNode[]
  /** Indexes into `nodes`, and the weight. */
  edges: [from: number, to: number, weight: number][]
  total: { nodes: number; edges: number }
}
