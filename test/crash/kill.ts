// npm run sweep: kills at every point of every workload. `-- --sample` for a few of each.
import { runSweep } from './run-sweep.ts'
import { sweepKills } from './sweep-kill.ts'

await runSweep(sweepKills, { few: 3, ofWorkloads: 1 })
