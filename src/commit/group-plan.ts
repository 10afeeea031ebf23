// Plans the commits of a group on the head, and checks whether their paths can be written.
import { DocumentError } from '../core/errors.ts'
import { Yielder } from '../core/yielder.ts'
import { repoPathOf } from '../io/base.ts'
import type { CheckedPath } from './check-paths.ts'
import type { Head } from './head.ts'
import type { Sending } from './object-stream.ts'
import { ParentFolders } from './parent-folders.ts'
import { refuseUnsafePaths } from './path-gate.ts'
import { PlanDraft } from './plan-draft.ts'
import { groupPaths, resolveChanges, type ResolvedCommit, type ResolvedPath } from './resolve.ts'
import { oidAt, snapshotOf } from './snapshot.ts'
import { findStale, type StaleFile } from './stale-files.ts'
import type { Outcome, WorkItem } from './work.ts'
import type { WriterTools } from './writer-tools.ts'

export type GroupPlan = {
  planned: { work: WorkItem; commit: ResolvedCommit }[]
  commits: ResolvedCommit[]
  /** Files as the group leaves them, by path relative to the base. */
  pages: Map<string, string | null>
}

/** The findings at the paths of a group. All except `paths` must be dealt with before the group can be committed. */
export type GroupCheck = {
  paths: ResolvedPath[]
  stale: StaleFile[]
  edited: CheckedPath[]
  conflicts: CheckedPath[]
}

/**
 * Plans each work item on top of the head and of the items before it, and sends it. An item that cannot be planned
 * fails alone.
 */
export async function planGroup(
  tools: WriterTools,
  head: Head,
  items: WorkItem[],
  outcomes: Map<WorkItem, Outcome>,
  sending: Sending,
): Promise<GroupPlan> {
  const { catalog, base, filters, times } = tools
  const pages = new Map<string, string | null>()
  const snapshot = snapshotOf(tools, head.commit, pages)
  const planned: { work: WorkItem; commit: ResolvedCommit }[] = []
  const yielder = new Yielder()
  for (const work of items) {
    await yielder.yieldToEventLoop()
    const draft = new PlanDraft(catalog, pages)
    try {
      const plan = await times.time('plan', () => work.plan(snapshot, (changes) => draft.apply(changes)))
      if (plan === undefined) {
        outcomes.set(work, { kind: 'nothing' })
        continue
      }
      refuseUnsafePaths(plan.label, plan.changes)
      await filters.learn(plan.changes.map(({ path }) => repoPathOf(base, path)))
      const commit = await times.time('resolve', () => resolveChanges(base, filters, plan))
      draft.finish(plan.changes)
      planned.push({ work, commit })
      sending.add(commit)
    } catch (error) {
      if (!(error instanceof DocumentError)) throw error
      draft.undo()
      outcomes.set(work, { kind: 'failed', failure: error.failure })
    }
  }
  return { planned, commits: planned.map(({ commit }) => commit), pages }
}

/** Checks the paths of planned commits: on disk, in the index and in git. */
export async function checkGroup(tools: WriterTools, head: Head, commits: ResolvedCommit[]): Promise<GroupCheck> {
  const { target, times } = tools
  return times.time('check', async () => {
    const paths = await groupPaths((path) => oidAt(tools, head.commit, path), commits)
    const found = [...(await blockedPaths(tools, head, paths)), ...(await target.check(paths))]
    return {
      paths,
      stale: head.commit === null ? [] : await findStale(tools, head.commit, found),
      edited: found.filter(({ status }) => status.kind === 'edited'),
      conflicts: found.filter(({ status }) => status.kind === 'conflict'),
    }
  })
}

/** New files with a parent in the commit that is not a folder. */
async function blockedPaths(tools: WriterTools, head: Head, paths: ResolvedPath[]): Promise<CheckedPath[]> {
  if (head.commit === null) return []
  const { base, objects } = tools
  const folders = new ParentFolders(base, objects, head.commit, (path) => oidAt(tools, head.commit, path))
  const found: CheckedPath[] = []
  for (const path of paths) {
    const obstacle = await folders.obstacle(path)
    if (obstacle === undefined) continue
    const reason = `cannot be created: ${obstacle} is not a folder in git`
    found.push({ path, status: { kind: 'conflict', reason }, index: null, disk: { kind: 'absent' } })
  }
  return found
}
