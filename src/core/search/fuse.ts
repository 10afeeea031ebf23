// Several rankings of the same things as one: reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).

/** How little the first places differ; the usual constant. */
const SMOOTHING = 60

/** Best first, each once, as it is in the first list that has it. `weights`: of the lists; default: 1 each. */
export function fuseRanks<T>(lists: readonly (readonly T[])[], key: (item: T) => string, weights: number[] = []): T[] {
  const scores = new Map<string, { item: T; score: number }>()
  for (const [index, list] of lists.entries()) {
    for (const [rank, item] of list.entries()) {
      const found = scores.get(key(item)) ?? { item, score: 0 }
      found.score += (weights[index] ?? 1) / (SMOOTHING + rank + 1)
      scores.set(key(item), found)
    }
  }
  return [...scores.values()].sort((a, b) => b.score - a.score).map(({ item }) => item)
}
