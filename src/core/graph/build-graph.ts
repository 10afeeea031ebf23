// The graph of a base, from what its registry, topics and themes say. The same input gives the same graph, in order.
import type { DocumentRecord } from '../document/document.ts'
import { documentKeys, linkedDocument } from '../document/link-names.ts'
import { CONCEPTS, linkTarget, splitPart } from '../layout.ts'
import type { GraphEdge, GraphEdgeKind, GraphNode } from '../results/explore.ts'
import { pairsTogether } from './pairs-together.ts'
import { placeInThemes } from './place-in-themes.ts'

export type GraphDocument = Pick<
  DocumentRecord,
  'name' | 'title' | 'summary' | 'topics' | 'links' | 'origin' | 'context' | 'aliases' | 'format' | 'attachments'
>
/** The first page of a topic. */
export type GraphTopic = { path: string; title: string }
/** `members`: ids of the documents and topics that its page lists. */
export type GraphTheme = { path: string; title: string; members: string[] }

export type GraphSources = { documents: GraphDocument[]; topics: GraphTopic[]; themes: GraphTheme[] }

/** At this position of a document's list, a topic weighs half of what the first one does. */
const HALF_POSITION = 8
const EDGE_KINDS: GraphEdgeKind[] = ['topic', 'together', 'theme', 'link', 'attachment']
const NODE_KINDS: GraphNode['kind'][] = ['theme', 'document', 'concept', 'entity']

export function buildGraph({ documents, topics, themes }: GraphSources): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const nodes = new Map<string, GraphNode>()
  for (const { path, title } of topics) {
    const kind = path.startsWith(`${CONCEPTS}/`) ? 'concept' : 'entity'
    nodes.set(linkTarget(path), { id: linkTarget(path), kind, title, size: 0 })
  }
  const topicEdges: GraphEdge[] = []
  for (const { summary, title, topics: paths } of documents) {
    const id = linkTarget(summary)
    const own = [...new Set(paths.map((path) => linkTarget(splitPart(path).first)))].filter((to) => nodes.has(to))
    for (const [position, to] of own.entries()) {
      topicEdges.push({ from: id, to, kind: 'topic', weight: rounded(1 / (1 + position / HALF_POSITION)) })
      const topic = nodes.get(to)
      if (topic !== undefined) topic.size++
    }
    nodes.set(id, { id, kind: 'document', title, size: own.length })
  }
  const themeEdges: GraphEdge[] = []
  for (const { path, title, members } of themes) {
    const id = linkTarget(path)
    for (const to of new Set(members)) if (nodes.has(to)) themeEdges.push({ from: id, to, kind: 'theme', weight: 1 })
    nodes.set(id, { id, kind: 'theme', title, size: 0 })
  }
  placeInThemes(nodes, topicEdges, themeEdges)
  const edges = [
    ...topicEdges,
    ...pairsTogether(topicEdges),
    ...themeEdges,
    ...linkEdges(documents),
    ...attachmentEdges(documents),
  ]
  return { nodes: [...nodes.values()].sort(byKindAndId), edges: edges.sort(byKindAndIds) }
}

/** Links are resolved by the names that documents have now, as in their texts. */
function linkEdges(documents: GraphDocument[]): GraphEdge[] {
  const linking = documents.filter(({ links }) => links !== undefined && links.length > 0)
  if (linking.length === 0) return []
  const byKey = new Map<string, GraphDocument[]>()
  for (const document of documents) {
    for (const key of documentKeys(document)) {
      const named = byKey.get(key)
      if (named === undefined) byKey.set(key, [document])
      else named.push(document)
    }
  }
  const byOrigin = new Map(documents.map((document) => [document.origin, document]))
  const names = {
    documentByOrigin: (origin: string) => byOrigin.get(origin),
    documentsNamed: (key: string, limit: number) => (byKey.get(key) ?? []).slice(0, limit),
  }
  return linking.flatMap((document) => {
    const counts = new Map<string, number>()
    for (const link of document.links ?? []) {
      const to = link.to === '' ? undefined : linkedDocument(link, document, names)
      if (to === undefined || to.name === document.name) continue
      counts.set(to.summary, (counts.get(to.summary) ?? 0) + 1)
    }
    const from = linkTarget(document.summary)
    return [...counts].map(([to, weight]): GraphEdge => ({ from, to: linkTarget(to), kind: 'link', weight }))
  })
}

function attachmentEdges(documents: GraphDocument[]): GraphEdge[] {
  if (documents.every(({ attachments }) => attachments === undefined)) return []
  const byName = new Map(documents.map((document) => [document.name, document]))
  return documents.flatMap(({ summary, attachments = [] }) =>
    attachments.flatMap((name): GraphEdge[] => {
      const to = byName.get(name)
      if (to === undefined) return []
      return [{ from: linkTarget(summary), to: linkTarget(to.summary), kind: 'attachment', weight: 1 }]
    }),
  )
}

function rounded(weight: number): number {
  return Math.round(weight * 1000) / 1000
}

function byKindAndId(a: GraphNode, b: GraphNode): number {
  return NODE_KINDS.indexOf(a.kind) - NODE_KINDS.indexOf(b.kind) || byText(a.id, b.id)
}

function byKindAndIds(a: GraphEdge, b: GraphEdge): number {
  return EDGE_KINDS.indexOf(a.kind) - EDGE_KINDS.indexOf(b.kind) || byText(a.from, b.from) || byText(a.to, b.to)
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
