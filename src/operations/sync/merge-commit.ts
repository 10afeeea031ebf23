// The merge of two branches as a commit, made beside the work tree: nothing is half merged if it stops.
import { commitMessage } from '../../commit/change.ts'
import { identLine, type Identity } from '../../commit/identity.ts'
import { KbError } from '../../core/errors.ts'
import type { Base } from '../../io/base.ts'

/** Paths named in a message. */
const SHOWN_MAX = 10

/**
 * Merges with git's own strategy and kbgit's merge driver. `id` becomes the commit's `Kbgit-Transaction`. Throws `KbError`:
 * `rolledBack` for a conflict that only a person can solve, `gitFailed` for unrelated histories or a git that is too old.
 */
export async function mergeCommit(
  base: Base,
  identity: Identity,
  { id, ours, theirs, name }: { id: string; ours: string; theirs: string; name: string },
): Promise<string> {
  const { git } = base
  // As git merge tells its drivers whose commit the other side is.
  const env = { [`GITHEAD_${theirs}`]: name }
  const merged = await git.run(['merge-tree', '--write-tree', '-z', '--name-only', '--no-messages', ours, theirs], {
    ok: [0, 1, 128, 129],
    env,
  })
  const [tree = '', ...conflicts] = merged.stdout
    .toString()
    .split('\0')
    .filter((field) => field !== '')
  if (merged.code === 1) {
    const more = conflicts.length > SHOWN_MAX ? ` and ${conflicts.length - SHOWN_MAX} more` : ''
    throw new KbError(
      'rolledBack',
      `This branch and ${name} change the same lines of ${conflicts.slice(0, SHOWN_MAX).join(', ')}${more}. Nothing was changed here.`,
      { hint: `Merge by hand: git merge ${name}. Solve the conflicts, commit, and run kbgit sync again.` },
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
  const message = commitMessage({ label: name, subject: `Merge ${name}`, trailers: [], changes: [] }, id)
  const [author, committer] = [identity.author, identity.committer].map((who) => partsOf(identLine(who, base.clock)))
  return git.text(['commit-tree', tree, '-p', ours, '-p', theirs, '-F', '-'], {
    input: message,
    env: { ...identityEnv('AUTHOR', author), ...identityEnv('COMMITTER', committer) },
  })
}

type Who = { name: string; email: string; date: string }

function partsOf(line: string): Who | undefined {
  const [, name = '', email = '', date = ''] = /^(.*) <(.*)> (\d+ [+-]\d{4})$/.exec(line) ?? []
  return date === '' ? undefined : { name, email, date }
}

function identityEnv(role: string, who: Who | undefined): Record<string, string> {
  if (who === undefined) return {}
  return { [`GIT_${role}_NAME`]: who.name, [`GIT_${role}_EMAIL`]: who.email, [`GIT_${role}_DATE`]: who.date }
}
