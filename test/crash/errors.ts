// npm run sweep:errors: ENOSPC, EIO, EMFILE and EACCES at every point of every workload. `-- --sample` for a few of each.
import { runSweep } from './run-sweep.ts'
import { sweepErrors } from './sweep-error.ts'

await runSweep(sweepErrors, { few: 2, ofWorkloads: 3 })
