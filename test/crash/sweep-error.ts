// The error sweep: every mutating call fails once, with each error that fits it; and all of a kind fail from one on.
import { rmSync } from 'node:fs'
import { headTree } from './repository-state.ts'
import { seeCourse } from './course.ts'
import { runWithFault, type Hit } from './inject.ts'
import { judge, type Course } from './oracle.ts'
import type { Options } from './options.ts'
import { say, type Row } from './report.ts'
import { describePoint, type Point } from './trace.ts'
import { inTurns } from './turns.ts'
import type { Bench, Tree, Workload } from './workload.ts'

type Trial = { point: Point; errno: string; from: boolean }

const NEEDS_SPACE = ['openat', 'write', 'pwrite64', 'mkdir', 'link', 'rename', 'ftruncate', 'fsync', 'fdatasync']
const NEEDS_DISK = ['write', 'pwrite64', 'rename', 'unlink', 'fsync', 'fdatasync', 'ftruncate']
const NEEDS_PERMISSION = ['openat', 'mkdir', 'link', 'rename', 'unlink', 'rmdir']
const FITTING: [errno: string, syscalls: string[]][] = [
  ['ENOSPC', NEEDS_SPACE],
  ['EIO', NEEDS_DISK],
  ['EMFILE', ['openat']],
  ['EACCES', NEEDS_PERMISSION],
]

/** Each point takes its turn among the errors that fit it, so that over the workloads all are met. */
function trialsAt(points: Point[], { every, at }: Options): Trial[] {
  const trials = points.flatMap((point, number): Trial[] => {
    const fitting = FITTING.filter(([, syscalls]) => syscalls.includes(point.syscall)).map(([errno]) => errno)
    const errno = fitting[number % fitting.length]
    return errno === undefined ? [] : [{ point, errno, from: false }, { point, errno, from: true }]
  })
  return trials.filter((trial) => describeTrial(trial).includes(at)).filter((_, number) => number % every === 0)
}

function describeTrial({ point, errno, from }: Trial): string {
  return `${describePoint(point)} ${errno}${from ? ' from then on' : ''}`
}

export async function sweepErrors(bench: Bench, workload: Workload, tree: Tree, options: Options): Promise<Row> {
  const started = performance.now()
  const { scratch, command } = bench
  const lanes = Array.from({ length: options.jobs }, (_, lane) => scratch.path('runs', `lane-${lane}`))
  const seen = await Promise.all(lanes.map((dir) => seeCourse(bench, workload, tree, dir)))
  const trials = trialsAt(seen[0]?.points ?? [], options)
  const free = lanes.map((dir, lane) => ({ dir, course: seen[lane]?.course }))
  const failures: string[] = []
  let injected = 0
  await inTurns(trials, options.jobs, async (trial, number) => {
    const lane = free.pop()
    if (lane?.course === undefined) throw new Error('there are more turns than lanes')
    const { point, errno, from } = trial
    const here = { ...point, path: point.path.replace(lanes[0] ?? '', lane.dir) }
    await bench.copyTo(workload.from[tree], lane.dir)
    const hit = await runWithFault(scratch, command, workload.argv, lane.dir, here, { kind: 'error', errno, from })
    const wrong = hit.injected ? await judgeAnswer(lane.dir, scratch.environment(), lane.course, hit, here) : ['the fault was not injected']
    if (hit.injected) injected++
    wrong.push(...(await judge(lane.dir, scratch.environment(), lane.course, hit, number % 2 === 0 ? 'recover' : 'again')))
    if (wrong.length > 0) {
      failures.push(`${describeTrial(trial)}: ${wrong.join('; ')}`)
      say(`FAILED ${describeTrial(trial)}: ${wrong.join('; ')}`)
    }
    rmSync(lane.dir, { recursive: true })
    free.push(lane)
  })
  return { sweep: 'error', workload: workload.name, tree, points: trials.length, injected, failures, seconds: (performance.now() - started) / 1000 }
}

/** Done, or a code and a sentence that say that it is not. And what could not be flushed is not flushed again. */
async function judgeAnswer(dir: string, env: Record<string, string>, course: Course, hit: Hit, { role, syscall, path }: Point): Promise<string[]> {
  const wrong: string[] = []
  if (hit.code === null) wrong.push(`it died of ${hit.signal}`)
  if (hit.code === 0 && (await headTree(dir, env)) !== course.trees.at(-1)) wrong.push('it claims success and is not done')
  if (hit.code !== 0 && `${hit.stdout}${hit.stderr}`.trim() === '') wrong.push(`it ended with ${hit.code} and said nothing`)
  if (hit.code === 1) wrong.push(`it did not expect this: ${hit.stdout}${hit.stderr}`)
  // The log of kbgit is of this path alone. git ends at a failed fsync by itself.
  if (role !== 'kbgit' || !syscall.endsWith('sync')) return wrong
  const calls = hit.log.split('\n').filter((line) => line.includes(`${syscall}(`))
  const failed = calls.findIndex((line) => line.includes('(INJECTED)'))
  if (calls.slice(failed + 1).length > 0) wrong.push(`${path} was flushed again after a failed fsync`)
  return wrong
}
