// npm run sweep: kills at every point of every workload. `-- --sample` for a few of each.
import { requireStrace } from './requirements.ts'
import { readOptions } from './options.ts'
import { buildProduct } from './product.ts'
import { report, say, type Row } from './report.ts'
import { Scratch } from './scratch.ts'
import { sweepKills } from './sweep-kill.ts'
import { Bench, mutatingWorkloads } from './workload.ts'

const SAMPLE_EVERY = 29

const options = readOptions(SAMPLE_EVERY)
if (requireStrace()) {
  using scratch = new Scratch()
  const bench = new Bench(scratch, await buildProduct(scratch))
  const rows: Row[] = []
  for (const workload of await mutatingWorkloads(bench)) {
    for (const tree of ['clean', 'dirty'] as const) {
      if (!`${workload.name} ${tree}`.includes(options.only)) continue
      const row = await sweepKills(bench, workload, tree, options)
      say(`${row.workload}, ${row.tree}: ${row.points} points, ${row.injected} injected, ${row.failures.length} failures, ${row.seconds.toFixed(1)} s`)
      rows.push(row)
    }
  }
  report(rows, options.json)
}
