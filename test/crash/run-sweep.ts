// A sweep over all workloads, on a clean and on a dirty work tree.
import { readOptions, type Options } from './options.ts'
import { buildProduct } from './product.ts'
import { report, say, type Row } from './report.ts'
import { requireStrace } from './requirements.ts'
import { Scratch } from './scratch.ts'
import { cutOffWorkloads } from './cut-off.ts'
import { Bench, mutatingWorkloads, type Tree, type Workload } from './workload.ts'

export type Sweep = (bench: Bench, workload: Workload, tree: Tree, options: Options) => Promise<Row>

export async function runSweep(sweep: Sweep, { sampleEvery }: { sampleEvery: number }): Promise<void> {
  const options = readOptions(sampleEvery)
  if (!requireStrace()) return
  using scratch = new Scratch()
  const bench = new Bench(scratch, await buildProduct(scratch))
  const rows: Row[] = []
  const workloads = await mutatingWorkloads(bench)
  for (const workload of [...workloads, ...(await cutOffWorkloads(bench, workloads))]) {
    for (const tree of ['clean', 'dirty'] as const) {
      if (workload.from[tree] === undefined) continue
      if (!`${workload.name}, ${tree}`.includes(options.only)) continue
      const row = await sweep(bench, workload, tree, options)
      say(`${row.workload}, ${row.tree}: ${row.points} points, ${row.tried} tried, ${row.injected} injected, ${row.failures.length} failures, ${row.seconds.toFixed(1)} s`)
      rows.push(row)
    }
  }
  report(rows, options.json)
}
