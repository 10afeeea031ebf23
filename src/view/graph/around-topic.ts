// The graph around a topic, from the summaries of its documents alone: the graph of the whole base is not needed for it.
import { linkTarget } from '../../core/layout.ts'
import type { GraphEdge, GraphNode } from '../../core/results.ts'
import { entriesOf, sectionOf } from '../load/entries.ts'
import type { ViewSource } from '../source.ts'

/** Documents whose topics are looked at. */
const DOCUMENTS_MAX = 24
/** Documents and other topics in the picture. */
const DOCUMENTS_SHOWN = 5
const TOPICS_SHOWN = 6

export type Around = { self: GraphNode; nodes: GraphNode[]; edges: GraphEdge[] }

/** `documents`: names of those with a section on the topic. */
export async function loadAround(
  source: ViewSource,
  commit: string,
  topic: { kind: 'concept' | 'entity'; path: string; title: string },
  documents: readonly string[],
): Promise<Around> {
  const { documentNamed } = await source.contents(commit)
  const self: GraphNode = { id: linkTarget(topic.path), kind: topic.kind, title: topic.title, size: documents.length }
  const topics = new Map<string, GraphNode>()
  const joined: GraphEdge[] = []
  const shown: GraphNode[] = []
  for (const name of documents.slice(0, DOCUMENTS_MAX)) {
    const document = documentNamed.get(name)
    const page = document === undefined ? undefined : await source.page(commit, document.summary).catch(() => undefined)
    if (document === undefined || page === undefined) continue
    const id = linkTarget(document.summary)
    shown.push({ id, kind: 'document', title: document.title, size: 1 })
    joined.push({ from: id, to: self.id, kind: 'topic', weight: 1 })
    for (const [heading, kind] of [
      ['Concepts', 'concept'],
      ['Entities', 'entity'],
    ] as const) {
      for (const { path, label } of entriesOf(sectionOf(page, heading))) {
        const other = linkTarget(path)
        if (other === self.id) continue
        const node = topics.get(other) ?? { id: other, kind, title: label, size: 0 }
        node.size++
        topics.set(other, node)
        joined.push({ from: id, to: other, kind: 'topic', weight: 1 })
      }
    }
  }
  const near = [...topics.values()].sort((a, b) => b.size - a.size || (a.id < b.id ? -1 : 1)).slice(0, TOPICS_SHOWN)
  const nodes = [...shown.slice(0, DOCUMENTS_SHOWN), ...near]
  const ids = new Set([self.id, ...nodes.map(({ id }) => id)])
  return { self, nodes, edges: joined.filter(({ from, to }) => ids.has(from) && ids.has(to)) }
}
