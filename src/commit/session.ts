// What is possible while the lock is held: reading the head, and committing work items as groups.
import { KbError, messageOf } from '../core/errors.ts'
import { CONFIG_FILE } from '../core/layout.ts'
import { repoPathOf } from '../io/base.ts'
import type { Planned } from './change.ts'
import type { CheckedPath } from './check-paths.ts'
import {
  asKbError,
  failConflicts,
  followError,
  isGitInTheWay,
  isWorthTryingAlone,
  padded,
  unfinishedError,
} from './group-failures.ts'
import { checkGroup, planGroup, type GroupCheck, type GroupPlan } from './group-plan.ts'
import { HeadMoved, type Head } from './head.ts'
import { indexUpdates } from './index-updates.ts'
import { Sending } from './object-stream.ts'
import { PlanDraft } from './plan-draft.ts'
import type { Recovered } from './recover.ts'
import type { ResolvedCommit, ResolvedPath } from './resolve.ts'
import { snapshotOf } from './snapshot.ts'
import { refreshStale } from './stale-files.ts'
import { Transaction, type Committed } from './transaction.ts'
import { planEdits } from './user-edits.ts'
import type { GroupResult, Outcome, WorkItem } from './work.ts'
import type { WriterTools } from './writer-tools.ts'

/** How often a group is planned again because the branch moved or edits were found. */
const REPLANS_MAX = 8
const NO_IDENTITY =
  'git has no user name configured: commits are made as kbgit <kbgit@localhost>. Set it with git config --global user.name and user.email.'

/** A group in progress: what is known about its work items, over all attempts. */
type Group = { items: WorkItem[]; outcomes: Map<WorkItem, Outcome>; edits: string[]; kept: string[] }

/** `replan`: the branch or the files changed meanwhile; `conflicts`: some items failed, and the rest is planned again. */
type Attempt = { kind: 'done'; unfinished?: KbError } | { kind: 'conflicts' } | { kind: 'replan' }

/** Operations available while the lock is held. */
export class Session {
  readonly recovered: Recovered
  readonly #tools: WriterTools
  readonly #nextId: () => string

  constructor(tools: WriterTools, recovered: Recovered, nextId: () => string) {
    this.#tools = tools
    this.recovered = recovered
    this.#nextId = nextId
  }

  /** The branch, if it can be written to, with the catalog at its commit. */
  async head(): Promise<Head> {
    const { base, objects, target } = this.#tools
    const head = await target.head()
    if (
      !this.#tools.unborn &&
      (head.commit === null || (await objects.header(`${head.commit}:${repoPathOf(base, CONFIG_FILE)}`)) === undefined)
    ) {
      throw new KbError('noBase', `${base.root} has a ${CONFIG_FILE} that is not committed on ${head.branch}.`, {
        hint: 'Run kbgit init to commit it together with what a base needs.',
      })
    }
    if (head.commit !== null) await this.#tools.times.time('align', () => this.#tools.align(head.commit ?? ''))
    return head
  }

  /** What a work item would change now. Nothing is written. */
  async preview(work: WorkItem): Promise<Planned | undefined> {
    const head = await this.head()
    const { catalog } = this.#tools
    const pages = new Map<string, string | null>()
    const draft = new PlanDraft(catalog, pages)
    catalog.begin()
    try {
      return await work.plan(snapshotOf(this.#tools, head.commit, pages), (changes) => draft.apply(changes))
    } finally {
      catalog.rollback()
    }
  }

  /**
   * Commits work items as one group: one commit each, in order, visible together. If the group fails, each item is tried
   * alone, so that only the faulty one fails. Throws `KbError` if nothing can be committed.
   */
  async commit(items: WorkItem[]): Promise<GroupResult> {
    try {
      return await this.#group(items)
    } catch (error) {
      if (items.length < 2 || !isWorthTryingAlone(error)) throw asKbError(error)
      this.#tools.base.logger.debug(
        { works: items.length, error: messageOf(error) },
        'the group failed; trying one by one',
      )
    }
    const result: GroupResult = { outcomes: [], edits: [], kept: [] }
    let failuresInARow = 0
    for (const work of items) {
      try {
        const one = await this.#group([work])
        result.outcomes.push(...one.outcomes)
        result.edits.push(...one.edits)
        result.kept.push(...one.kept)
        failuresInARow = 0
        if (one.unfinished !== undefined)
          return { ...result, outcomes: padded(result.outcomes, items.length), unfinished: one.unfinished }
      } catch (error) {
        if (!isWorthTryingAlone(error) || ++failuresInARow > 2) {
          return { ...result, outcomes: padded(result.outcomes, items.length), unfinished: asKbError(error) }
        }
        result.outcomes.push({
          kind: 'failed',
          failure: { code: 'internal', message: `${work.label}: ${messageOf(error)}` },
        })
      }
    }
    return result
  }

  async #group(items: WorkItem[]): Promise<GroupResult> {
    const group: Group = { items, outcomes: new Map(), edits: [], kept: [] }
    // A conflict ends a work item for good, so only replans, which could go on forever, are counted.
    for (let replans = 0; replans <= REPLANS_MAX;) {
      const attempt = await this.#attempt(group, replans)
      if (attempt.kind === 'done') {
        const outcomes = items.map((work): Outcome => group.outcomes.get(work) ?? { kind: 'nothing' })
        const result: GroupResult = { outcomes, edits: group.edits, kept: group.kept }
        return attempt.unfinished === undefined ? result : { ...result, unfinished: attempt.unfinished }
      }
      if (attempt.kind === 'replan') replans++
    }
    throw new KbError('rolledBack', 'The pages that this change needs keep being edited. Nothing was changed.', {
      hint: 'Try again when the edits are done.',
    })
  }

