// Finds the commits to undo: those of the last runs of kbgit on this branch that have not been undone yet.
import { readMessage, runOf, type Operation } from '../../core/transaction/commit-message.ts'
import type { History } from '../../io/history.ts'

export type RunCommit = {
  commit: string
  /** The first parent. */
  parent: string
  operation: Operation
  subject: string
  documents: string[]
}

/** Newest commit first. */
export type Run = { id: string; date: string; commits: RunCommit[] }

/** Creating the base, the user's edits, and undoing itself are not undone. */
const UNDOABLE = new Set<Operation>(['add', 'update', 'remove', 'recompile', 'overview', 'lint', 'query', 'propose'])

/** Two runs may commit alternately: maximum number of commits between two commits of one run. */
const COMMITS_BETWEEN_MAX = 1_000

/**
 * The last `count` runs with commits in the history of `at`, newest first, without those already undone or reverted.
 */
export async function lastRuns(history: Pick<History, 'commits'>, at: string, count: number): Promise<Run[]> {
  const runs = new Map<string, Run>()
  const reverted = new Set<string>()
  const undone = new Set<string>()
  // The runs of a review that was accepted by a merge are taken back with it.
  const acceptedBy = new Map<string, RunCommit>()
  let between = 0
  for await (const { oid, parents, date, message } of history.commits({ at, paths: [''], limit: COMMITS_MAX })) {
    for (const [, commit] of message.matchAll(/^This reverts commit ([0-9a-f]{40,64})/gm)) reverted.add(commit ?? '')
    const facts = readMessage(message)
    if (facts.transaction === undefined || parents[0] === undefined) continue
    const { operation, documents, text } = facts
    const one = { commit: oid, parent: parents[0], operation, subject: text.split('\n', 1)[0] ?? '', documents }
    for (const run of facts.accepted) acceptedBy.set(run, one)
    if (reverted.has(oid)) continue
    for (const run of facts.undone) undone.add(run)
    const id = runOf(facts.transaction)
    const acceptance = acceptedBy.get(id)
    acceptance?.documents.push(...documents.filter((name) => !acceptance.documents.includes(name)))
    const isUndoable = UNDOABLE.has(operation) || facts.accepted.length > 0
    if (acceptance !== undefined || !isUndoable || undone.has(id)) continue
    if (runs.size === count && !runs.has(id)) {
      if (++between > COMMITS_BETWEEN_MAX) break
      continue
    }
    between = 0
    const run = runs.get(id) ?? { id, date, commits: [] }
    runs.set(id, run)
    run.commits.push(one)
  }
  return [...runs.values()]
}

/** With a limit, git lists commits as it finds them instead of reading the whole history first. */
const COMMITS_MAX = 1_000_000
