// What must be true after any fault. Every check returns sentences about what is not; none is relaxed for a particular
// fault.
import { EXIT_SOME_FAILED } from '../../src/core/errors.ts'
import type { FsckResult } from '../../src/index.ts'
import { execute, git, type Ended } from './execute.ts'
import { nextCommand, type NextCommand } from './next-command.ts'
import { headTree, leftovers, repositoryState, status } from './repository-state.ts'
import { lostWork, userWork, type UserWork } from './user-work.ts'
import type { Workload } from './bench.ts'

type Environment = Record<string, string>

/** What a run without a fault did, from the same state. An interrupted run may leave only its trees. */
export type Course = {
  workload: Workload
  user: UserWork
  /** HEAD's tree before the run and after each of its commits; undefined is "no commit yet". */
  trees: (string | undefined)[]
  /** `git status` before the run and after it. */
  statusBefore: string
  statusAfter: string
  /** What `kbgit fsck` finds before the run, for lint to fix. */
  problems: string[]
  /** The state of the repository after the run, as text. */
  end: string
  /** Runs in which one document failed, if the command reports that. */
  lacking?: Course[]
}

/** How to check after the fault: with recovery alone, or with the same command once more. */
export type Next = 'recover' | 'again'

/** Recovery costs half as much as running again, and does the same to the same states: every third trial runs again. */
export function nextOf(number: number): Next {
  return number % 3 === 2 ? 'again' : 'recover'
}

export async function observeStart(
  dir: string,
  env: Environment,
  workload: Workload,
): Promise<Omit<Course, 'statusAfter' | 'end'>> {
  return {
    workload,
    user: await userWork(dir, env),
    trees: [await headTree(dir, env)],
    statusBefore: await status(dir, env),
    problems: workload.unborn === true ? [] : await problems(dir, env),
  }
}

/** Completes a course after the run without a fault. */
export async function observeEnd(
  dir: string,
  env: Environment,
  start: Omit<Course, 'statusAfter' | 'end'>,
  from: string | undefined,
): Promise<Course> {
  const range = start.workload.rewrites === true ? ['-1'] : from === undefined ? ['HEAD'] : [`${from}..HEAD`]
  const made = (await git(dir, env, 'log', '--reverse', '--first-parent', '--format=%T', ...range))
    .split('\n')
    .filter((tree) => tree !== '')
  return {
    ...start,
    trees: [...start.trees, ...made],
    statusAfter: await status(dir, env),
    end: contentState(await repositoryState(dir, env)),
  }
}

/** Everything that is wrong after a fault; empty if all is well. */
export async function judge(dir: string, env: Environment, whole: Course, ended: Ended, next: Next): Promise<string[]> {
  const wrong: string[] = []
  const { workload } = whole
  await workload.finish?.(dir)
  const courses = await coursesOf(dir, env, whole, ended)
  const [course] = courses
  const base = workload.unborn !== true
  if (base) expectDone(wrong, 'list', await nextCommand(dir, env, ['list', '--json']))
  if (base) {
    expectDone(wrong, 'recover', await nextCommand(dir, env, ['recover', '--json']))
    const once = await repositoryState(dir, env)
    wrong.push(...(await judgeState(dir, env, course, false)), ...(await judgeReports(dir, env, ended)))
    expectDone(wrong, 'recover', await nextCommand(dir, env, ['recover', '--json']))
    if ((await repositoryState(dir, env)) !== once) wrong.push('recovering twice is not recovering once')
  }
  const isDone = workload.once === true && (await headTree(dir, env)) === course.trees.at(-1)
  if ((next === 'again' && !isDone) || !base) {
    expectDone(wrong, 'again', await runAgain(dir, env, workload))
    const tree = await headTree(dir, env)
    const taken = courses.find(({ trees }) => trees.at(-1) === tree) ?? course
    wrong.push(...(await judgeState(dir, env, taken, true)))
  }
  const checked = await execute(['git', 'fsck', '--full', '--strict', '--no-dangling'], { cwd: dir, env })
  if (checked.code !== 0 || /missing|corrupt|bad/.test(checked.stderr))
    wrong.push(`git fsck: ${checked.code} ${checked.stdout}${checked.stderr}`)
  const found = (await problems(dir, env)).filter((problem) => !course.problems.includes(problem))
  if (found.length > 0) wrong.push(`kbgit fsck: ${found.join(', ')}`)
  return wrong
}

