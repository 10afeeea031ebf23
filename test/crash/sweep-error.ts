// The error sweep: every mutating call fails once, with an error that fits it; then all calls of a kind fail from one
// on.
import { lstatSync } from 'node:fs'
import { headTree } from './repository-state.ts'
import { runWithFault, type Hit } from './inject.ts'
import { runTrials } from './lanes.ts'
import { judge, nextOf, type Course } from './oracle.ts'
import type { Options } from './options.ts'
import type { Row } from './report.ts'
import { describePoint } from './trace.ts'
import type { Point } from './point.ts'
import type { Bench, Tree, Workload } from './bench.ts'

type Trial = { point: Point; errno: string; from: boolean }

const OF_SQLITE = /\.db(?:-wal)?$/

const NEEDS_SPACE = ['openat', 'write', 'pwrite64', 'mkdir', 'link', 'rename', 'ftruncate', 'fsync', 'fdatasync']
const NEEDS_DISK = ['write', 'pwrite64', 'rename', 'unlink', 'fsync', 'fdatasync', 'ftruncate']
const NEEDS_PERMISSION = ['openat', 'mkdir', 'link', 'rename', 'unlink', 'rmdir']
const FITTING: [errno: string, syscalls: string[]][] = [
  ['ENOSPC', NEEDS_SPACE],
  ['EIO', NEEDS_DISK],
  ['EMFILE', ['openat']],
  ['EACCES', NEEDS_PERMISSION],
  ['EROFS', NEEDS_PERMISSION],
]

/**
 * Points take turns among the errors that fit them, and fail once or from there on in turns, so that all combinations
 * occur over the workloads. `all`: both at each point.
 */
function trialsAt(points: Point[], all: boolean): Trial[] {
  return points.flatMap((point, number): Trial[] => {
    const fitting = FITTING.filter(([, syscalls]) => syscalls.includes(point.syscall)).map(([errno]) => errno)
    const errno = fitting[number % fitting.length]
    if (errno === undefined) return []
    // If no path narrows it down, every later call fails, including answers in a pipe: no disk does that.
    const froms = !point.byPath ? [false] : all ? [false, true] : [Math.floor(number / fitting.length) % 2 === 1]
    return froms.map((from) => ({ point, errno, from }))
  })
}

export function sweepErrors(bench: Bench, workload: Workload, tree: Tree, options: Options): Promise<Row> {
  const { scratch } = bench
  const words = bench.words(workload)
  const env = scratch.environment()
  return runTrials({
    sweep: 'error',
    bench,
    workload,
    tree,
    options,
    choose: (points, dir) => trialsAt(options.all ? points : bench.kinds.take(points, dir, workload.name), options.all),
    describe: ({ point, errno, from }) => `${describePoint(point)} ${errno}${from ? ' from then on' : ''}`,
    attempt: async ({ dir, course }, { point, errno, from }, number, tries) => {
      const hit = await runWithFault(scratch, words, dir, point, { kind: 'error', errno, from }, { fast: tries === 1 })
      const wrong = hit.injected ? await judgeAnswer(dir, env, course, hit, point) : []
      return { injected: hit.injected, wrong: [...wrong, ...(await judge(dir, env, course, hit, nextOf(number)))] }
    },
  })
}

/** Done, or a code and a sentence that say that it is not. And what could not be flushed is not flushed again. */
async function judgeAnswer(
  dir: string,
  env: Record<string, string>,
  course: Course,
  hit: Hit,
  { role, syscall, path }: Point,
): Promise<string[]> {
  const wrong: string[] = []
  if (hit.code === null) wrong.push(`it died of ${hit.signal}`)
  if (hit.code === 0 && (await headTree(dir, env)) !== course.trees.at(-1))
    wrong.push('it claims success and is not done')
  if (hit.code !== 0 && `${hit.stdout}${hit.stderr}`.trim() === '')
    wrong.push(`it ended with ${hit.code} and said nothing`)
  // In `git merge` 1 is a conflict: what kbgit could not merge is left to the user.
  if (hit.code === 1 && course.workload.program?.[0] !== 'git')
    wrong.push(`it did not expect this: ${hit.stdout}${hit.stderr}`)
  // Only kbgit's flushes of this path count. git exits at a failed fsync by itself. A folder is flushed again for its
  // next entry, and SQLite flushes its log again when it closes: its stores can be rebuilt from git.
  if (OF_SQLITE.test(path)) return wrong
  if (role !== 'kbgit' || !syscall.endsWith('sync') || lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    return wrong
  const calls = hit.log.split('\n').filter((line) => line.includes(`${syscall}(`))
  const failed = calls.findIndex((line) => line.includes('(INJECTED)'))
  if (calls.slice(failed + 1).length > 0) wrong.push(`${path} was flushed again after a failed fsync`)
  return wrong
}
