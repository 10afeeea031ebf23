// When a group fails: who is guilty, who is tried again, and what is told.
import { KbError, messageOf, systemCode, type Failure } from '../core/errors.ts'
import type { ResolvedCommit } from './resolve.ts'
import type { CheckedPath } from './check-paths.ts'
import type { Committed } from './transaction.ts'
import type { Outcome, Work } from './work.ts'

/** Times that a group is tried again because a git of ours failed. */
const GIT_RETRIES_MAX = 2
/** Storage that refuses refuses every document: the run ends instead of failing each. */
const STORAGE_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'ENFILE', 'ENOMEM'])

/** The first that names a path is the one that wants it; others may name it only because of the first, and are planned again. */
export function failConflicts(
  conflicts: CheckedPath[],
  planned: { work: Work; commit: ResolvedCommit }[],
  outcomes: Map<Work, Outcome>,
): void {
  for (const { path, verdict } of conflicts) {
    if (verdict.kind !== 'conflict') continue
    const first = planned.find(({ commit }) => commit.changes.some(({ tree }) => tree === path.tree))
    if (first === undefined) continue
    const failure: Failure = {
      code: 'nameConflict',
      message: `${first.work.label}: ${path.tree} ${verdict.reason}; kbgit leaves it alone.`,
      hint: `Commit, rename or remove ${path.tree}, then run kbgit again.`,
    }
    outcomes.set(first.work, { kind: 'failed', failure })
  }
}

export function padded(outcomes: Outcome[], length: number): Outcome[] {
  return [...outcomes, ...Array.from({ length: length - outcomes.length }, (): Outcome => ({ kind: 'untried' }))]
}

export function unfinishedError({ commits, unfinished }: Committed): KbError {
  return new KbError(
    'storage',
    `The commit ${commits.at(-1)?.slice(0, 10)} is made, but its files are not all in place: ${messageOf(unfinished)}`,
    {
      hint: 'Free the disk or mend the cause; the next kbgit command (or kbgit recover) puts them in place.',
      cause: unfinished,
    },
  )
}

/** A git that collects or locks beside ours makes it fail; nothing was changed then, and the next try may find it gone. */
export function isGitInTheWay(error: unknown, replans: number): boolean {
  return error instanceof KbError && error.code === 'gitFailed' && replans < GIT_RETRIES_MAX
}

export function isWorthTryingAlone(error: unknown): boolean {
  if (STORAGE_ERRORS.has(systemCode(error) ?? '')) return false
  return !(error instanceof KbError) || error.code === 'gitFailed'
}

export function asKbError(error: unknown): KbError {
  if (error instanceof KbError) return error
  return new KbError(
    systemCode(error) === undefined ? 'unexpected' : 'rolledBack',
    `Nothing was changed: ${messageOf(error)}`,
    { cause: error },
  )
}
