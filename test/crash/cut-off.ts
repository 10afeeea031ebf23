// Recovery as a workload: bases whose last command died just before the commit point or just after it.
import { join } from 'node:path'
import { git } from './execute.ts'
import { runWithFault } from './inject.ts'
import { seeCourse } from './course.ts'
import type { Point } from './point.ts'
import type { Bench, Tree, Workload } from './bench.ts'

type Moment = 'before' | 'after'

/** The branch is moved by a rename of its lock. */
function commitPoint(points: Point[]): number {
  return points.findIndex(
    ({ role, syscall, path }) =>
      role !== 'kbgit' && role.git === 'update-ref' && syscall === 'rename' && /refs\/heads\/\w+\.lock$/.test(path),
  )
}

export async function cutOffWorkloads(bench: Bench, workloads: Workload[]): Promise<Workload[]> {
  const batch = workloads.find(({ name }) => name === 'add batch')
  if (batch === undefined) throw new Error('there is no batch to cut off')
  const [before, after] = await Promise.all(
    (['before', 'after'] as const).map(async (moment) => ({
      clean: await cutOff(bench, batch, 'clean', moment),
      dirty: await cutOff(bench, batch, 'dirty', moment),
    })),
  )
  if (before === undefined || after === undefined) throw new Error('nothing was cut off')
  return [
    { name: 'recover back', argv: ['recover'], from: before },
    { name: 'recover forward', argv: ['recover'], from: after },
    { name: 'recover, branch renamed', argv: ['recover'], from: await renameBranch(bench, after) },
  ]
}

async function renameBranch(bench: Bench, from: Record<Tree, string>): Promise<Record<Tree, string>> {
  const renamed = { clean: bench.scratch.path('renamed-clean'), dirty: bench.scratch.path('renamed-dirty') }
  for (const tree of ['clean', 'dirty'] as const) {
    await bench.copyTo(from[tree], renamed[tree])
    await git(renamed[tree], bench.scratch.environment(), 'branch', '-m', 'main', 'trunk')
  }
  return renamed
}

/** A copy of the workload's folder in which it died just before or just after its commit point. */
export async function cutOff(bench: Bench, workload: Workload, tree: Tree, moment: Moment): Promise<string> {
  const dir = bench.scratch.path(`cut-off-${moment}-${tree}-${workload.name.replaceAll(' ', '-')}`)
  const { points } = await seeCourse(bench, workload, tree, dir)
  const index = commitPoint(points)
  // After the commit point: the first call that kbgit itself makes.
  const point = moment === 'before' ? points[index] : points.slice(index).find(({ role }) => role === 'kbgit')
  if (index < 0 || point === undefined) throw new Error(`${workload.name} has no commit point`)
  await bench.begin(workload, tree, dir)
  const root = join(dir, workload.folder ?? '')
  const hit = await runWithFault(bench.scratch, bench.words(workload), root, point, { kind: 'kill', death: 'all' })
  if (!hit.injected) throw new Error(`${workload.name} could not be cut off`)
  return dir
}
