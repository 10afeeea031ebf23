// The one door to every change of a base: lock, recovery, plan, check, transaction.
import { Yielder } from '../core/yielder.ts'
import { KbError, DocumentError, messageOf } from '../core/errors.ts'
import { CONFIG_FILE } from '../core/layout.ts'
import type { StepTimes } from '../core/logger.ts'
import { acquire, letOthersFirst } from '../io/sidecar/lock.ts'
import { treePath } from '../io/base.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'
import type { CatalogStore } from '../io/catalog/store.ts'
import type { PageIndexer } from '../io/search/indexer.ts'
import type { Planned } from './change.ts'
import { planEdits } from './user-edits.ts'
import type { Filters } from './filters.ts'
import { indexUpdates } from './index-updates.ts'
import {
  asKbError,
  failConflicts,
  followError,
  isGitInTheWay,
  isWorthTryingAlone,
  padded,
  unfinishedError,
} from './group-failures.ts'
import { ParentFolders } from './parent-folders.ts'
import { refuseUnsafePaths } from './path-gate.ts'
import { writableHead, type Head } from './head.ts'
import { recover, type Recovered } from './recover.ts'
import { groupPaths, resolveChanges, type ResolvedCommit, type ResolvedPath } from './resolve.ts'
import { Sending } from './object-stream.ts'
import { findStale, refreshStale, type StaleFile } from './stale-files.ts'
import { checkPaths, type CheckedPath } from './check-paths.ts'
import type { HeadCache } from './head-cache.ts'
import { HeadMoved, Transaction, type Committed, type TransactionTools } from './transaction.ts'
import { oidAt, snapshotOf } from './snapshot.ts'
import type { GroupResult, Outcome, Snapshot, Work } from './work.ts'

/** How often a group is planned again because the branch moved or edits were found. */
const REPLANS_MAX = 8
const NO_IDENTITY =
  'git has no user name configured: commits are made as kbgit <kbgit@localhost>. Set it with git config --global user.name and user.email.'

export type WriterTools = TransactionTools & {
  catalog: CatalogStore
  filters: Filters
  pages: HeadCache
  indexer: Pick<PageIndexer, 'update'>
  /** Aligns the catalog with a commit. */
  align: (commit: string) => Promise<void>
  /** Shown to other processes that wait. */
  command: string
  times: StepTimes
  signal?: AbortSignal | undefined
  /** The branch that the run began on. The run commits to no other branch. */
  branch?: string
  /** Allows a base that is not committed yet: `init` creates it. */
  unborn: boolean
  /** Set once a transaction has reached its commit point: the run's private ref exists. */
  committed?: boolean
}

export class Writer {
  readonly #tools: WriterTools
  #transactions = 0
  #entered = false

  constructor(tools: WriterTools) {
    this.#tools = tools
  }

