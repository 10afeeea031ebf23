// The kill sweep: every mutating call of a command, and of the git that it starts, is where it dies once.
import { rmSync } from 'node:fs'
import { seeCourse } from './course.ts'
import { runWithFault, type Death } from './inject.ts'
import { judge } from './oracle.ts'
import { type Options } from './options.ts'
import { say, type Row } from './report.ts'
import { describePoint, type Point } from './trace.ts'
import { inTurns } from './turns.ts'
import type { Bench, Tree, Workload } from './workload.ts'

type Trial = { point: Point; death: Death }

/** Faults in the git processes come twice: kbgit dies with them, or lives and must make the best of it. */
function trialsAt(points: Point[], { every, at }: Options): Trial[] {
  const trials = points.flatMap((point): Trial[] => [
    { point, death: 'all' },
    ...(point.role === 'kbgit' ? [] : [{ point, death: 'git' as const }]),
  ])
  return trials.filter(({ point, death }) => `${describePoint(point)} ${death}`.includes(at)).filter((_, number) => number % every === 0)
}

export async function sweepKills(bench: Bench, workload: Workload, tree: Tree, options: Options): Promise<Row> {
  const started = performance.now()
  const { scratch, command } = bench
  // A folder a lane: calls are named by absolute paths, so each lane sees the course in its own.
  const lanes = Array.from({ length: options.jobs }, (_, lane) => scratch.path('runs', `lane-${lane}`))
  const seen = await Promise.all(lanes.map((dir) => seeCourse(bench, workload, tree, dir)))
  const trials = trialsAt(seen[0]?.points ?? [], options)
  const free = lanes.map((dir, lane) => ({ dir, course: seen[lane]?.course }))
  const failures: string[] = []
  let injected = 0
  await inTurns(trials, options.jobs, async ({ point, death }, number) => {
    const lane = free.pop()
    if (lane?.course === undefined) throw new Error('there are more turns than lanes')
    const here = { ...point, path: point.path.replace(lanes[0] ?? '', lane.dir) }
    await bench.copyTo(workload.from[tree], lane.dir)
    const hit = await runWithFault(scratch, command, workload.argv, lane.dir, here, { kind: 'kill', death })
    if (hit.injected) injected++
    else failures.push(`${describePoint(point)} (${death}): the fault was not injected`)
    const wrong = await judge(lane.dir, scratch.environment(), lane.course, hit, number % 2 === 0 ? 'recover' : 'again')
    if (death === 'git' && hit.code === null) wrong.push(`kbgit died of ${hit.signal} with its git`)
    if (wrong.length > 0) {
      failures.push(`${describePoint(point)} (${death}): ${wrong.join('; ')}`)
      say(`FAILED ${describePoint(point)} (${death}): ${wrong.join('; ')}`)
    }
    rmSync(lane.dir, { recursive: true })
    free.push(lane)
  })
  return { sweep: 'kill', workload: workload.name, tree, points: trials.length, injected, failures, seconds: (performance.now() - started) / 1000 }
}
