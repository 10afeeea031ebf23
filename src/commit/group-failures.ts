// Decides, when a group fails, which work item failed, what is retried and what is reported.
import { SPARSE } from '../core/transaction/classify-path.ts'
import { KbError, messageOf, systemCode, type Failure } from '../core/errors.ts'
import type { ResolvedCommit } from './resolve.ts'
import type { CheckedPath } from './check-paths.ts'
import type { Committed } from './transaction.ts'
import type { Outcome, WorkItem } from './work.ts'

/** How often a group is retried after one of our git processes failed. */
const GIT_RETRIES_MAX = 2
/** Storage errors affect every document: the run ends instead of failing each one. */
const STORAGE_ERRORS = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'ENFILE', 'ENOMEM'])

/**
 * Blames the first work item that names a path; others may name it only because of the first, and are planned again.
 */
export function failConflicts(
  conflicts: CheckedPath[],
  planned: { work: WorkItem; commit: ResolvedCommit }[],
  outcomes: Map<WorkItem, Outcome>,
): void {
  for (const { path, status } of conflicts) {
    if (status.kind !== 'conflict') continue
    const first = planned.find(({ commit }) => commit.changes.some(({ repoPath }) => repoPath === path.repoPath))
    if (first === undefined) continue
    const failure: Failure = {
      code: 'nameConflict',
      message: `${first.work.label}: ${path.repoPath} ${status.reason}; kbgit does not touch it.`,
      hint:
        status.reason === SPARSE
          ? 'Restore it with git sparse-checkout add (or disable), then run kbgit again.'
          : `Commit, rename or remove ${path.repoPath}, then run kbgit again.`,
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
    `Commit ${commits.at(-1)?.slice(0, 10)} was made, but not all of its files are in place: ${messageOf(unfinished)}`,
    {
      hint: 'Free the disk or fix the cause; the next kbgit command (or kbgit recover) finishes the work.',
      cause: unfinished,
    },
  )
}

/** The commits are made and in place, but kbgit's own stores could not be updated; they catch up later. */
export function followError(cause: unknown): KbError {
  return new KbError('unfinished', `The documents were committed, but then the run failed: ${messageOf(cause)}`, {
    hint: 'Free the disk or fix the cause, then run the same command again to continue.',
    cause,
  })
}

/** The ref lock file held by another git process, if that is why git failed. */
function foreignRefLock(error: unknown): string | undefined {
  if (!(error instanceof KbError && error.code === 'gitFailed')) return undefined
  return /cannot lock ref .*Unable to create '(.+\.lock)': File exists/s.exec(error.message)?.[1]
}

/** Another git process that collects or locks makes ours fail. Nothing was changed, and a retry may find it gone. */
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
    return new KbError('repositoryBusy', `${lock} exists: another git process is running, or one crashed.`, {
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
