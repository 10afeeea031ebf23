// One transaction: a group of commits that become visible together, or not at all.
//
// Commit point: the compare-and-swap of the branch in `ref`. Before it the user can see no change; after it recovery
// only finishes the work. The order of the steps is data, and it is the whole safety argument: see
// docs/crash-safety.md.
import { join } from 'node:path'
import { messageOf } from '../core/errors.ts'
import type { Intent } from '../core/transaction/intent.ts'
import type { StepTimes } from '../core/logger.ts'
import { worktreeId, type Base } from '../io/base.ts'
import type { FastImport } from '../io/git/fast-import.ts'
import { outlastCollection } from '../io/git/gc-lock.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { clearStalePrivateRefLocks, clearStaleRefLocks } from '../io/git/ref-locks.ts'
import type { Identity } from './identity.ts'
import { HeadMoved, isAncestor, type Head } from './head.ts'
import type { Journal } from './journal.ts'
import { assertInside } from './path-gate.ts'
import { PRIVATE_REFS, privateRef } from './private-ref.ts'
import type { LargeStore } from '../io/sidecar/large-store.ts'
import type { ResolvedCommit, ResolvedPath } from './resolve.ts'
import type { Sending } from './object-stream.ts'
import { signCommits } from './sign.ts'
import type { Delivery, Target } from './target.ts'

/** The intent is written first and removed last. */
export const STEPS = ['record', 'sidecar', 'objects', 'ref', 'publish', 'clear'] as const
export type Step = (typeof STEPS)[number]

/** Milliseconds to wait for the user's `git gc`. */
const COLLECTION_WAIT_MS = 60_000

export type TransactionTools = {
  base: Base
  journal: Journal
  objects: ObjectReader
  fastImport: FastImport
  blobs: Pick<LargeStore, 'put' | 'path' | 'has'>
  target: Target
  identity: Identity
  /** On whose behalf: named in a trailer of each commit. */
  agent?: string | undefined
  /** Sign commits, if the user's configuration asks for it. */
  sign: boolean
  times: StepTimes
  /** Names this run: its private ref is `refs/kbgit/tx/<run>`. */
  run: string
  /** A private folder on the base's file system. */
  scratch: string
}

export type Committed = {
  /** One per planned commit, in order. */
  commits: string[]
  /** Paths where a user's edit was found after the check, and kept. */
  kept: string[]
  /** The commits are made, but disk and index are not updated yet: recovery will finish. */
  unfinished?: unknown
}

export class Transaction {
  readonly id: string
  readonly #sending: Sending
  readonly #tools: TransactionTools
  readonly #head: Head
  readonly #commits: ResolvedCommit[]
  readonly #paths: ResolvedPath[]
  readonly #delivery: Delivery
  #sent: Promise<string>[] = []
  #made: string[] = []
  #kept: string[] = []
  #done = new Set<Step>()

  /**
   * `sending` is streaming the commits. `staged`: index entries that the commits include, by path relative to the work
   * tree.
   */
  constructor(
    tools: TransactionTools,
    sending: Sending,
    head: Head,
    commits: ResolvedCommit[],
    paths: ResolvedPath[],
    staged = new Map<string, string | null>(),
  ) {
    this.#tools = tools
    this.#sending = sending
    this.id = sending.transaction
    this.#head = head
    this.#commits = commits
    this.#paths = paths
    const scratch = join(tools.scratch, this.id)
    this.#delivery = tools.target.deliver({ transaction: this.id, head, paths, staged, scratch })
  }

