// The merge of two branches as a commit, made beside the work tree: nothing is half merged if it stops.
import { commitMessage, type Planned } from '../../commit/change.ts'
import { identityEnv, identLine, partsOf, type Identity } from '../../commit/identity.ts'
import { KbError } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'
import { driverEnvironment } from '../../io/git/merge-driver.ts'
import { mergePlace } from '../merge/merge-place.ts'

/** `name`: of the other side. `message`: without transaction and author. `hint`: what to do about a conflict. `scratch`: an empty private folder. */
export type Merging = {
  id: string
  ours: string
  theirs: string
  name: string
  scratch: string
  message?: Pick<Planned, 'subject' | 'trailers'>
  hint?: (name: string) => string
}

const SYNC_AGAIN = (name: string): string =>
  `Merge by hand: git merge ${name}. Solve the conflicts, commit, and run kbgit sync again.`

/** Paths named in a message. */
const SHOWN_MAX = 10

/**
 * Merges with git's own strategy and kbgit's merge driver. `id` becomes the commit's `Kbgit-Transaction`. Throws `KbError`:
 * `rolledBack` for a conflict that only a person can solve, `gitFailed` for unrelated histories or a git that is too old.
 */
export async function mergeCommit(
  base: Base,
  identity: Identity,
  { id, ours, theirs, name, scratch, hint = SYNC_AGAIN, message: { subject, trailers } = mergeOf(name) }: Merging,
): Promise<string> {
  const { git } = base
  const tree = await mergedTree(base, { ours, theirs, name, scratch, hint })
  const message = commitMessage({ label: name, subject, trailers, changes: [] }, id)
  const [author, committer] = [identity.author, identity.committer].map((who) => partsOf(identLine(who, base.clock)))
  return git.text(['commit-tree', tree, '-p', ours, '-p', theirs, '-F', '-'], {
    input: message,
    env: { ...identityEnv('AUTHOR', author), ...identityEnv('COMMITTER', committer) },
  })
}

/** As git words it. */
function mergeOf(name: string): Pick<Planned, 'subject' | 'trailers'> {
  return { subject: `Merge ${name}`, trailers: [] }
}

/** The tree of the merge of two commits. Throws like `mergeCommit`. */
export async function mergedTree(
  base: Base,
  { ours, theirs, name, scratch, hint = SYNC_AGAIN }: Omit<Merging, 'id' | 'message'>,
): Promise<string> {
  await using place = await mergePlace(base, scratch, { ours, theirs })
  // As git merge tells its drivers whose commit the other side is.
  const merged = await place.git.run(
    ['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs],
    {
      ok: [0, 1, 128, 129],
      env: { ...driverEnvironment(base), [`GITHEAD_${theirs}`]: name },
    },
  )
  const [tree = '', ...conflicts] = merged.stdout
    .toString()
    .split('\0')
    .filter((field) => field !== '')
  if (merged.code === 1) {
    const more = conflicts.length > SHOWN_MAX ? ` and ${conflicts.length - SHOWN_MAX} more` : ''
    throw new KbError(
      'rolledBack',
      `This branch and ${name} change the same lines of ${conflicts.slice(0, SHOWN_MAX).join(', ')}${more}. Nothing was changed here.`,
      { hint: hint(name) },
    )
  }
  if (merged.code !== 0) {
    const unrelated = merged.stderr.includes('unrelated histories')
    throw new KbError('gitFailed', `git cannot merge ${name}: ${merged.stderr.trim().split('\n')[0] ?? ''}`, {
      hint: unrelated
        ? 'The remote has another base. Clone it, and add your documents there.'
        : 'kbgit sync needs git 2.38 or newer.',
    })
  }
  return tree
}
