// npm run bench [-- names…]: how fast, how flat and how large, each compared with something else in the same run.
// --sample: small sizes, under two minutes, to check that every benchmark runs. --rounds N. --folder DIR (jobs,
// convert, bulk): real files, each --copies N times (jobs). --documents 100,600 (bulk): numbers of small notes.
// --max N (flat-headless): documents of the largest base. `flat --headless` is `flat-headless`.
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { again } from './again.ts'
import { browser } from './browser.ts'
import { bulk } from './bulk.ts'
import { convert } from './convert.ts'
import { flat } from './flat.ts'
import { flatHeadless } from './flat-headless.ts'
import { growth } from './growth.ts'
import { jobs } from './jobs.ts'
import { memory } from './memory.ts'
import { profile } from './profile.ts'
import { read } from './read.ts'
import { readers } from './readers.ts'
import { CACHE, Place } from './support/bench.ts'
import { buildPackage } from '../support/package.ts'
import { tell } from './support/report.ts'
import { view } from './view.ts'
import { workers } from './workers.ts'

const ALL = [
  convert,
  bulk,
  again,
  flat,
  flatHeadless,
  profile,
  read,
  readers,
  jobs,
  growth,
  memory,
  view,
  browser,
  workers,
]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'boolean', default: false },
    rounds: { type: 'string' },
    folder: { type: 'string' },
    copies: { type: 'string', default: '1' },
    documents: { type: 'string' },
    headless: { type: 'boolean', default: false },
    max: { type: 'string' },
  },
})
const names = positionals.map((name) => (values.headless && name === flat.name ? flatHeadless.name : name))
const unknown = names.filter((name) => !ALL.some((bench) => bench.name === name))
if (unknown.length > 0)
  throw new Error(`There is no benchmark ${unknown.join(', ')}; there are ${ALL.map(({ name }) => name).join(', ')}.`)

const command = buildPackage(join(CACHE, 'package'))
for (const bench of ALL) {
  if (names.length > 0 && !names.includes(bench.name)) continue
  const startedAt = new Date()
  const loadBefore = loadavg()[0] ?? 0
  using place = new Place({
    command,
    sample: values.sample,
    rounds: values.rounds === undefined ? undefined : Number(values.rounds),
    folder: values.folder,
    copies: Number(values.copies),
    documents: values.documents?.split(',').map(Number),
    max: values.max === undefined ? undefined : Number(values.max),
  })
  const report = await bench.run(place)
  tell(report, {
    sample: values.sample,
    command: `npm run bench${values.sample ? ':sample' : ''} -- ${bench.name}`,
    startedAt,
    loadBefore,
  })
}
