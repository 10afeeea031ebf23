// Sweeps over all workloads, on a clean and on a dirty work tree.
import { readOptions, type Options } from './options.ts'
import { buildProduct } from './product.ts'
import { report, say, type Row } from './report.ts'
import { requireStrace } from './requirements.ts'
import { Scratch } from './scratch.ts'
import { cutOffWorkloads } from './cut-off.ts'
import { mutatingWorkloads } from './workload.ts'
import { headlessWorkloads } from './headless-workloads.ts'
import { largeWorkloads } from './large-workloads.ts'
import { shapedWorkloads } from './shaped-workloads.ts'
import { Bench, type Tree, type Workload } from './bench.ts'

export type Sweep = {
  /** As in its rows. */
  name: string
  run: (bench: Bench, workload: Workload, tree: Tree, options: Options) => Promise<Row>
  /** Points of each workload in a sample. */
  few: number
  /** A sample takes every so many-th workload, on one of its trees. */
  ofWorkloads: number
  /** Names of the workloads. Default: all. */
  only?: readonly string[]
  /** Why it cannot run here; undefined if it can. */
  obstacle?: (bench: Bench) => Promise<string | undefined>
}

/** Runs them over what the command line asks for. */
export async function runSweeps(...sweeps: Sweep[]): Promise<void> {
  if (!requireStrace()) return
  using scratch = new Scratch()
  const bench = new Bench(scratch, buildProduct(scratch))
  const workloads = await mutatingWorkloads(bench)
  const clean = workloads[0]?.from.clean ?? ''
  workloads.push(
    ...(await cutOffWorkloads(bench, workloads)),
    ...(await shapedWorkloads(bench, clean)),
    ...(await largeWorkloads(bench, clean)),
    ...(await headlessWorkloads(bench)),
  )
  const rows: Row[] = []
  for (const sweep of sweeps.filter(({ name }) => name.includes(readOptions(0).sweep))) {
    const obstacle = await sweep.obstacle?.(bench)
    if (obstacle === undefined) rows.push(...(await runOne(bench, workloads, sweep)))
    else say(`SKIPPED: ${obstacle}`)
  }
  report(rows, readOptions(0).json)
}

async function runOne(bench: Bench, all: Workload[], { run, few, ofWorkloads, only }: Sweep): Promise<Row[]> {
  const options = readOptions(few)
  const rows: Row[] = []
  const first = Math.max(
    0,
    all.findIndex(({ name }) => name.includes(options.from)),
  )
  const workloads = all.slice(first).filter(({ name }) => only?.includes(name) ?? true)
  for (const [number, workload] of workloads.entries()) {
    const trees = (['clean', 'dirty'] as const).filter((tree) => workload.from[tree] !== undefined)
    for (const [index, tree] of trees.entries()) {
      if (
        options.few !== undefined &&
        (number % ofWorkloads > 0 || index !== Math.floor(number / ofWorkloads) % trees.length)
      )
        continue
      if (!`${workload.name}, ${tree}`.includes(options.only)) continue
      const row = await run(bench, workload, tree, options)
      say(
        `${row.sweep}: ${row.workload}, ${row.tree}: ${row.points} points, ${row.tried} tried, ${row.injected} injected, ${row.failures.length} failures, ${row.seconds.toFixed(1)} s`,
      )
      rows.push(row)
    }
  }
  return rows
}
