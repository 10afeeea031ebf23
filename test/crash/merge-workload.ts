// The user's `git merge` of two branches that changed the same pages: kbgit runs in it as the merge driver, and after
// it through the hook.
import { existsSync, readdirSync, readlinkSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { execute, git } from './execute.ts'
import { leftovers } from './repository-state.ts'
import { HERE } from './scratch.ts'
import type { Bench, Workload } from './bench.ts'

/** Milliseconds between two checks of a hook that works in the background. */
const LOOK_MS = 20

/** git's own temporary files. It leaves them if the system refuses to write or to remove them. */
const LEFT_BY_GIT = /^\.merge_file_\w{6}$/

export async function mergeWorkload(bench: Bench, from: string): Promise<Workload> {
  const env = bench.scratch.environment()
  const dir = bench.scratch.path('branches')
  await bench.copyTo(from, dir)
  await git(dir, env, 'switch', '-q', '-c', 'other')
  await bench.done(dir, ['add', join(bench.documents.batch, 'Yak.md')], 'prepare-other')
  await git(dir, env, 'switch', '-q', 'main')
  await bench.done(dir, ['add', bench.documents.short], 'prepare-main')
  await bench.done(dir, ['hooks', 'install'])
  const driver = [join(HERE, 'merge-driver.sh'), ...bench.command].map((word) => `'${word}'`).join(' ')
  await git(dir, env, 'config', 'merge.kbgit.driver', `sh ${driver} %O %A %B %P`)
  return {
    name: 'git merge',
    argv: [],
    program: ['git', 'merge', '-q', '--no-edit', 'other'],
    from: { clean: dir },
    finish: (where) => finish(where, env),
  }
}

/** After a git has died, a person removes its locks, and aborts a merge that stopped half-way, as git tells them to. */
async function finish(dir: string, env: Record<string, string>): Promise<void> {
  while (isHookAtWork(dir)) await delay(LOOK_MS)
  for (const name of readdirSync(dir)) if (LEFT_BY_GIT.test(name)) rmSync(join(dir, name))
  if (
    !existsSync(join(dir, '.git/MERGE_HEAD')) &&
    (await git(dir, env, 'status', '--porcelain')) === '' &&
    leftovers(dir).length === 0
  )
    return
  for (const path of leftovers(dir)) if (path.endsWith('.lock')) rmSync(join(dir, path))
  await execute(['git', 'merge', '--abort'], { cwd: dir, env })
  await git(dir, env, 'reset', '-q', '--hard')
  await git(dir, env, 'clean', '-fdq')
}

/** Whether a process of any program has this folder as its working directory. */
function isHookAtWork(dir: string): boolean {
  return readdirSync('/proc').some((pid) => {
    try {
      return /^\d+$/.test(pid) && readlinkSync(`/proc/${pid}/cwd`) === dir
    } catch {
      return false
    }
  })
}
