// Trials of one workload in parallel. Calls are identified by absolute paths, so each lane has a folder of its own and
// records the workload's course there.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { seeCourse, type Seen } from './course.ts'
import type { Course } from './oracle.ts'
import { sampled, type Options } from './options.ts'
import { say, type Row } from './report.ts'
import type { Point } from './point.ts'
import { inTurns } from './turns.ts'
import type { Bench, Tree, Workload } from './bench.ts'

/**
 * How documents of a batch are grouped depends on when they are ready: a call may occur in one run and not in the next.
 */
const TRIES_MAX = 12

/** `dir` is where the base is when a trial begins, in `place`, which is copied for it. */
export type Lane = { number: number; place: string; dir: string; course: Course }
export type Verdict = { injected: boolean; wrong: string[] }

export type Trials<T extends { point: Point }> = {
  sweep: string
  bench: Bench
  workload: Workload
  tree: Tree
  options: Options
  choose: (points: Point[], dir: string) => T[]
  describe: (trial: T) => string
  /** The trial's point as this lane identifies it. `tries`: from 1. */
  attempt: (lane: Lane, trial: T, number: number, tries: number) => Promise<Verdict>
  /** Default: plain copies in plain folders. */
  ground?: Ground
}

/** The file system under a lane's folder. */
export type Ground = {
  dir: (lane: number) => string
  begin: (lane: number) => Promise<void>
  end: (lane: number) => Promise<void>
}

function plainGround(bench: Bench, workload: Workload, tree: Tree): Ground {
  const dir = (lane: number): string => bench.scratch.path('runs', `lane-${lane}`)
  return {
    dir,
    begin: (lane) => bench.begin(workload, tree, dir(lane)),
    end: async (lane) => rmSync(dir(lane), { recursive: true }),
  }
}

export async function runTrials<T extends { point: Point }>(trials: Trials<T>): Promise<Row> {
  const {
    sweep,
    bench,
    workload,
    tree,
    options,
    choose,
    describe,
    attempt,
    ground = plainGround(bench, workload, tree),
  } = trials
  const started = performance.now()
  const dirs = Array.from({ length: options.jobs }, (_, lane) => ground.dir(lane))
  const seen: Seen[] = await Promise.all(dirs.map((dir) => seeCourse(bench, workload, tree, dir)))
  const [first = ''] = dirs
  const chosen = sampled(
    choose(seen[0]?.points ?? [], first).filter((trial) => describe(trial).includes(options.at)),
    options,
  )
  const free = seen.map(({ course }, number): Lane => {
    const place = dirs[number] ?? ''
    return { number, place, dir: join(place, workload.folder ?? ''), course }
  })
  const failures: string[] = []
  let injected = 0
  await inTurns(chosen, options.jobs, async (trial, number) => {
    const lane = free.pop()
    if (lane === undefined) throw new Error('there are more turns than lanes')
    const here = { ...trial, point: { ...trial.point, path: trial.point.path.replace(first, lane.place) } }
    // A repository that cannot even be examined is a failure of this trial, not of the sweep.
    const once = async (tries: number): Promise<Verdict> => {
      await ground.begin(lane.number)
      const verdict = await attempt(lane, here, number, tries).catch((error: unknown): Verdict => ({
        injected: true,
        wrong: [String(error)],
      }))
      await ground.end(lane.number)
      return verdict
    }
    let verdict = await once(1)
    for (let tries = 2; !verdict.injected && verdict.wrong.length === 0 && tries <= TRIES_MAX; tries++)
      verdict = await once(tries)
    free.push(lane)
    if (verdict.injected) injected++
    const wrong = [...(verdict.injected ? [] : ['the fault was not injected']), ...verdict.wrong]
    if (wrong.length === 0) return
    failures.push(`${describe(trial)}: ${wrong.join('; ')}`.replaceAll(bench.scratch.dir, ''))
    say(`FAILED ${failures.at(-1)}`)
  })
  return {
    sweep,
    workload: workload.name,
    tree,
    points: seen[0]?.points.length ?? 0,
    tried: chosen.length,
    injected,
    failures,
    seconds: (performance.now() - started) / 1000,
  }
}
