// One workload, run once without a fault: its points and its course.
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { execute } from './execute.ts'
import { recordRun } from './inject.ts'
import { observeEnd, observeStart, type Course } from './oracle.ts'
import { readPoints } from './trace.ts'
import type { Point } from './point.ts'
import type { Bench, Tree, Workload } from './bench.ts'

export type Seen = { course: Course; points: Point[] }

/**
 * Runs a workload under strace in the folder that its faulty runs will use too, because calls are identified by path.
 * Throws if it fails.
 */
export async function seeCourse(bench: Bench, workload: Workload, tree: Tree, dir: string): Promise<Seen> {
  const env = bench.scratch.environment()
  const traceFile = `${dir}.trace`
  const root = join(dir, workload.folder ?? '')
  await bench.begin(workload, tree, dir)
  const start = await observeStart(root, env, workload)
  const head = await execute(['git', 'rev-parse', '-q', '--verify', 'HEAD'], { cwd: root, env })
  // Looking at it writes to it: git's index, kbgit's sidecar. The faulty runs begin from an untouched state.
  rmSync(dir, { recursive: true })
  await bench.begin(workload, tree, dir)
  const ended = await recordRun(bench.scratch, bench.words(workload), root, traceFile)
  if (ended.code !== 0)
    throw new Error(`${workload.name} fails without a fault: ${ended.code} ${ended.stderr}${ended.stdout}`)
  await workload.finish?.(root)
  const points = await readPoints(traceFile, dir)
  const course = await observeEnd(root, env, start, head.code === 0 ? head.stdout.trim() : undefined)
  rmSync(traceFile)
  rmSync(dir, { recursive: true })
  return { course: { ...course, lacking: await seeLacking(bench, workload, tree, dir) }, points }
}

/** For each document, the course of a run in which only it fails, and of a run that continues where that ended. */
async function seeLacking(bench: Bench, workload: Workload, tree: Tree, dir: string): Promise<Course[]> {
  const env = bench.scratch.environment()
  const root = join(dir, workload.folder ?? '')
  const courses: Course[] = []
  for (const argv of workload.lacking ?? []) {
    await bench.begin(workload, tree, dir)
    const start = await observeStart(root, env, workload)
    const head = (await execute(['git', 'rev-parse', 'HEAD'], { cwd: root, env })).stdout.trim()
    await bench.done(root, argv, 'lacking')
    await bench.done(root, workload.argv, 'whole')
    courses.push(await observeEnd(root, env, start, head))
    rmSync(dir, { recursive: true })
  }
  return courses
}
