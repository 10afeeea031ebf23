// Review branches and proposals: transactions behind the work tree, and refs that move together.
import { writeFileSync } from 'node:fs'
import { execute, git } from './execute.ts'
import { headTree } from './repository-state.ts'
import type { Bench, Workload } from './bench.ts'

const PAGE = 'wiki/summaries/second.md'

export async function reviewWorkloads(bench: Bench, from: Workload['from']): Promise<Workload[]> {
  const env = bench.scratch.environment()
  const { short } = bench.documents
  const clean = from.clean ?? ''
  const added = bench.scratch.path('review-added')
  await bench.copyTo(clean, added)
  await bench.done(added, ['add', short], 'review-added')
  const whole = await headTree(added, env)
  const waiting = bench.scratch.path('review-waiting')
  await bench.copyTo(clean, waiting)
  await bench.done(waiting, ['add', '--review', short], 'review-waiting')
  // The branch has moved on since: git merges, with the driver.
  const moved = bench.scratch.path('review-moved')
  await bench.copyTo(waiting, moved)
  await bench.done(moved, ['add', bench.documents.long], 'review-moved')
  const proposal = bench.scratch.path('proposal.json')
  const edit = { page: PAGE, base: 'HEAD', section: 'Note', text: 'Somebody should look at this again.' }
  writeFileSync(proposal, JSON.stringify({ reason: 'It is old', agent: 'scout', edits: [edit] }))
  return [
    // It leaves HEAD as it is; run again, it makes another review.
    { name: 'review add', argv: ['add', '--review', short], from, check: (dir) => wholeReviews(dir, env, whole) },
    {
      name: 'review accept',
      argv: ['review', 'accept', '1'],
      from: { clean: waiting },
      once: true,
      check: (dir) => closed(dir, env),
    },
    {
      name: 'review accept by a merge',
      argv: ['review', 'accept', '1'],
      from: { clean: moved },
      once: true,
      check: (dir) => closed(dir, env),
    },
    {
      name: 'review reject',
      argv: ['review', 'reject', '1', '--reason', 'No'],
      from: { clean: waiting },
      once: true,
      check: (dir) => closed(dir, env),
    },
    { name: 'propose', argv: ['propose', proposal], from: { clean }, once: true },
    { name: 'propose for review', argv: ['propose', '--review', proposal], from },
  ]
}

/** Every review has all that was added. */
async function wholeReviews(dir: string, env: Record<string, string>, whole: string | undefined): Promise<string[]> {
  const trees = await git(dir, env, 'for-each-ref', '--format=%(refname) %(tree)', 'refs/heads/kbgit/review/')
  return trees
    .split('\n')
    .filter((line) => line !== '' && line.split(' ')[1] !== whole)
    .map((line) => `${line} is not what adding makes`)
}

/** The review is open, and nothing says otherwise; or it is closed, and that is recorded with what it had. */
async function closed(dir: string, env: Record<string, string>): Promise<string[]> {
  const isOpen = (await git(dir, env, 'for-each-ref', 'refs/heads/kbgit/review/1')) !== ''
  const recorded = await execute(['git', 'log', '-1', '--format=%s', 'refs/kbgit/reviews', '--'], { cwd: dir, env })
  const isRecorded = recorded.code === 0 && /^review: (?:accept|reject) 1$/m.test(recorded.stdout)
  return isOpen === isRecorded
    ? [`the review is ${isOpen ? 'open' : 'gone'}, and ${isRecorded ? '' : 'not '}recorded as closed`]
    : []
}
