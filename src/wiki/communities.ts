// Communities of documents and the topics that they share: Louvain's method on a graph of both. The same records give the
// same communities, in the same order.
import { UndirectedGraph } from 'graphology'
import louvainModule from 'graphology-communities-louvain'
import type { DocumentRecord } from '../core/document/document.ts'
import { splitPart } from '../core/layout.ts'
import { seeded } from '../core/seeded.ts'

export type Community = {
  /** Best connected first. */
  documents: DocumentRecord[]
  /** Paths of the first pages of topics that several of the documents share, the most telling first. */
  topics: string[]
}

/** A CommonJS module, whose types are those of an ES module. */
const louvain = louvainModule as unknown as typeof louvainModule.default

const DOCUMENTS_MIN = 3
/** A topic of a larger share of the documents joins no community. */
const SHARE_MAX = 0.6
const TOPICS_MAX = 12
const HALF_POSITION = 4
const SEED = 22

export function communitiesOf(records: DocumentRecord[]): Community[] {
  const documents = records.toSorted((a, b) => (a.summary < b.summary ? -1 : 1))
  const sources = new Map<string, number[]>()
  for (const [index, { topics }] of documents.entries()) {
    for (const path of new Set(topics.map((topic) => splitPart(topic).first)))
      sources.set(path, [...(sources.get(path) ?? []), index])
  }
  const shared = [...sources]
    .filter(([, of]) => of.length > 1 && of.length <= Math.max(3, documents.length * SHARE_MAX))
    .sort(([a], [b]) => (a < b ? -1 : 1))
  const graph = new UndirectedGraph()
  for (const [path, of] of shared) {
    graph.addNode(path)
    for (const index of of) {
      graph.mergeNode(String(index))
      graph.addEdge(path, String(index), { weight: 1 / Math.log2(1 + of.length) })
    }
  }
  if (graph.size === 0) return []
  const community = louvain(graph, { rng: seeded(SEED), getEdgeWeight: 'weight' })
  const members = new Map<number, { documents: number[]; topics: string[] }>()
  for (const node of graph.nodes()) {
    const of = members.get(community[node] ?? 0) ?? { documents: [], topics: [] }
    if (/^\d+$/.test(node)) of.documents.push(Number(node))
    else of.topics.push(node)
    members.set(community[node] ?? 0, of)
  }
  return [...members.values()]
    .filter((of) => of.documents.length >= DOCUMENTS_MIN)
    .map((of) => {
      const inside = new Set(of.documents)
      // Telling: many of the community's documents are about it, and few others have it.
      const telling = new Map(
        shared.flatMap(([path, all]) => {
          const own = all.filter((index) => inside.has(index))
          const central = own.reduce((sum, index) => sum + centrality(documents[index]?.topics ?? [], path), 0)
          return own.length < 2 ? [] : [[path, (central * own.length) / all.length] as const]
        }),
      )
      const topics = [...telling].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([path]) => path)
      const central = (index: number): number =>
        (documents[index]?.topics ?? []).reduce((sum, path) => sum + (telling.get(splitPart(path).first) ?? 0), 0)
      const ranked = of.documents.toSorted((a, b) => central(b) - central(a) || a - b)
      return { documents: ranked.flatMap((index) => documents[index] ?? []), topics: topics.slice(0, TOPICS_MAX) }
    })
    .filter(({ topics }) => topics.length > 1)
    .sort(
      (a, b) =>
        b.documents.length - a.documents.length ||
        ((a.documents[0]?.name ?? '') < (b.documents[0]?.name ?? '') ? -1 : 1),
    )
}

/** 1 for a document's main topic, half for one at `HALF_POSITION`. */
function centrality(topics: string[], first: string): number {
  const position = topics.findIndex((path) => splitPart(path).first === first)
  return position === -1 ? 0 : 1 / (1 + position / HALF_POSITION)
}
