// Several rankings of the same things as one: reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009).

/** How little the first places differ; the usual constant. */
const SMOOTHING = 60

/** Best first, each once, as it is in the first list that has it. */
export function fuseRanks<T>(lists: readonly (readonly T[])[], key: (item: T) => string): T[] {
  return fuseScores(lists, key).map(({ item }) => item)
}

/** The same, with the sum of the reciprocal ranks. */
export function fuseScores<T>(
  lists: readonly (readonly T[])[],
  key: (item: T) => string,
): { item: T; score: number }[] {
  const scores = new Map<string, { item: T; score: number }>()
  for (const list of lists) {
    for (const [rank, item] of list.entries()) {
      const found = scores.get(key(item)) ?? { item, score: 0 }
      found.score += 1 / (SMOOTHING + rank + 1)
      scores.set(key(item), found)
    }
  }
  return [...scores.values()].sort((a, b) => b.score - a.score)
}
