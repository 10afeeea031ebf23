// When a group fails: who is guilty, who is tried again, and what is told.
import { SPARSE } from '../core/transaction/classify-path.ts'
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
  for (const { path, status } of conflicts) {
    if (status.kind !== 'conflict') continue
    const first = planned.find(({ commit }) => commit.changes.some(({ tree }) => tree === path.tree))
    if (first === undefined) continue
    const failure: Failure = {
      code: 'nameConflict',
      message: `${first.work.label}: ${path.tree} ${status.reason}; kbgit leaves it alone.`,
      hint:
        status.reason === SPARSE
          ? 'Bring it back with git sparse-checkout add (or disable), then run kbgit again.'
          : `Commit, rename or remove ${path.tree}, then run kbgit again.`,
    }
    outcomes.set(first.work, { kind: 'failed', failure })
  }
}

export function padded(outcomes: Outcome[], length: number): Outcome[] {
  return [...outcomes, ...Array.from({ length: length - outcomes.length }, (): Outcome => ({ kind: 'untried' }))]
}

export function unfinishedError({ commits, unfinished }: Committed): KbError {
  return new KbError(
    'unfinished',
    `The commit ${commits.at(-1)?.slice(0, 10)} is made, but its files are not all in place: ${messageOf(unfinished)}`,
    {
      hint: 'Free the disk or fix the cause; the next kbgit command (or kbgit recover) puts them in place.',
      cause: unfinished,
    },
  )
}

/** The commits are made and in place, but what kbgit keeps about them could not be updated: it follows by itself later. */
export function followError(cause: unknown): KbError {
  return new KbError('unfinished', `The documents are committed, then the run ended: ${messageOf(cause)}`, {
    hint: 'Free the disk or fix the cause, then run the same command again to go on.',
    cause,
  })
}

/** The lock file of a ref that another git holds, if that is why git failed. */
function foreignRefLock(error: unknown): string | undefined {
  if (!(error instanceof KbError && error.code === 'gitFailed')) return undefined
  return /cannot lock ref .*Unable to create '(.+\.lock)': File exists/s.exec(error.message)?.[1]
}

/** A git that collects or locks beside ours makes it fail; nothing was changed then, and the next try may find it gone. */
export function isGitInTheWay(error: unknown, replans: number): boolean {
  return error instanceof KbError && error.code === 'gitFailed' && replans < GIT_RETRIES_MAX
}

export function isWorthTryingAlone(error: unknown): boolean {
  if (STORAGE_ERRORS.has(systemCode(error) ?? '') || foreignRefLock(error) !== undefined) return false
  return !(error instanceof KbError) || error.code === 'gitFailed'
}

export function asKbError(error: unknown): KbError {
  const lock = foreignRefLock(error)
  if (lock !== undefined) {
    return new KbError('repositoryBusy', `${lock} is there: another git is at work, or one died.`, {
      hint: `Wait for it. If no git is running, remove ${lock} and try again. Nothing was changed.`,
      cause: error,
    })
  }
  if (error instanceof KbError) return error
  return new KbError(
    systemCode(error) === undefined ? 'unexpected' : 'rolledBack',
    `Nothing was changed: ${messageOf(error)}`,
    { cause: error },
  )
}
