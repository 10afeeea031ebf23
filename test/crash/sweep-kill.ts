// The kill sweep: a command dies once at each of its mutating calls, and at each of those of the git processes that it
// starts.
import { runWithFault, type Death } from './inject.ts'
import { runTrials } from './lanes.ts'
import { judge, nextOf } from './oracle.ts'
import type { Options } from './options.ts'
import type { Row } from './report.ts'
import { describePoint } from './trace.ts'
import type { Point } from './point.ts'
import type { Bench, Tree, Workload } from './bench.ts'

type Trial = { point: Point; death: Death }

/**
 * Calls that change no name: git's own file is longer or safer than before, which makes no difference to the outcome.
 */
const SAME_NAMES = ['write', 'pwrite64', 'writev', 'pwritev', 'fsync', 'fdatasync']

/**
 * Faults in git processes come twice: kbgit dies with them, or survives and has to cope. If no name changes, they take
 * turns.
 */
function trialsAt(points: Point[], { program }: Workload): Trial[] {
  const deaths = ['all', 'git'] as const
  return points.flatMap((point, number): Trial[] => {
    // Nothing waits for the git that the user started.
    if (point.role === 'kbgit' || program?.[0] === 'git') return [{ point, death: 'all' }]
    const some = SAME_NAMES.includes(point.syscall) ? [deaths[number % 2] ?? 'all'] : deaths
    return some.map((death) => ({ point, death }))
  })
}

export function sweepKills(bench: Bench, workload: Workload, tree: Tree, options: Options): Promise<Row> {
  const { scratch } = bench
  const words = bench.words(workload)
  return runTrials({
    sweep: 'kill',
    bench,
    workload,
    tree,
    options,
    choose: (points, dir) => trialsAt(options.all ? points : bench.kinds.take(points, dir, workload.name), workload),
    describe: ({ point, death }) => `${describePoint(point)} (${death})`,
    attempt: async ({ dir, course }, { point, death }, number, tries) => {
      const hit = await runWithFault(scratch, words, dir, point, { kind: 'kill', death }, { fast: tries === 1 })
      const wrong = await judge(dir, scratch.environment(), course, hit, nextOf(number))
      if (death === 'git' && hit.code === null) wrong.push(`kbgit died of ${hit.signal} with its git`)
      return { injected: hit.injected, wrong }
    },
  })
}
