// `kbgit undo`: undoes the last runs of kbgit, each run's commits together, in one new commit.
import { basename } from 'node:path'
import type { UndoOptions } from '../../api.ts'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Planned } from '../../commit/change.ts'
import type { Snapshot } from '../../commit/work.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import { parseRecord } from '../../core/document/record.ts'
import { DOCUMENTS } from '../../core/layout.ts'
import type { UndoResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import type { History } from '../../io/history.ts'
import { openHistory } from '../../io/open-history.ts'
import { forgetRuns } from '../../io/sidecar/run-record.ts'
import { forgetDocument } from '../../wiki/forget-document.ts'
import { pagesLinkingTo } from '../pages-linking-to.ts'
import { lastRuns, type Run, type RunCommit } from './find-runs.ts'
import { PendingTree } from './pending-tree.ts'
import { takeBack } from './take-back.ts'

/**
 * Throws `KbError`: `notFound` if there is no run to undo, `rolledBack` if nothing of it can be undone, `usage` if `anyway`
 * is not given and a run is somebody else's, or a document was purged since.
 */
export async function undo(base: Base, options: UndoOptions = {}): Promise<UndoResult> {
  await using tools = await openWriter({ base, command: 'undo', signal: options.signal })
  await using history = await openHistory({ ...base, driver: 'git' })
  const result: UndoResult = {
    runs: [],
    commit: null,
    deleted: [],
    changed: [],
    left: [],
    others: [],
    purged: [],
    dryRun: options.dryRun ?? false,
  }
  await tools.writer.locked(async (session) => {
    const plan = (snapshot: Snapshot) => planUndo({ base, tools, history, snapshot, options, result })
    if (result.dryRun) return void (await session.preview({ label: 'undo', plan }))
    const { outcomes, unfinished } = await session.commit([{ label: 'undo', plan }])
    const outcome = outcomes[0]
    if (outcome?.kind === 'failed')
      throw new KbError('rolledBack', outcome.failure.message, { hint: outcome.failure.hint })
    if (outcome?.kind === 'committed') {
      result.commit = outcome.commit
      const ids = result.runs.map(({ id }) => id)
      await forgetRuns(base, ids).catch((error: unknown) => {
        base.logger.debug({ error: messageOf(error) }, 'could not forget what the run left unfinished')
      })
    }
    if (unfinished !== undefined) throw unfinished
  })
  return result
}

type UndoPlan = {
  base: Base
  tools: OpenWriter
  history: History
  snapshot: Snapshot
  options: UndoOptions
  /** Filled in. */
  result: UndoResult
}

async function planUndo({ base, tools, history, snapshot, options, result }: UndoPlan): Promise<Planned> {
  const commit = snapshot.commit ?? ''
  const isEmpty = async (one: RunCommit): Promise<boolean> => {
    const records = new Set(one.documents.map((name) => `${name}.json`))
    for await (const { path } of tools.objects.diff(one.commit, one.parent, base.prefix))
      if (path.startsWith(`${DOCUMENTS}/`) && records.has(basename(path))) return false
    return true
  }
  const { runs, purged } = await lastRuns(history, commit, options.runs ?? 1, isEmpty)
  if (runs.length === 0)
    throw new KbError('notFound', 'There is no run of kbgit to undo.', {
      hint: purged.length > 0 ? 'A purge cannot be undone.' : 'See "kbgit log" for the history.',
    })
  const me = /^(.*) <.*>$/.exec(tools.identity.author)?.[1]
  result.purged = purged
  result.others = [...new Set(runs.map(({ author }) => author).filter((author) => author !== me))]
  if (!result.dryRun && options.anyway !== true) refuseOthers(runs, result)
  const tree = new PendingTree(base, tools.objects, commit)
  const taken: Run[] = []
  result.left = []
  const take = { base, objects: tools.objects, history, catalog: snapshot.catalog, head: commit }
  for (const run of runs) {
    const done: Run = { ...run, commits: [] }
    const kept = await tree.attempt(async () => {
      for (const one of run.commits) {
        const reason = await takeBack(one, tree, take)
        if (reason === undefined) done.commits.push(one)
        else result.left.push({ commit: one.commit, operation: one.operation, documents: one.documents, reason })
      }
      // The overviews of a run belong to its documents: if these stay, so do the overviews.
      return done.commits.some(({ operation }) => operation !== 'overview') ? undefined : 'only overviews are left'
    })
    if (kept === undefined) taken.push(done)
  }
  await forgetGone(base, tree, commit)
  result.runs = taken.map(({ id, date, author, commits }) => ({
    id,
    date,
    author,
    commits: commits.map(({ commit: oid, operation, documents }) => ({ commit: oid, operation, documents })),
  }))
  const changes = await tree.changes(tools.staging.folder())
  if (changes.length === 0)
    throw new KbError('rolledBack', `Nothing can be undone: ${result.left[0]?.reason ?? 'it is already undone'}.`, {
      hint: 'Use "kbgit remove" for a document, or "git revert" for a single commit.',
    })
  result.deleted = changes.flatMap(({ path, content }) => (content === null ? [path] : []))
  result.changed = changes.flatMap(({ path, content }) => (content === null ? [] : [path]))
  const documents = [...new Set(taken.flatMap(({ commits }) => commits.flatMap((one) => one.documents)))]
  return {
    label: 'undo',
    subject: `undo: ${subjectOf(taken)}`,
    trailers: [
      ...documents.map((name): [string, string] => ['Kbgit-Document', name]),
      ...taken.map(({ id }): [string, string] => ['Kbgit-Undone', id]),
    ],
    changes,
  }
}

function refuseOthers(runs: Run[], { others, purged }: UndoResult): void {
  if (purged.length > 0)
    throw new KbError('usage', `${purged.join(', ')} was purged, which cannot be undone. Nothing was changed.`, {
      hint: 'To undo the run before the purge, say --yes.',
    })
  const [run] = runs.filter(({ author }) => others.includes(author))
  if (run === undefined) return
  const subject = subjectOf([run])
  throw new KbError(
    'usage',
    `The run to undo is ${run.author}'s: ${subject}, ${run.date.slice(0, 10)}. Nothing was changed.`,
    {
      hint: 'To undo it all the same, say --yes. "kbgit remove" takes out a document, "git revert" takes back a commit.',
    },
  )
}

/** Pages that link to documents that are now gone lose those links. */
async function forgetGone(base: Base, tree: PendingTree, commit: string): Promise<void> {
  const before = new PendingTree(base, tree.objects, commit)
  for (const path of tree.deleted().filter((file) => file.startsWith(`${DOCUMENTS}/`))) {
    const text = await before.text(path)
    if (text === undefined) continue
    const record = parseRecord(text, path)
    for (const page of await pagesLinkingTo(base, record, commit)) {
      const linking = await tree.text(page)
      const left = linking === undefined ? undefined : forgetDocument(linking, record)
      if (left !== undefined && left !== linking) tree.write(page, left)
    }
  }
}

/** `add of a, b and 10 more`, with document names. */
function subjectOf(runs: Run[]): string {
  const commits = runs.flatMap((run) => run.commits).filter(({ documents }) => documents.length > 0)
  if (commits.length === 0) return runs.flatMap((run) => run.commits)[0]?.subject ?? ''
  const names = [...new Set(commits.flatMap(({ documents }) => documents))].reverse()
  const operations = [...new Set(commits.map(({ operation }) => operation))].reverse().join(' and ')
  const shown = names.length <= 3 ? names.join(', ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`
  return `${operations} of ${shown}`
}
