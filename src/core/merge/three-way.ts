// Three-way merging of values. All of it is symmetric: exchanging ours and theirs gives the same.

export type Merged<T> = { kind: 'merged'; value: T } | { kind: 'conflict' }

/** What one side alone changed wins; undefined is "not there". */
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
 * Items by key: what both have, and what either added; what either took out is gone. Items of the base keep their
 * order; added ones follow the item that they follow on their side, sorted by key.
 */
export function mergeKeys(ancestor: string[], ours: string[], theirs: string[]): string[] {
  const inOurs = new Set(ours)
  const inTheirs = new Set(theirs)
  const inBase = new Set(ancestor)
  const kept = (order: string[]) => order.filter((key) => inBase.has(key) && inOurs.has(key) && inTheirs.has(key))
  const [before, left, right] = [kept(ancestor), kept(ours), kept(theirs)]
  // A side that has put them in another order wins; of two such, always the same one.
  const order = same(before, left)
    ? right
    : same(before, right) || JSON.stringify(left) > JSON.stringify(right)
      ? left
      : right
  const place = new Map(order.map((key, at) => [key, at]))
  const added = new Map<string, number>()
  for (const side of [ours, theirs]) {
    let after = -1
    for (const key of side) {
      after = place.get(key) ?? after
      if (!inBase.has(key)) added.set(key, Math.max(added.get(key) ?? -1, after))
    }
  }
  const merged: string[] = []
  for (let at = -1; at < order.length; at++) {
    const key = order[at]
    if (key !== undefined) merged.push(key)
    merged.push(
      ...[...added]
        .filter(([, after]) => after === at)
        .map(([one]) => one)
        .sort(byCode),
    )
  }
  return merged
}

/** Keys in the order of `known`, those that it does not have after it, as they stand. */
export function inKnownOrder(keys: string[], known: string[]): string[] {
  const place = new Map(known.map((key, at) => [key, at]))
  return [...keys].sort((a, b) => (place.get(a) ?? known.length) - (place.get(b) ?? known.length))
}

/** The order of UTF-16 units: the same in every locale. */
export function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The same one of two, whichever is named first. */
export function either<T>(a: T, b: T): T {
  return JSON.stringify(a) > JSON.stringify(b) ? a : b
}
