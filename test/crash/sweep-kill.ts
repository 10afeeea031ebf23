// The kill sweep: every mutating call of a command, and of the git that it starts, is where it dies once.
import { runWithFault, type Death } from './inject.ts'
import { runTrials } from './lanes.ts'
import { judge } from './oracle.ts'
import type { Options } from './options.ts'
import type { Row } from './report.ts'
import { describePoint, type Point } from './trace.ts'
import type { Bench, Tree, Workload } from './workload.ts'

type Trial = { point: Point; death: Death }

/** Faults in the git processes come twice: kbgit dies with them, or lives and must make the best of it. */
function trialsAt(points: Point[]): Trial[] {
  return points.flatMap((point): Trial[] => [
    { point, death: 'all' },
    ...(point.role === 'kbgit' ? [] : [{ point, death: 'git' as const }]),
  ])
}

export function sweepKills(bench: Bench, workload: Workload, tree: Tree, options: Options): Promise<Row> {
  const { scratch, command } = bench
  return runTrials({
    sweep: 'kill', bench, workload, tree, options,
    choose: trialsAt,
    describe: ({ point, death }) => `${describePoint(point)} (${death})`,
    attempt: async ({ dir, course }, { point, death }, number) => {
      const hit = await runWithFault(scratch, command, workload.argv, dir, point, { kind: 'kill', death })
      const wrong = await judge(dir, scratch.environment(), course, hit, number % 2 === 0 ? 'recover' : 'again')
      if (death === 'git' && hit.code === null) wrong.push(`kbgit died of ${hit.signal} with its git`)
      return { injected: hit.injected, wrong }
    },
  })
}
