// No small document makes the worker compute much longer than a plain text of its size. Processor time, and in proportion,
// because the machine may be busy; `node test/bench/patterns.ts` prints the figures.
import { expect, it } from 'vitest'
import { CARRIERS, cpuMsOf, documentOf, PATTERNS, PLAIN_TEXT, type Carrier } from '../../support/patterns.ts'

const BYTES = 60_000
const TIMES_MAX = 20
const TRIES = 3

/** The fastest of a few: the first runs compile code. */
async function fastest(pattern: (typeof PATTERNS)[number], carrier: Carrier, enough: number): Promise<number> {
  const content = documentOf(pattern, carrier, BYTES)
  if (content === undefined) return 0
  let best = Infinity
  for (let tries = 0; tries < TRIES && best > enough; tries++)
    best = Math.min(best, (await cpuMsOf(`x.${carrier}`, content)).cpuMs)
  return best
}

it.each(CARRIERS)(
  '%s that repeats a mark takes at most so many times the computing of a plain text',
  async (carrier) => {
    const plain = await fastest(PLAIN_TEXT, carrier, 0)
    const slow: string[] = []
    for (const pattern of PATTERNS) {
      const took = await fastest(pattern, carrier, plain * TIMES_MAX)
      if (took > plain * TIMES_MAX)
        slow.push(`${pattern.name}: ${Math.round(took)} ms, plain text ${Math.round(plain)} ms`)
    }
    expect(slow).toEqual([])
  },
)
