// npm run soak: kbgit commands, the user's git, the user's edits and kills in random order, compared with a model of
// what must be there. `-- --seed N` replays a run, `--rounds N` sets its length.
import { rmSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { buildProduct } from './product.ts'
import { say } from './report.ts'
import { Scratch } from './scratch.ts'
import { Soak } from './soak-round.ts'
import { prepareBases } from './workload.ts'
import { Bench } from './bench.ts'

const { values } = parseArgs({ options: { seed: { type: 'string' }, rounds: { type: 'string', default: '200' } } })
const seed = Number(values.seed ?? Math.floor(Math.random() * 2 ** 31))
say(`seed ${seed}: npm run soak -- --seed ${seed} --rounds ${values.rounds}`)
using scratch = new Scratch()
const bench = new Bench(scratch, buildProduct(scratch))
const { clean } = await prepareBases(bench)
const soak = await Soak.begin(bench, clean, seed)
const started = performance.now()
for (let round = 1; round <= Number(values.rounds); round++) {
  const { did, wrong } = await soak.round(round)
  if (wrong.length === 0) continue
  say(`FAILED in round ${round} (seed ${seed}) after ${did}:\n${wrong.join('\n')}`)
  say(`the rounds before:\n${soak.diary.slice(-12).join('\n')}`)
  process.exitCode = 1
  break
}
rmSync(soak.dir, { recursive: true })
say(`${soak.diary.length} rounds, ${soak.kills} kills, ${Math.round((performance.now() - started) / 1000)} s`)