  /** Runs the steps. Throws if the commit point was not reached; then nothing has changed. */
  async run(): Promise<Committed> {
    try {
      for (const step of STEPS) {
        await this.#tools.times.time(`commit.${step}`, () => this[step]())
        this.#done.add(step)
      }
    } catch (error) {
      if (!this.#done.has('ref')) {
        await this.#undo(error)
        throw error
      }
      // Whatever fails from here on, the commits are made: the intent stays, and recovery does the rest.
      await this.#delivery.release().catch(() => {})
      return { commits: this.#made, kept: this.#kept, unfinished: error }
    }
    return { commits: this.#made, kept: this.#kept }
  }

  private async record(): Promise<void> {
    const { base, journal } = this.#tools
    assertInside(base, this.#paths)
    for (const { changes } of this.#commits) assertInside(base, changes)
    const intent: Intent = {
      version: 1,
      id: this.id,
      branch: this.#head.branch,
      base: this.#head.commit,
      worktree: worktreeId(base),
      workTree: base.repository.workTree,
      paths: this.#delivery.paths,
      blobs: this.#commits.flatMap(({ planned }) => (planned.blobs ?? []).map(({ sha256 }) => sha256)),
      attempts: 0,
    }
    await journal.record(intent)
  }

  /**
   * git stores the objects in its own process meanwhile: until the checkpoint they are in a file that nothing refers
   * to. The files for the disk are written to a private folder.
   */
  private async sidecar(): Promise<void> {
    const stored = this.#store()
    const done = await Promise.allSettled([stored, this.#send(), this.#delivery.stage(stored)])
    for (const one of done) if (one.status === 'rejected') throw one.reason
  }

  async #store(): Promise<void> {
    const { blobs } = this.#tools
    for (const { planned } of this.#commits) {
      for (const { sha256, file } of planned.blobs ?? []) await blobs.put(file, sha256)
    }
  }

  async #send(): Promise<void> {
    this.#sent = await this.#sending.end()
  }

  private async objects(): Promise<void> {
    const { base, fastImport, run } = this.#tools
    await fastImport.checkpoint()
    this.#made = await Promise.all(this.#sent)
    if (this.#tools.sign) this.#made = await signCommits(base.git, this.#made, this.#head.commit, privateRef(run))
    // The private ref protects the commits from here on, but not from a garbage collection that began before.
    if (await outlastCollection(base.repository, COLLECTION_WAIT_MS)) {
      const from = this.#head.commit === null ? [] : [`^${this.#head.commit}`]
      await base.git.run(['rev-list', '--objects', '--quiet', this.#made.at(-1) ?? '', ...from])
    }
  }

  private async ref(): Promise<void> {
    const { base } = this.#tools
    await this.#delivery.hold()
    const tip = this.#made.at(-1) ?? ''
    const zero = '0'.repeat(base.repository.oidLength)
    const subject = this.#commits[0]?.planned.subject ?? ''
    const more = this.#commits.length > 1 ? ` and ${this.#commits.length - 1} more` : ''
    try {
      await base.git.run([
        'update-ref',
        '-m',
        `kbgit: ${subject.replace(/\s+/g, ' ')}${more}`,
        this.#head.branch,
        tip,
        this.#head.ref ?? zero,
      ])
    } catch (error) {
      // git may have died after moving the ref, or another process may have moved it before: only the ref itself tells.
      // A git process that died has left locks behind in either case.
      await this.#clearStaleRefLocks()
      const now = (await this.#tools.objects.resolve(this.#head.branch)) ?? null
      if (now === this.#head.ref) throw error
      if (now === null || !(await isAncestor(base.git, tip, now))) throw new HeadMoved(this.#head.branch)
    }
    // git only warns if the system refuses to remove one of its own locks.
    await this.#clearStaleRefLocks()
  }

  /** Ignores locks that cannot be removed: the ref, not a lock, tells whether the branch moved. */
  async #clearStaleRefLocks(): Promise<void> {
    const { base } = this.#tools
    try {
      await clearStaleRefLocks(base.repository, this.#head.branch, this.#made)
    } catch (error) {
      base.logger.warn(
        { branch: this.#head.branch, error: messageOf(error) },
        'could not remove a lock that git left behind',
      )
    }
  }

  private async publish(): Promise<void> {
    this.#kept = await this.#delivery.publish()
    await this.#delivery.release()
  }

  private async clear(): Promise<void> {
    await this.#tools.journal.clear(this.id)
  }

  async #undo(cause: unknown): Promise<void> {
    const { base, journal, run } = this.#tools
    try {
      await this.#sending.abandon()
      await this.#delivery.release()
      await clearStalePrivateRefLocks(base.repository, PRIVATE_REFS)
      await base.git.run(['update-ref', '-d', privateRef(run)])
      await journal.clear(this.id)
    } catch (error) {
      // Only the intent refers to what is left: the next command drops it.
      base.logger.warn(
        { transaction: this.id, error: String(error), cause: String(cause) },
        'could not clean up; recovery will',
      )
    }
  }
}
