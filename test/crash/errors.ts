// npm run sweep:errors: ENOSPC, EIO, EMFILE, EACCES and EROFS at every point of every workload, then some commands on a
// read-only or full file system and with few open files. `-- --sample` for a few of each.
import { runSweeps, type Sweep } from './run-sweep.ts'
import { sweepErrors } from './sweep-error.ts'
import { cannotMount, sweepLimits, type Limit } from './sweep-limits.ts'

const LIMITED = ['add batch', 'update', 'remove with overviews', 'recover forward']

function under(limit: Limit): Sweep {
  return {
    name: limit,
    run: (bench, workload, tree, options) => sweepLimits(bench, workload, tree, { ...options, limit }),
    few: 3,
    ofWorkloads: LIMITED.length,
    only: LIMITED,
    obstacle: cannotMount,
  }
}

await runSweeps(
  { name: 'error', run: sweepErrors, few: 2, ofWorkloads: 3 },
  under('read-only'),
  under('open files'),
  under('full disk'),
)
