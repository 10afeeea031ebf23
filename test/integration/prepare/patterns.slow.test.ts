// No small document makes the worker compute much longer than a plain text of its size. Processor time, and in proportion,
// because the machine may be busy; `node test/bench/patterns.ts` prints the figures.
import { expect, it } from 'vitest'
import { CARRIERS, PATTERNS, PLAIN_TEXT, secondsPerMb } from '../../support/patterns.ts'

const BYTES = 60_000
/** Of a longer text: in a short one, what every document costs once would count as its text. */
const PLAIN_BYTES = 240_000
const TIMES_MAX = 20
const RUNS = 5

it.each(CARRIERS)(
  '%s that repeats a mark takes at most so many times the computing of a plain text',
  async (carrier) => {
    const plainSeconds = async (): Promise<number> =>
      (await secondsPerMb(PLAIN_TEXT, carrier, { bytes: PLAIN_BYTES, runs: RUNS }))?.seconds ?? 0
    let plain = await plainSeconds()
    const slow: string[] = []
    for (const pattern of PATTERNS) {
      const seconds = async (): Promise<number> =>
        (await secondsPerMb(pattern, carrier, { bytes: BYTES, runs: RUNS, enough: plain * TIMES_MAX }))?.seconds ?? 0
      let measured = await seconds()
      if (measured > plain * TIMES_MAX) {
        // Two that share a core compute half as fast: both are measured again, one after the other.
        plain = await plainSeconds()
        measured = await seconds()
      }
      if (measured > plain * TIMES_MAX)
        slow.push(`${pattern.name}: ${measured.toFixed(2)} s/MB, plain text ${plain.toFixed(2)} s/MB`)
    }
    expect(slow).toEqual([])
  },
)
