// A sweep over all workloads, on a clean and on a dirty work tree.
import { readOptions, type Options } from './options.ts'
import { buildProduct } from './product.ts'
import { report, say, type Row } from './report.ts'
import { requireStrace } from './requirements.ts'
import { Scratch } from './scratch.ts'
import { cutOffWorkloads } from './cut-off.ts'
import { mutatingWorkloads } from './workload.ts'
import { Bench, type Tree, type Workload } from './bench.ts'

export type Sweep = (bench: Bench, workload: Workload, tree: Tree, options: Options) => Promise<Row>

/**
 * Runs it over what the command line asks for. A sample is `few` points of each workload, or of every so many-th, on one
 * of its trees.
 */
export async function runSweep(
  sweep: Sweep,
  { few, ofWorkloads }: { few: number; ofWorkloads: number },
): Promise<void> {
  const options = readOptions(few)
  if (!requireStrace()) return
  using scratch = new Scratch()
  const bench = new Bench(scratch, buildProduct(scratch))
  const rows: Row[] = []
  const workloads = await mutatingWorkloads(bench)
  for (const [number, workload] of [...workloads, ...(await cutOffWorkloads(bench, workloads))].entries()) {
    const trees = (['clean', 'dirty'] as const).filter((tree) => workload.from[tree] !== undefined)
    for (const [at, tree] of trees.entries()) {
      if (options.few !== undefined && (number % ofWorkloads > 0 || at !== (number / ofWorkloads) % trees.length))
        continue
      if (!`${workload.name}, ${tree}`.includes(options.only)) continue
      const row = await sweep(bench, workload, tree, options)
      say(
        `${row.workload}, ${row.tree}: ${row.points} points, ${row.tried} tried, ${row.injected} injected, ${row.failures.length} failures, ${row.seconds.toFixed(1)} s`,
      )
      rows.push(row)
    }
  }
  report(rows, options.json)
}
