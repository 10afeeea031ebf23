// Compares variants within one run. They take turns, so that other work on the machine affects all of them alike.

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2
}

/** Values of each key, collected over rounds. */
export class Samples {
  readonly #values = new Map<string, number[]>()

  add(key: string, value: number): void {
    const values = this.#values.get(key)
    if (values === undefined) this.#values.set(key, [value])
    else values.push(value)
  }

  median(key: string): number {
    return median(this.#values.get(key) ?? [])
  }

  /** The median of the ratios of each round, which cancels noise that both sides of a round share. */
  ratio(key: string, to: string): number {
    const below = this.#values.get(to) ?? []
    return median((this.#values.get(key) ?? []).map((value, index) => value / (below[index] ?? Number.NaN)))
  }
}

/** Runs each variant once per round, alternating forwards and backwards. */
export async function takeTurns(rounds: number, variants: ((round: number) => Promise<void>)[]): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    for (const variant of round % 2 === 0 ? variants : variants.toReversed()) await variant(round)
  }
}