  /**
   * Takes the exclusive lock, recovers dead runs, checks that the repository can be written to, and runs the work.
   * Other processes may have written since the last time: nothing is assumed from earlier.
   */
  async locked<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { base, command, signal, times } = this.#tools
    const options = { waitMs: base.config.lockWaitMs, command, signal }
    const path = sidecarPath(base, 'lock')
    if (this.#entered) await letOthersFirst(path)
    using lock = await acquire(path, 'exclusive', options)
    times.add('lock_wait', lock.waitedMs)
    // Staging leftovers are looked for once per run; the journal is checked every time.
    const recovered = await times.time('recover', () => recover(this.#tools, { leftovers: !this.#entered }))
    this.#entered = true
    // Awaited here: returning the promise alone would release the lock at once.
    return await work(new Session(this.#tools, recovered, () => `${this.#tools.run}-${++this.#transactions}`))
  }
}

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
    const { base, objects } = this.#tools
    const head = await writableHead(base, objects)
    this.#tools.branch ??= head.branch
    if (head.branch !== this.#tools.branch) {
      throw new KbError(
        'repositoryBusy',
        `${base.repository.workTree} was switched from ${this.#tools.branch} to ${head.branch} while kbgit was running.`,
        {
          hint: 'Finished commits are on the first branch. Run the command again on the branch where the rest belongs.',
        },
      )
    }
    if (
      !this.#tools.unborn &&
      (head.commit === null || (await objects.header(`${head.commit}:${treePath(base, CONFIG_FILE)}`)) === undefined)
    ) {
      throw new KbError('noBase', `${base.root} has a ${CONFIG_FILE} that is not committed on ${head.branch}.`, {
        hint: 'Run kbgit init to commit it together with what a base needs.',
      })
    }
    if (head.commit !== null) await this.#tools.times.time('align', () => this.#tools.align(head.commit ?? ''))
    return head
  }

  /** The head commit, without anything planned. */
  snapshot(head: Head): Snapshot {
    return snapshotOf(this.#tools, head.commit, new Map())
  }

  /**
   * Commits work items as one group: one commit each, in order, visible together. If the group fails, each item is tried
   * alone, so that only the faulty one fails. Throws `KbError` if nothing can be committed.
   */
  async commit(works: Work[]): Promise<GroupResult> {
    try {
      return await this.#group(works)
    } catch (error) {
      if (works.length < 2 || !isWorthTryingAlone(error)) throw asKbError(error)
      this.#tools.base.logger.debug(
        { works: works.length, error: messageOf(error) },
        'the group failed; trying one by one',
      )
    }
    const result: GroupResult = { outcomes: [], edits: [], kept: [] }
    let failuresInARow = 0
    for (const work of works) {
      try {
        const one = await this.#group([work])
        result.outcomes.push(...one.outcomes)
        result.edits.push(...one.edits)
        result.kept.push(...one.kept)
        failuresInARow = 0
        if (one.unfinished !== undefined)
          return { ...result, outcomes: padded(result.outcomes, works.length), unfinished: one.unfinished }
      } catch (error) {
        if (!isWorthTryingAlone(error) || ++failuresInARow > 2) {
          return { ...result, outcomes: padded(result.outcomes, works.length), unfinished: asKbError(error) }
        }
        result.outcomes.push({
          kind: 'failed',
          failure: { code: 'internal', message: `${work.label}: ${messageOf(error)}` },
        })
      }
    }
    return result
  }

  async #group(works: Work[]): Promise<GroupResult> {
    const outcomes = new Map<Work, Outcome>()
    const edits: string[] = []
    const kept: string[] = []
    const grouped = (): GroupResult => ({
      outcomes: works.map((work) => outcomes.get(work) ?? { kind: 'nothing' }),
      edits,
      kept,
    })
    // A conflict ends a work item for good, so only replans, which could go on forever, are counted.
    for (let replans = 0; ;) {
      const head = await this.head()
      const waiting = works.filter((work) => !outcomes.has(work))
      this.#tools.catalog.begin()
      const sending = this.#sending(head)
      try {
        const { planned, commits, pages } = await this.#plan(head, waiting, outcomes, sending)
        const found = await this.#check(head, commits)
        if (found.stale.length + found.conflicts.length + found.edited.length > 0) await sending.abandon()
        if (found.stale.length > 0) {
          replans++
          this.#tools.catalog.rollback()
          await refreshStale(this.#tools, this.#nextId(), found.stale, this.#tools.scratch)
        } else if (found.conflicts.length > 0) failConflicts(found.conflicts, planned, outcomes)
        else if (found.edited.length > 0) {
          replans++
          this.#tools.catalog.rollback()
          const made = await this.#commitEdits(head, found.edited)
          edits.push(...made.commits)
          kept.push(...made.kept)
        } else {
          if (commits.length > 0) {
            const done = await this.#transact(head, sending, commits, found.paths)
            for (const [at, { work }] of planned.entries())
              outcomes.set(work, { kind: 'committed', commit: done.commits[at] ?? '' })
            kept.push(...done.kept, ...this.#keptPages(planned.map(({ commit }) => commit.planned)))
            if (done.unfinished !== undefined) return { ...grouped(), unfinished: unfinishedError(done) }
            // The outcomes are known by now: whatever fails here, the commits are made.
            try {
              this.#tools.catalog.commitAt(done.commits.at(-1) ?? '')
              await this.#tools.pages.advance(head.commit, done.commits.at(-1) ?? '', pages, found.paths)
            } catch (error) {
              return { ...grouped(), unfinished: followError(error) }
            }
          }
          return grouped()
        }
      } catch (error) {
        await sending.abandon()
        if (!(error instanceof HeadMoved || isGitInTheWay(error, replans)) || replans >= REPLANS_MAX) throw error
        replans++
      } finally {
        this.#tools.catalog.rollback()
      }
      if (replans > REPLANS_MAX) {
        throw new KbError('rolledBack', 'The pages that this change needs keep being edited. Nothing was changed.', {
          hint: 'Try again when the edits are done.',
        })
      }
    }
  }

  /** Relative to the work tree, like all paths that a group reports. */
  #keptPages(planned: Planned[]): string[] {
    return planned.flatMap(({ kept = [] }) => kept.map((path) => treePath(this.#tools.base, path)))
  }

  #sending(head: Head): Sending {
    return new Sending(this.#tools, this.#nextId(), head.commit)
  }

  /**
   * Plans each work item on top of the tip and the ones before it, and sends it. An item that cannot be planned fails
   * alone.
   */
  async #plan(head: Head, works: Work[], outcomes: Map<Work, Outcome>, sending: Sending): Promise<GroupPlan> {
    const { catalog, base, filters, times } = this.#tools
    const pages = new Map<string, string | null>()
    const snapshot = snapshotOf(this.#tools, head.commit, pages)
    const planned: { work: Work; commit: ResolvedCommit }[] = []
    const yielder = new Yielder()
    for (const work of works) {
      await yielder.yieldToEventLoop()
      try {
        const plan = await times.time('plan', () => work.plan(snapshot))
        if (plan === undefined) {
          outcomes.set(work, { kind: 'nothing' })
          continue
        }
        refuseUnsafePaths(plan.label, plan.changes)
        await filters.learn(plan.changes.map(({ path }) => treePath(base, path)))
        const commit = await times.time('resolve', () => resolveChanges(base, filters, plan))
        const texts = plan.changes.map(({ path, content }) => ({ path, content: textOf(content) })).filter(isKnownText)
        catalog.apply(texts)
        for (const { path, content } of texts) pages.set(path, content)
        planned.push({ work, commit })
        sending.add(commit)
      } catch (error) {
        if (!(error instanceof DocumentError)) throw error
        outcomes.set(work, { kind: 'failed', failure: error.failure })
      }
    }
    return { planned, commits: planned.map(({ commit }) => commit), pages }
  }

  async #check(
    head: Head,
    commits: ResolvedCommit[],
  ): Promise<{ paths: ResolvedPath[]; stale: StaleFile[]; edited: CheckedPath[]; conflicts: CheckedPath[] }> {
    const { base, times } = this.#tools
    return times.time('check', async () => {
      const paths = await groupPaths((path) => oidAt(this.#tools, head.commit, path), commits)
      const found = [...(await this.#blocked(head, paths)), ...(await checkPaths(base, paths))]
      return {
        paths,
        stale: head.commit === null ? [] : await findStale(this.#tools, head.commit, found),
        edited: found.filter(({ status }) => status.kind === 'edited'),
        conflicts: found.filter(({ status }) => status.kind === 'conflict'),
      }
    })
  }

  /** New files with a parent in the commit that is not a folder. */
  async #blocked(head: Head, paths: ResolvedPath[]): Promise<CheckedPath[]> {
    if (head.commit === null) return []
    const { base, objects } = this.#tools
    const folders = new ParentFolders(base, objects, head.commit, (path) => oidAt(this.#tools, head.commit, path))
    const found: CheckedPath[] = []
    for (const path of paths) {
      const obstacle = await folders.obstacle(path)
      if (obstacle === undefined) continue
      const reason = `cannot be created: ${obstacle} is not a folder in git`
      found.push({ path, status: { kind: 'conflict', reason }, index: null, disk: { kind: 'absent' } })
    }
    return found
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
    if (this.#tools.identity.missing && this.#tools.committed !== true) this.#tools.base.logger.warn({}, NO_IDENTITY)
    const transaction = new Transaction(this.#tools, sending, head, commits, paths, staged)
    const done = await this.#tools.times.time('commit', () => transaction.run())
    this.#tools.committed = true
    await this.#tools.indexer.update(indexUpdates(paths, this.#tools.objects))
    return done
  }
}

type GroupPlan = {
  planned: { work: Work; commit: ResolvedCommit }[]
  commits: ResolvedCommit[]
  /** Files as the group leaves them, by path relative to the base. */
  pages: Map<string, string | null>
}

/** Content in memory as text; undefined for content that is only in a file, which no plan reads back. */
function textOf(content: Planned['changes'][number]['content']): string | null | undefined {
  if (content === null) return null
  return 'bytes' in content && typeof content.bytes === 'string' ? content.bytes : undefined
}

function isKnownText(change: {
  path: string
  content: string | null | undefined
}): change is { path: string; content: string | null } {
  return change.content !== undefined
}
