// npm run sweep:power: cuts the power of a disk in a file, on ext4 and xfs; then once more with git's own settings,
// with which the same test must fail. `-- --sample` for a few points.
import { cannotCut } from './loop-disk.ts'
import { readOptions } from './options.ts'
import { buildProduct } from './product.ts'
import { report, say, type Row } from './report.ts'
import { requireStrace } from './requirements.ts'
import { Scratch } from './scratch.ts'
import { sweepPower } from './sweep-power.ts'
import { mutatingWorkloads } from './workload.ts'
import { Bench } from './bench.ts'

/** Tests every n-th of all points: a cut costs half a second more than a kill. */
const EVERY = 7
const SAMPLE = 3
/** Complete runs are the first points, and lose the most. */
const CONTROL_EVERY = 101
const FILE_SYSTEMS = ['ext4', 'xfs'] as const

using scratch = new Scratch()
const reason = await cannotCut(scratch.dir)
if (reason !== undefined) {
  say(`SKIPPED: the power of a disk cannot be cut here (it takes root, loop mounts and Debian's xfsprogs): ${reason}`)
} else if (requireStrace()) {
  const asked = readOptions(SAMPLE)
  const options = { ...asked, every: Math.max(asked.every, EVERY) }
  const bench = new Bench(scratch, buildProduct(scratch))
  const workloads = await mutatingWorkloads(bench)
  const rows: Row[] = []
  for (const name of ['add short', 'add batch', 'update', 'remove']) {
    const workload = workloads.find((each) => each.name === name)
    if (workload === undefined || !name.includes(options.only)) continue
    // A sample tests each on only one of them.
    const on = options.few === undefined ? FILE_SYSTEMS : [FILE_SYSTEMS[rows.length % FILE_SYSTEMS.length] ?? 'ext4']
    for (const fileSystem of on)
      rows.push(
        await sweepPower(bench, workload, fileSystem === 'ext4' ? 'clean' : 'dirty', { ...options, fileSystem }),
      )
  }
  report(rows, options.json)
  const [control] = workloads
  if (control !== undefined) {
    for (const fileSystem of FILE_SYSTEMS) {
      const row = await sweepPower(bench, control, 'clean', {
        ...options,
        few: undefined,
        every: Math.max(options.every, CONTROL_EVERY),
        fileSystem,
        gitDefaults: true,
      })
      say(`With git's own settings on ${fileSystem}: ${row.failures.length} of ${row.injected} cuts lose something.`)
      if (row.failures.length > 0) continue
      say('FAILED: that test must fail, so the others prove nothing.')
      process.exitCode = 1
    }
  }
}
