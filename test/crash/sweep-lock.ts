// The lock sweep: at each step of recovery another git takes the index lock, and keeps it for a while.
import { lstatSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { runWithFault } from './inject.ts'
import { runTrials } from './lanes.ts'
import { nextCommand } from './next-command.ts'
import type { Options } from './options.ts'
import { judge } from './oracle.ts'
import type { Point } from './point.ts'
import { gitDirOf } from './repository-state.ts'
import type { Row } from './report.ts'
import { describePoint } from './trace.ts'
import type { Bench, Tree, Workload } from './bench.ts'

type Trial = { point: Point }

/** What the contract says of a repository in which another git is at work. */
const BUSY = 12
/** More than the attempts after which an intent that cannot be recovered is set aside. */
const TRIES_MEANWHILE = 6

/** Each call of kbgit itself, and the start of each git. */
function trialsAt(points: Point[]): Trial[] {
  const started = new Set<string>()
  return points.flatMap((point): Trial[] => {
    if (point.role === 'kbgit') return [{ point }]
    const name = `${point.role.git} ${point.role.call}`
    if (started.has(name)) return []
    started.add(name)
    return [{ point }]
  })
}

export function sweepLocks(bench: Bench, workload: Workload, tree: Tree, options: Options): Promise<Row> {
  const { scratch } = bench
  const env = scratch.environment()
  return runTrials({
    sweep: 'foreign lock',
    bench,
    workload,
    tree,
    options,
    choose: trialsAt,
    describe: ({ point }) => describePoint(point),
    attempt: async ({ dir, course }, { point }) => {
      const lock = join(gitDirOf(dir), 'index.lock')
      const hit = await runWithFault(scratch, bench.words(workload), dir, point, { kind: 'lock', lock })
      if (!hit.injected) return { injected: false, wrong: [] }
      const wrong: string[] = []
      const expectAnswer = (code: number | null, said: string): void => {
        if (code !== 0 && code !== BUSY) wrong.push(`beside another git it ended with ${code}: ${said}`)
      }
      expectAnswer(hit.code, `${hit.stderr}${hit.stdout}`)
      if (hit.log.includes('LOCKED')) {
        for (let tries = 0; tries < TRIES_MEANWHILE; tries++) {
          const { code, stdout, stderr } = await nextCommand(dir, env, ['recover', '--json'])
          expectAnswer(code, `${stderr}${stdout}`)
        }
        const stat = lstatSync(lock, { throwIfNoEntry: false })
        if (stat?.isFile() !== true || stat.size > 0) wrong.push('the lock of the other git is gone')
        else rmSync(lock)
      }
      return { injected: true, wrong: [...wrong, ...(await judge(dir, env, course, hit, 'recover'))] }
    },
  })
}
