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

/** Newest commit first; date and author are that one's. */
export type Run = { id: string; date: string; author: string; commits: RunCommit[] }

/** `purged`: documents that were purged after one of the runs. */
export type LastRuns = { runs: Run[]; purged: string[] }

/** Creating the base, the user's edits, and undoing itself are not undone. */
const UNDOABLE = new Set<Operation>(['add', 'update', 'remove', 'recompile', 'overview', 'lint', 'query', 'propose'])

/** Two runs may commit alternately: maximum number of commits between two commits of one run. */
const COMMITS_BETWEEN_MAX = 1_000

/**
 * The last `count` runs with commits in the history of `at`, newest first, without those already undone or reverted, and
 * without what a purge has left empty. `isEmpty`: whether a commit that names documents changes no record of one.
 */
export async function lastRuns(
  history: Pick<History, 'commits'>,
  at: string,
  count: number,
  isEmpty: (commit: RunCommit) => Promise<boolean>,
): Promise<LastRuns> {
  const runs = new Map<string, Run>()
  const whole = new Set<string>()
  const known = new Known()
  let between = 0
  for await (const { oid, parents, date, author, message } of history.commits({
    at,
    paths: [''],
    limit: COMMITS_MAX,
  })) {
    const one = known.meet(oid, parents[0], message)
    if (one === undefined) continue
    const { id, commit } = one
    if (whole.size === count && !runs.has(id)) {
      if (++between > COMMITS_BETWEEN_MAX) break
      continue
    }
    between = 0
    if (known.isPurged(commit) && (await isEmpty(commit))) continue
    const run = runs.get(id) ?? { id, date, author, commits: [] }
    runs.set(id, run)
    run.commits.push(commit)
    // The overviews of a run belong to its documents: they alone are no run to undo.
    if (commit.operation !== 'overview' && !whole.has(id)) {
      whole.add(id)
      if (whole.size === count) known.closePurges()
    }
  }
  return { runs: [...runs.values()].filter(({ id }) => whole.has(id)), purged: known.purged }
}

/** What newer commits say of older ones. */
class Known {
  readonly #reverted = new Set<string>()
  readonly #undone = new Set<string>()
  /** The runs of a review that was accepted by a merge are taken back with it. */
  readonly #acceptedBy = new Map<string, RunCommit>()
  readonly #purged = new Set<string>()
  #purgesAtEnd: string[] | undefined

  /** The commit if it can be undone. Newer ones must have been met before. */
  meet(oid: string, parent: string | undefined, message: string): { id: string; commit: RunCommit } | undefined {
    for (const [, commit] of message.matchAll(/^This reverts commit ([0-9a-f]{40,64})/gm))
      this.#reverted.add(commit ?? '')
    const facts = readMessage(message)
    if (facts.transaction === undefined || parent === undefined) return undefined
    const { operation, documents, text } = facts
    if (operation === 'purge') for (const name of documents) this.#purged.add(name)
    const commit = { commit: oid, parent, operation, subject: text.split('\n', 1)[0] ?? '', documents }
    for (const run of facts.accepted) this.#acceptedBy.set(run, commit)
    if (this.#reverted.has(oid)) return undefined
    for (const run of facts.undone) this.#undone.add(run)
    const id = runOf(facts.transaction)
    const acceptance = this.#acceptedBy.get(id)
    acceptance?.documents.push(...documents.filter((name) => !acceptance.documents.includes(name)))
    const isUndoable = UNDOABLE.has(operation) || facts.accepted.length > 0
    return acceptance !== undefined || !isUndoable || this.#undone.has(id) ? undefined : { id, commit }
  }

  isPurged({ operation, documents }: RunCommit): boolean {
    return RECORDING.has(operation) && documents.some((name) => this.#purged.has(name))
  }

  /** Purges met from now on are older than every run. */
  closePurges(): void {
    this.#purgesAtEnd = [...this.#purged]
  }

  get purged(): string[] {
    return this.#purgesAtEnd ?? [...this.#purged]
  }
}

/** These change the record of a document that they name. */
const RECORDING = new Set<Operation>(['add', 'update', 'remove'])

/** With a limit, git lists commits as it finds them instead of reading the whole history first. */
const COMMITS_MAX = 1_000_000
