// Does preparation scale with the cores? PDF and Office files with 1, 2 and 4 jobs; real files if a folder is named.
import { readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, resolve } from 'node:path'
import type { Bench } from './support/bench.ts'
import { writeCopies } from './support/copies.ts'
import { writeOfficeFiles } from './support/office-files.ts'
import { Samples, takeTurns } from './support/rounds.ts'
import type { AddResult } from '../../src/core/results.ts'

const JOBS = [1, 2, 4]

export const jobs: Bench = {
  name: 'jobs',
  about: 'PDF and office files with 1, 2 and 4 jobs',
  run: async (place) => {
    const { folder: named, copies } = place.options
    const folder = join(place.dir, 'files')
    if (named === undefined) writeOfficeFiles(folder, place.size(16, 1), place.size(60, 4))
    else writeCopies(resolve(named), folder, copies)
    const rounds = place.rounds(3)
    const samples = new Samples()
    let documents = 0
    await takeTurns(
      rounds,
      JOBS.map((count) => async () => {
        const base = await place.newBase()
        const ran = await place.kbgit(base, ['add', folder, '--json', '-j', String(count)], { mayFail: true })
        documents = (JSON.parse(ran.stdout) as AddResult).added.length
        samples.add(`${count}`, ran.ms)
        samples.add(`${count} cpu`, ran.cpuMs)
      }),
    )
    return {
      bench: 'jobs',
      about: jobs.about,
      tables: [
        {
          title: `${documents} documents of ${readdirSync(folder, { recursive: true }).length} files (${named === undefined ? 'generated' : `real, each ${copies} times`}), ${availableParallelism()} cores, medians of ${rounds} rounds.`,
          rows: JOBS.map((count) => ({
            jobs: count,
            seconds: samples.median(`${count}`) / 1000,
            'cpu seconds': samples.median(`${count} cpu`) / 1000,
            'times as fast as 1': samples.ratio('1', `${count}`),
          })),
        },
      ],
      bars: [{ what: '2 jobs beside 1', value: samples.ratio('1', '2'), atLeast: 1.6 }],
    }
  },
}
