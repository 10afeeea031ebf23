// How well an engine answers queries: mean reciprocal rank, share of queries answered in the first three, time.
import { RANKS, type Engine } from './engines.ts'
import type { Query } from './queries.ts'

/** `rank`: mean reciprocal rank at 10. `three`: share from 0 to 1. `ms` per query. */
export type Measure = { rank: number; three: number; ms: number }

export async function measure(asked: Query[], engine: Engine): Promise<Measure> {
  let [sum, three] = [0, 0]
  const start = performance.now()
  for (const { query, expected } of asked) {
    const at = (await engine(query)).slice(0, RANKS).findIndex((name) => expected.includes(name))
    if (at === -1) continue
    sum += 1 / (at + 1)
    if (at < 3) three += 1
  }
  return { rank: sum / asked.length, three: three / asked.length, ms: (performance.now() - start) / asked.length }
}
