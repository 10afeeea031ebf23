// Three-way merging of values. Everything here is symmetric: swapping ours and theirs produces the same result.

export type Merged<T> = { kind: 'merged'; value: T } | { kind: 'conflict' }

/** A change on one side wins; undefined means absent. */
export function mergeValue<T>(
  ancestor: T | undefined,
  ours: T | undefined,
  theirs: T | undefined,
  equal: (a: T, b: T) => boolean = same,
): Merged<T | undefined> {
  const alike = (a: T | undefined, b: T | undefined) => (a === undefined || b === undefined ? a === b : equal(a, b))
  if (alike(ours, theirs)) return { kind: 'merged', value: ours }
  if (alike(ancestor, ours)) return { kind: 'merged', value: theirs }
  if (alike(ancestor, theirs)) return { kind: 'merged', value: ours }
  return { kind: 'conflict' }
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/**
 * Items by key: those that both have, and those that either added; items that either side removed are gone. Items of
 * the ancestor keep their order; an added one comes after the item that it follows on its side, sorted by key.
 */
export function mergeKeys(ancestor: string[], ours: string[], theirs: string[]): string[] {
  const inOurs = new Set(ours)
  const inTheirs = new Set(theirs)
  const inBase = new Set(ancestor)
  const kept = (order: string[]) => order.filter((key) => inBase.has(key) && inOurs.has(key) && inTheirs.has(key))
  const [before, left, right] = [kept(ancestor), kept(ours), kept(theirs)]
  // A side that reordered them wins; if both did, the choice is deterministic.
  const order = same(before, left)
    ? right
    : same(before, right) || JSON.stringify(left) > JSON.stringify(right)
      ? left
      : right
  const place = new Map(order.map((key, index) => [key, index]))
  const added = new Map<string, number>()
  for (const side of [ours, theirs]) {
    let after = -1
    for (const key of side) {
      after = place.get(key) ?? after
      if (!inBase.has(key)) added.set(key, Math.max(added.get(key) ?? -1, after))
    }
  }
  const merged: string[] = []
  for (let index = -1; index < order.length; index++) {
    const key = order[index]
    if (key !== undefined) merged.push(key)
    merged.push(
      ...[...added]
        .filter(([, after]) => after === index)
        .map(([one]) => one)
        .sort(byCode),
    )
  }
  return merged
}

/** Keys in the order of `known`, followed by those that it does not have, in their own order. */
export function inKnownOrder(keys: string[], known: string[]): string[] {
  const place = new Map(known.map((key, index) => [key, index]))
  return [...keys].sort((a, b) => (place.get(a) ?? known.length) - (place.get(b) ?? known.length))
}

/** Order by UTF-16 units: the same in every locale. */
export function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** Picks one of two values, the same one in either order. */
export function either<T>(a: T, b: T): T {
  return JSON.stringify(a) > JSON.stringify(b) ? a : b
}
