// The one thing to do next, as `status` ends with it: the most urgent first.
import type { StatusResult, WaitingWork } from '../core/results.ts'

/** Undefined if nothing is to be done. */
export function nextStep(status: Omit<StatusResult, 'next'>): StatusResult['next'] {
  const { worktree, sources, overviewDue } = status
  if (status.inProgress !== undefined)
    return step('git', ['status'], `${status.inProgress} is in progress: kbgit writes again when it is finished`)
  if (status.quarantined > 0) return step('kbgit', ['help', 'recovery'], 'a transaction was set aside')
  if (status.journal > 0) return step('kbgit', ['recover'], 'a run was interrupted')
  if (status.displaced.length > 0)
    return step('kbgit', ['recover'], 'a merge gave a document another name: its files are still to come in')
  if (worktree !== undefined && worktree.deleted.length > 0)
    return step(
      'git',
      ['restore', '--staged', '--worktree', '--', ...worktree.deleted.slice(0, 3)],
      'files of the base are missing on disk',
    )
  if (worktree !== undefined && worktree.altered.length > 0)
    return step('git', ['diff', '--stat'], "kbgit's own files were changed on disk")
  if (status.originals !== undefined && status.originals.altered.length + status.originals.missing.length > 0)
    return step('kbgit', ['fsck'], 'originals were altered or removed; adding the true file again puts one back')
  if (status.pending.length > 0)
    return step(
      'kbgit',
      ['add', ...status.pending.slice(0, 3).map(({ path }) => path)],
      'an earlier run did not finish',
    )
  if (status.failed.length > 0) return step('kbgit', ['add', '--retry-failed'], 'documents failed in an earlier run')
  if (sources !== undefined && sources.changed.length > 0)
    return step('kbgit', ['add', ...sources.changed.slice(0, 3).map(({ path }) => path)], 'sources have changed')
  // A source that is gone calls for nothing: the base has the original, and another machine's paths are gone on this one.
  const { waiting } = status
  if (waiting !== undefined && waiting.documents + waiting.overviews + waiting.checks > 0)
    return step('kbgit', ['compile', 'next', '--json'], `${waitingWords(waiting)} for an agent`)
  if (overviewDue.length > 0 || !status.mergeDriver)
    return step('kbgit', ['recover'], status.mergeDriver ? 'overviews are due' : 'this clone is not set up yet')
  if (status.documents === 0) return step('kbgit', ['add', '<files, folders, URLs>'], 'there are no documents yet')
  return undefined
}

function step(command: string, args: string[], reason: string): StatusResult['next'] {
  return { command, args, reason }
}

/** `2 documents wait`, of what an agent does first. */
function waitingWords({ documents, overviews, checks }: WaitingWork): string {
  const [count, what] =
    documents > 0 ? [documents, 'document'] : overviews > 0 ? [overviews, 'overview'] : [checks, 'check']
  return count === 1 ? `1 ${what} waits` : `${count} ${what}s wait`
}
