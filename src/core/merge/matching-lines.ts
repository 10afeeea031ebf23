// Which lines two texts have in common, in order: a shortest edit script by Myers' greedy algorithm ("An O(ND) Difference
// Algorithm and Its Variations", 1986).

/** Pairs of equal lines, as ascending indexes in `before` and `after`. */
export function matchLines(before: readonly string[], after: readonly string[]): [number, number][] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let [a, b] = [before.length, after.length]
  while (a > start && b > start && before[a - 1] === after[b - 1]) [a, b] = [a - 1, b - 1]
  const head = Array.from({ length: start }, (_, i): [number, number] => [i, i])
  const middle = snakes(before.slice(start, a), after.slice(start, b))
  const tail = Array.from({ length: before.length - a }, (_, i): [number, number] => [a + i, b + i])
  return [...head, ...middle.map(([x, y]): [number, number] => [start + x, start + y]), ...tail]
}

/** Maximum number of edits; texts that differ more count as having nothing in common. Bounds time and memory. */
const EDITS_MAX = 1_000

function snakes(before: string[], after: string[]): [number, number][] {
  const furthest = new Map<number, number>([[1, 0]])
  const rounds: Map<number, number>[] = []
  for (let edits = 0; edits <= Math.min(before.length + after.length, EDITS_MAX); edits++) {
    const round = new Map<number, number>()
    for (let k = -edits; k <= edits; k += 2) {
      let x = stepsDown(furthest, k, edits) ? (furthest.get(k + 1) ?? 0) : (furthest.get(k - 1) ?? 0) + 1
      while (x < before.length && x - k < after.length && before[x] === after[x - k]) x++
      round.set(k, x)
      if (x >= before.length && x - k >= after.length) return walkBack([...rounds, round], before.length, after.length)
    }
    rounds.push(round)
    for (const [k, x] of round) furthest.set(k, x)
  }
  return []
}

/** Whether the best path to diagonal `k` inserts a line rather than deleting one. */
function stepsDown(furthest: Map<number, number>, k: number, edits: number): boolean {
  return k === -edits || (k !== edits && (furthest.get(k - 1) ?? -1) < (furthest.get(k + 1) ?? -1))
}

function walkBack(rounds: Map<number, number>[], x: number, y: number): [number, number][] {
  const pairs: [number, number][] = []
  for (let edits = rounds.length - 1; edits >= 0; edits--) {
    const k = x - y
    const previous = rounds[edits - 1]
    const from = previous === undefined ? 0 : stepsDown(previous, k, edits) ? k + 1 : k - 1
    const [px, down] = previous === undefined ? [0, true] : [previous.get(from) ?? 0, from === k + 1]
    const py = px - from
    const [sx, sy] = previous === undefined ? [0, 0] : down ? [px, py + 1] : [px + 1, py]
    while (x > sx && y > sy) pairs.push([--x, --y])
    ;[x, y] = [px, py]
  }
  return pairs.reverse()
}
