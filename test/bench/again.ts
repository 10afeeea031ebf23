// Adding a folder again: unchanged, and with one document in a hundred changed.
import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AddResult } from '../../src/core/results.ts'
import type { Bench } from './support/bench.ts'
import { writeNotes } from './support/notes.ts'
import { Samples } from './support/rounds.ts'
import { added } from './support/steps.ts'

export const again: Bench = {
  name: 'again',
  about: 'the same folder again',
  run: async (place) => {
    const documents = place.size(5_000, 120)
    const changed = Math.ceil(documents / 100)
    const rounds = place.rounds(3)
    const folder = join(place.dir, 'notes')
    const names = writeNotes(folder, 0, documents)
    const samples = new Samples()
    const base = await place.newBase()
    const first = await place.kbgit(base, ['add', folder, '--json'])
    added(first, documents)
    for (let round = 0; round < rounds; round++) {
      // By the second time the files are old enough for their times to be trusted; from then on nothing is read.
      const unchanged = await place.kbgit(base, ['add', folder, '--json'])
      const { skipped } = JSON.parse(unchanged.stdout) as AddResult
      if (skipped.length !== documents) throw new Error(`${skipped.length} of ${documents} were skipped`)
      samples.add('unchanged', unchanged.ms)
      samples.add('unchanged cpu', unchanged.cpuMs)
      for (let index = 0; index < changed; index++)
        appendFileSync(join(folder, names[(index * 97 + round) % documents] ?? ''), `\nRound ${round} changed this.\n`)
      const some = await place.kbgit(base, ['add', folder, '--json'])
      const { updated } = JSON.parse(some.stdout) as AddResult
      if (updated.length !== changed) throw new Error(`${updated.length} of ${changed} were updated`)
      samples.add('changed', some.ms)
      samples.add('changed cpu', some.cpuMs)
    }
    const row = (what: string, ms: number, cpuMs: number) => ({
      what,
      seconds: ms / 1000,
      'cpu seconds': cpuMs / 1000,
      'of the first add': ms / first.ms,
      'of its cpu': cpuMs / first.cpuMs,
    })
    return {
      bench: 'again',
      about: `${documents} notes, ${again.about}`,
      tables: [
        {
          title: `Medians of ${rounds} rounds; the first add once.`,
          rows: [
            row('first add', first.ms, first.cpuMs),
            row('unchanged', samples.median('unchanged'), samples.median('unchanged cpu')),
            row(`${changed} changed`, samples.median('changed'), samples.median('changed cpu')),
          ],
        },
      ],
      bars: [
        { what: 'unchanged beside the first add', value: samples.median('unchanged') / first.ms, atMost: 0.02 },
        { what: '1% changed beside the first add', value: samples.median('changed') / first.ms, atMost: 0.05 },
      ],
    }
  },
}
