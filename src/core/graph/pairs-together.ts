// Topics that come together: pairs that share documents.
import type { GraphEdge } from '../results/explore.ts'

/** Fewer documents in common are chance. */
const SHARED_MIN = 2
/** Strongest pairs that each topic keeps: the others would be a thicket. */
const PAIRS_PER_TOPIC_MAX = 6
/** Topics of one document that are paired with each other: a bound on the work for one document. */
const TOPICS_MAX = 60

/** @param topicEdges from each document to its topics, the main topics of a document first */
export function pairsTogether(topicEdges: GraphEdge[]): GraphEdge[] {
  const sources = new Map<string, number>()
  for (const { to } of topicEdges) sources.set(to, (sources.get(to) ?? 0) + 1)
  const shared = [...sources].filter(([, count]) => count >= SHARED_MIN).map(([id]) => id)
  const ids = shared.sort((a, b) => (a < b ? -1 : 1))
  const numbers = new Map(ids.map((id, index) => [id, index]))
  const counts = new Map<number, number>()
  for (const topics of topicsByDocument(topicEdges, numbers)) {
    for (const [index, first] of topics.entries()) {
      for (let other = index + 1; other < topics.length; other++) {
        const key = first * ids.length + (topics[other] ?? 0)
        counts.set(key, (counts.get(key) ?? 0) + 1)
      }
    }
  }
  const pairs: GraphEdge[] = []
  for (const [key, weight] of counts) {
    if (weight < SHARED_MIN) continue
    const [from = '', to = ''] = [ids[Math.floor(key / ids.length)], ids[key % ids.length]]
    pairs.push({ from, to, kind: 'together', weight })
  }
  return strongest(pairs, sources)
}

/** The numbers of the topics of each document, ascending, so that a pair is counted under one key. */
function* topicsByDocument(topicEdges: GraphEdge[], numbers: Map<string, number>): Generator<number[]> {
  const byDocument = new Map<string, number[]>()
  for (const { from, to } of topicEdges) {
    const number = numbers.get(to)
    if (number === undefined) continue
    const topics = byDocument.get(from)
    if (topics === undefined) byDocument.set(from, [number])
    else if (topics.length < TOPICS_MAX) topics.push(number)
  }
  for (const topics of byDocument.values()) yield topics.sort((a, b) => a - b)
}

/** Pairs that are among the strongest of one of their topics: shared documents as a share of both. */
function strongest(pairs: GraphEdge[], sources: Map<string, number>): GraphEdge[] {
  const strength = ({ from, to, weight }: GraphEdge): number =>
    weight / Math.sqrt((sources.get(from) ?? 1) * (sources.get(to) ?? 1))
  const ranked = pairs
    .map((pair) => ({ pair, strength: strength(pair) }))
    .sort((a, b) => b.strength - a.strength || b.pair.weight - a.pair.weight || (key(a.pair) < key(b.pair) ? -1 : 1))
  const kept = new Map<string, number>()
  return ranked.flatMap(({ pair }) => {
    const ends = [pair.from, pair.to]
    if (ends.every((end) => (kept.get(end) ?? 0) >= PAIRS_PER_TOPIC_MAX)) return []
    for (const end of ends) kept.set(end, (kept.get(end) ?? 0) + 1)
    return [pair]
  })
}

function key({ from, to }: GraphEdge): string {
  return `${from}\n${to}`
}
