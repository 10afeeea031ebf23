// The limit sweep: a command on a file system that is read-only or has so many bytes left, and with so many files that
// may be open. One limit after the other, from one with which nothing works to one with which all does.
import { mkdirSync, rmSync, statfsSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { seeCourse } from './course.ts'
import { execute, type Ended } from './execute.ts'
import { nextCommand } from './next-command.ts'
import type { Options } from './options.ts'
import { judge, type Course } from './oracle.ts'
import type { Row } from './report.ts'
import { say } from './report.ts'
import { contentOf } from '../support/workplace.ts'
import type { Bench, Tree, Workload } from './bench.ts'

export type Limit = 'read-only' | 'open files' | 'full disk'

const SIZE = '64m'
/** Free bytes: none, then from a page to more than any of the commands takes. */
const FREE_BYTES = [0, ...Array.from({ length: 23 }, (_, index) => Math.round(4096 * 2 ** (index / 2)))]
/** With more than this, every command of the workloads succeeds. */
const FILES_MAX = 80
/** What the contract says if nothing or not all could be written. */
const REFUSED = new Set([3, 12, 13, 14])

type Ground = { dir: string; mounted: string }

/** Why no file system can be mounted here, as a sentence; undefined if one can. */
export async function cannotMount(bench: Bench): Promise<string | undefined> {
  const dir = bench.scratch.path('probe')
  mkdirSync(dir, { recursive: true })
  const tried = await execute(['mount', '-t', 'tmpfs', 'kbgit', dir], { cwd: '/', env: bench.scratch.environment() })
  if (tried.code !== 0) return tried.stderr.trim()
  await mount(bench, 'umount', dir)
  return undefined
}

async function mount(bench: Bench, ...words: string[]): Promise<void> {
  const { code, stderr } = await execute(words, { cwd: '/', env: bench.scratch.environment() })
  if (code !== 0) throw new Error(`${words.join(' ')}: ${stderr}`)
}

export async function sweepLimits(
  bench: Bench,
  workload: Workload,
  tree: Tree,
  options: Options & { limit: Limit },
): Promise<Row> {
  const started = performance.now()
  const { scratch } = bench
  const mounted = scratch.path('limited')
  const ground: Ground = { mounted, dir: join(mounted, 'base') }
  mkdirSync(mounted, { recursive: true })
  await mount(bench, 'mount', '-t', 'tmpfs', '-o', `size=${SIZE}`, 'kbgit', mounted)
  const failures: string[] = []
  let tried = 0
  let refused = 0
  try {
    const { course } = await seeCourse(bench, workload, tree, ground.dir)
    const levels = await levelsOf(bench, options.limit, ground)
    for (const level of options.few === undefined ? levels : levels.slice(0, options.few)) {
      await bench.begin(workload, tree, ground.dir)
      const { ended, wrong } = await runLimited(bench, workload, options.limit, level, ground)
      tried++
      if (ended.code !== 0) refused++
      wrong.push(...(await judgeEnd(bench, course, ended, ground)))
      rmSync(ground.dir, { recursive: true })
      if (wrong.length === 0) continue
      failures.push(`${options.limit} ${level}: ${wrong.join('; ')}`.replaceAll(scratch.dir, ''))
      say(`FAILED ${failures.at(-1)}`)
    }
  } finally {
    await mount(bench, 'umount', mounted)
  }
  const seconds = (performance.now() - started) / 1000
  return {
    sweep: options.limit,
    workload: workload.name,
    tree,
    points: tried,
    tried,
    injected: refused,
    failures,
    seconds,
  }
}

async function levelsOf(bench: Bench, limit: Limit, ground: Ground): Promise<number[]> {
  if (limit === 'read-only') return [0]
  if (limit === 'open files') {
    const floor = await filesToStart(bench, ground)
    return Array.from({ length: FILES_MAX - floor }, (_, index) => floor + index)
  }
  return FREE_BYTES
}

/** So many open files Node itself needs to start. */
async function filesToStart(bench: Bench, { mounted }: Ground): Promise<number> {
  for (let files = 8; ; files++) {
    const words = ['sh', '-c', `ulimit -n ${files} && exec "$@"`, 'sh', ...bench.command, '--version']
    const { code } = await execute(words, { cwd: mounted, env: bench.scratch.environment() })
    if (code === 0) return files
  }
}

async function runLimited(
  bench: Bench,
  workload: Workload,
  limit: Limit,
  level: number,
  { dir, mounted }: Ground,
): Promise<{ ended: Ended; wrong: string[] }> {
  const env = bench.scratch.environment({ KBGIT_IDS: 'workload' })
  const words = [...bench.words(workload), '--json']
  const remount = (option: string): Promise<void> => mount(bench, 'mount', '-o', `remount,${option}`, mounted)
  if (limit === 'open files')
    return {
      ended: await execute(['sh', '-c', `ulimit -n ${level} && exec "$@"`, 'sh', ...words], { cwd: dir, env }),
      wrong: [],
    }
  if (limit === 'full disk') {
    const ballast = join(mounted, 'ballast')
    fill(ballast, level)
    const ended = await execute(words, { cwd: dir, env })
    rmSync(ballast)
    return { ended, wrong: [] }
  }
  const wrong: string[] = []
  const before = JSON.stringify(contentOf(dir))
  await remount('ro')
  const ended = await execute(words, { cwd: dir, env })
  for (const argv of [['list'], ['status'], ['search', 'engine'], ['fsck']]) {
    const { code, stdout, stderr } = await nextCommand(dir, env, [...argv, '--json'])
    if (code !== 0 && argv[0] !== 'fsck') wrong.push(`${argv.join(' ')} ended with ${code}: ${stderr}${stdout}`)
  }
  await remount('rw')
  if (ended.code === 0) wrong.push('it claims success on a read-only file system')
  if (JSON.stringify(contentOf(dir)) !== before) wrong.push('something was written')
  return { ended, wrong }
}

/** Takes all the space there is but so many bytes. */
function fill(ballast: string, leave: number): void {
  const { bfree, bsize } = statfsSync(dirname(ballast))
  try {
    writeFileSync(ballast, Buffer.alloc(bfree * bsize, 1))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
  }
  truncateSync(ballast, Math.max(0, statSync(ballast).size - leave))
}

/** An answer of the contract, and a base that is as it was or as it should be. */
async function judgeEnd(bench: Bench, course: Course, ended: Ended, { dir }: Ground): Promise<string[]> {
  const { code, signal, stdout, stderr } = ended
  const wrong: string[] = []
  if (code === null) wrong.push(`it died of ${signal}`)
  else if (code !== 0 && !REFUSED.has(code)) wrong.push(`it ended with ${code}: ${stderr}${stdout}`)
  try {
    JSON.parse(stdout)
  } catch {
    wrong.push(`it printed no JSON: ${stdout.slice(0, 200)}${stderr.slice(0, 400)}`)
  }
  return [...wrong, ...(await judge(dir, bench.scratch.environment(), course, ended, 'again'))]
}