/**
 * The courses that a run may be on: one that reports failures or that it stopped may lack documents, and several courses
 * pass through the same tree.
 */
async function coursesOf(
  dir: string,
  env: Environment,
  whole: Course,
  { code }: Ended,
): Promise<[Course, ...Course[]]> {
  if (code !== EXIT_SOME_FAILED) return [whole]
  const tree = await headTree(dir, env)
  const [first = whole, ...others] = [whole, ...(whole.lacking ?? [])].filter(({ trees }) => trees.includes(tree))
  return [first, ...others]
}

/** Also fsck's messages, if it reports anything else. */
async function problems(dir: string, env: Environment): Promise<string[]> {
  const { code, stdout, stderr } = await nextCommand(dir, env, ['fsck', '--blobs', '--json'])
  if (code === 0) return []
  const told =
    code === EXIT_SOME_FAILED
      ? (JSON.parse(stdout) as FsckResult).problems.map(
          (problem) => `${problem.code} ${problem.path} ${problem.message}`,
        )
      : []
  return told.length > 0 ? told : [`${code} ${stdout}${stderr}`]
}

/** Each document completely there or completely absent, the user's work unchanged, nothing left over. */
async function judgeState(dir: string, env: Environment, course: Course, finished: boolean): Promise<string[]> {
  const wrong: string[] = []
  const tree = await headTree(dir, env)
  const index = finished ? course.trees.length - 1 : course.trees.indexOf(tree)
  if (index < 0) wrong.push(`HEAD's tree ${tree ?? '(none)'} is none that a whole run passes through`)
  if (finished && tree !== course.trees.at(-1))
    wrong.push(`HEAD's tree after the command was run again is not that of a whole run`)
  const steady = (text: string): string =>
    text
      .split('\n')
      .filter((line) => course.workload.passing?.test(line) !== true || finished)
      .join('\n')
  const now = steady(await status(dir, env))
  // A run that commits nothing can have only one state after recovery.
  const wanted = index === 0 && !finished && course.trees.length > 1 ? course.statusBefore : course.statusAfter
  if (index >= 0 && now !== steady(wanted)) wrong.push(`git status says:\n${now}and should say:\n${wanted}`)
  const left = leftovers(dir)
  if (left.length > 0) wrong.push(`left lying about: ${left.join(', ')}`)
  if (finished && contentState(await repositoryState(dir, env)) !== course.end)
    wrong.push('the files are not those of a whole run')
  wrong.push(...(await lostWork(dir, env, course.user)), ...((await course.workload.check?.(dir)) ?? []))
  return wrong
}

/** What the command reported as committed is committed. A killed command may have reported a part. */
async function judgeReports(dir: string, env: Environment, { stdout, stderr }: Ended): Promise<string[]> {
  const wrong: string[] = []
  for (const [, commit = ''] of stdout.matchAll(/"commit": "([0-9a-f]{40,64})"/g)) {
    const found = await execute(['git', 'for-each-ref', '--contains', commit, 'refs/heads/'], { cwd: dir, env })
    if (found.code !== 0 || found.stdout === '') wrong.push(`${commit} was reported and is on no branch`)
  }
  const done = Math.max(0, ...[...stderr.matchAll(/^(\d+) of \d+ documents?/gm)].map(([, count]) => Number(count)))
  const documents = JSON.parse((await nextCommand(dir, env, ['list', '--json'])).stdout) as { documents: unknown[] }
  if (done > documents.documents.length)
    wrong.push(`${done} documents were reported as done; there are ${documents.documents.length}`)
  return wrong
}

/** kbgit in this process; anything else in a separate one. */
async function runAgain(dir: string, env: Environment, { program, argv, finish }: Workload): Promise<NextCommand> {
  if (program === undefined) return nextCommand(dir, env, [...argv, '--json'])
  const { code, stdout, stderr } = await execute(program, { cwd: dir, env })
  await finish?.(dir)
  return { code: code ?? -1, stdout, stderr }
}

function expectDone(wrong: string[], name: string, { code, stdout, stderr }: NextCommand): void {
  if (code !== 0) wrong.push(`the next command (${name}) ended with ${code}: ${stderr}${stdout}`)
}

/** The state without commit ids: messages contain the id of their transaction, which another run does not share. */
function contentState(state: string): string {
  return state
    .split('\n')
    .filter((line) => !/^HEAD |^refs\//.test(line))
    .join('\n')
}