  /** Plans, checks and commits the items of a group that have no outcome yet. */
  async #attempt(group: Group, replans: number): Promise<Attempt> {
    const head = await this.head()
    const waiting = group.items.filter((work) => !group.outcomes.has(work))
    this.#tools.catalog.begin()
    const sending = this.#sending(head)
    try {
      const plan = await planGroup(this.#tools, head, waiting, group.outcomes, sending)
      const found = await checkGroup(this.#tools, head, plan.commits)
      if (found.stale.length + found.conflicts.length + found.edited.length > 0) {
        await sending.abandon()
        return await this.#clearTheWay(head, group, plan, found)
      }
      if (plan.commits.length === 0) return { kind: 'done' }
      return await this.#commitGroup(head, group, plan, found.paths, sending)
    } catch (error) {
      await sending.abandon()
      if (!(error instanceof HeadMoved || isGitInTheWay(error, replans)) || replans >= REPLANS_MAX) throw error
      return { kind: 'replan' }
    } finally {
      this.#tools.catalog.rollback()
    }
  }

  /** Resolves what blocks a group: refreshes stale files, fails conflicting items, or commits the user's edits. */
  async #clearTheWay(head: Head, group: Group, plan: GroupPlan, found: GroupCheck): Promise<Attempt> {
    if (found.stale.length > 0) {
      this.#tools.catalog.rollback()
      await refreshStale(this.#tools, this.#nextId(), found.stale, this.#tools.scratch)
      return { kind: 'replan' }
    }
    if (found.conflicts.length > 0) {
      failConflicts(found.conflicts, plan.planned, group.outcomes)
      return { kind: 'conflicts' }
    }
    this.#tools.catalog.rollback()
    const made = await this.#commitEdits(head, found.edited)
    group.edits.push(...made.commits)
    group.kept.push(...made.kept)
    return { kind: 'replan' }
  }

  async #commitGroup(
    head: Head,
    group: Group,
    { planned, commits, pages }: GroupPlan,
    paths: ResolvedPath[],
    sending: Sending,
  ): Promise<Attempt> {
    const done = await this.#transact(head, sending, commits, paths)
    for (const [i, { work }] of planned.entries())
      group.outcomes.set(work, { kind: 'committed', commit: done.commits[i] ?? '' })
    group.kept.push(...done.kept, ...this.#keptPages(planned.map(({ commit }) => commit.planned)))
    if (done.unfinished !== undefined) return { kind: 'done', unfinished: unfinishedError(done) }
    // The outcomes are known by now: even if something fails here, the commits are made.
    try {
      this.#tools.catalog.commitAt(done.commits.at(-1) ?? '')
      await this.#tools.pages.advance(head.commit, done.commits.at(-1) ?? '', pages, paths)
    } catch (error) {
      return { kind: 'done', unfinished: followError(error) }
    }
    return { kind: 'done' }
  }

  /** Relative to the work tree, like all paths that a group reports. */
  #keptPages(planned: Planned[]): string[] {
    return planned.flatMap(({ kept = [] }) => kept.map((path) => repoPathOf(this.#tools.base, path)))
  }

  #sending(head: Head): Sending {
    return new Sending(this.#tools, this.#nextId(), head.commit)
  }

  async #commitEdits(head: Head, edited: CheckedPath[]): Promise<Committed> {
    const { commits, paths, staged } = await planEdits(this.#tools.base, this.#tools.objects, edited)
    const sending = this.#sending(head)
    for (const commit of commits) sending.add(commit)
    const done = await this.#transact(head, sending, commits, paths, staged)
    if (done.unfinished !== undefined) throw unfinishedError(done)
    return done
  }

  async #transact(
    head: Head,
    sending: Sending,
    commits: ResolvedCommit[],
    paths: ResolvedPath[],
    staged?: Map<string, string | null>,
  ): Promise<Committed> {
    if (this.#tools.identity.missing && this.#tools.commits === 0) this.#tools.base.logger.warn({}, NO_IDENTITY)
    const transaction = new Transaction(this.#tools, sending, head, commits, paths, staged)
    const done = await this.#tools.times.time('commit', () => transaction.run())
    this.#tools.commits += done.commits.length
    await this.#tools.indexer.update(indexUpdates(paths, this.#tools.objects))
    return done
  }
}
