// npm run sweep: kills at every point of every workload, and another git at every step of recovery. `-- --sample` for a
// few of each.
import { runSweeps } from './run-sweep.ts'
import { sweepKills } from './sweep-kill.ts'
import { sweepLocks } from './sweep-lock.ts'

await runSweeps(
  { name: 'kill', run: sweepKills, few: 2, ofWorkloads: 1 },
  { name: 'foreign lock', run: sweepLocks, few: 3, ofWorkloads: 1, only: ['recover forward', 'recover back'] },
)
