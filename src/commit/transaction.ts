// One transaction: a group of commits that become visible together, or not at all.
//
// Commit point: the compare-and-swap of the branch in `ref`. Before it the user can see no change; after it recovery
// only finishes the work. The order of the steps is data, and it is the whole safety argument: see
// docs/crash-safety.md.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError, messageOf } from '../core/errors.ts'
import type { Intent, IntentPath } from '../core/transaction/intent.ts'
import type { StepTimes } from '../core/logger.ts'
import { worktreeId, type Base } from '../io/base.ts'
import type { FastImport } from '../io/git/fast-import.ts'
import { outlastCollection } from '../io/git/gc-lock.ts'
import { lockIndex, type IndexLock } from '../io/git/index.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { clearStalePrivateRefLocks, clearStaleRefLocks } from '../io/git/ref-locks.ts'
import type { Identity } from './identity.ts'
import { headBranch, isAncestor, type Head } from './head.ts'
import type { Journal } from './journal.ts'
import { assertInside } from './path-gate.ts'
import { PRIVATE_REFS, privateRef } from './private-ref.ts'
import { publish, stageContents, type PublishPath } from './publish.ts'
import { isLargePath } from '../core/layout.ts'
import type { LargeStore } from '../io/sidecar/large-store.ts'
import { largeFile } from './large-files.ts'
import type { ResolvedCommit, ResolvedPath } from './resolve.ts'
import type { Sending } from './object-stream.ts'
import { signCommits } from './sign.ts'

/** The intent is written first and removed last. */
export const STEPS = ['record', 'sidecar', 'objects', 'ref', 'publish', 'clear'] as const
export type Step = (typeof STEPS)[number]

/** Milliseconds to wait for the user's git to release the index. */
const INDEX_WAIT_MS = 10_000

/** Milliseconds to wait for the user's `git gc`. */
const COLLECTION_WAIT_MS = 60_000

export type TransactionTools = {
  base: Base
  journal: Journal
  objects: ObjectReader
  fastImport: FastImport
  blobs: Pick<LargeStore, 'put' | 'path' | 'has'>
  identity: Identity
  /** Sign commits, if the user's configuration asks for it. */
  sign: boolean
  times: StepTimes
  /** Names this run: its private ref is `refs/kbgit/tx/<run>`. */
  run: string
  /** A private folder on the base's file system. */
  scratch: string
  /** Removes a folder of `scratch`, possibly later. */
  discard: (folder: string) => void
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
  readonly #staged: Map<string, string | null>
  #lock: IndexLock | undefined
  #sent: Promise<string>[] = []
  #files: (string | undefined)[] = []
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
    this.#staged = staged
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
      await this.#release().catch(() => {})
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
      paths: this.#paths.map((path) => this.#intentPath(path)),
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
    const done = await Promise.allSettled([stored, this.#send(), this.#stage(stored)])
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

  /** Files of large originals are copies of their objects: `stored` resolves when those are in place. */
  async #stage(stored: Promise<void>): Promise<void> {
    await mkdir(this.#scratch)
    this.#files = await stageContents(
      this.#paths.map(({ content }) => content),
      this.#scratch,
    )
    const large = [...this.#paths.entries()].filter(
      ([, { basePath, after }]) => isLargePath(basePath) && after !== null,
    )
    if (large.length === 0) return
    await stored
    const { base, blobs } = this.#tools
    for (const [index] of large)
      this.#files[index] = await largeFile(
        base.git,
        blobs,
        this.#files[index] ?? '',
        join(this.#scratch, `large-${index}`),
      )
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
    this.#lock = await lockIndex(base.repository, this.id, INDEX_WAIT_MS)
    if ((await headBranch(base)) !== this.#head.branch) throw new HeadMoved(this.#head.branch)
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
        this.#head.commit ?? zero,
      ])
    } catch (error) {
      // git may have died after moving the ref, or another process may have moved it before: only the ref itself tells.
      // A git process that died has left locks behind in either case.
      await this.#clearStaleRefLocks()
      const now = (await this.#tools.objects.resolve(this.#head.branch)) ?? null
      if (now === this.#head.commit) throw error
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
    const { base, discard } = this.#tools
    if (this.#lock === undefined) throw new Error('publish without the index lock')
    const paths = this.#paths.map((path, index): PublishPath => {
      const file = this.#files[index]
      return { ...this.#intentPath(path), file }
    })
    this.#kept = await publish(base, this.#lock, paths, this.#scratch)
    discard(this.#scratch)
    await this.#release()
  }

  private async clear(): Promise<void> {
    await this.#tools.journal.clear(this.id)
  }

  /** A private folder on the base's file system. */
  get #scratch(): string {
    return join(this.#tools.scratch, this.id)
  }

  #intentPath({ repoPath, before, after, mode }: ResolvedPath): IntentPath {
    const staged = this.#staged.get(repoPath)
    return staged === undefined
      ? { path: repoPath, before, after, mode }
      : { path: repoPath, before, after, mode, staged }
  }

  /** Always before the intent is cleared: while the intent exists, it proves that the lock is ours. */
  async #release(): Promise<void> {
    await this.#lock?.[Symbol.asyncDispose]()
    this.#lock = undefined
  }

  async #undo(cause: unknown): Promise<void> {
    const { base, journal, run } = this.#tools
    try {
      await this.#sending.abandon()
      await this.#release()
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

/** Another process moved the branch between reading it and the commit point: plan again on the new tip. */
export class HeadMoved extends KbError {
  constructor(branch: string) {
    super('rolledBack', `${branch} was moved by another command. Nothing was changed.`, { hint: 'Run kbgit again.' })
  }
}
