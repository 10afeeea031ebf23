// The checked-out branch as a target: disk and index follow it, and the user's changes there are respected.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError } from '../core/errors.ts'
import { isLargePath } from '../core/layout.ts'
import type { IntentPath } from '../core/transaction/intent.ts'
import type { Base } from '../io/base.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import { lockIndex, type IndexLock } from '../io/git/index.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import type { LargeStore } from '../io/sidecar/large-store.ts'
import { checkPaths, type CheckedPath } from './check-paths.ts'
import { headBranch, HeadMoved, writableHead, type Head } from './head.ts'
import { largeFile } from './large-files.ts'
import { publish, stageContents, type PublishPath } from './publish.ts'
import type { ResolvedPath } from './resolve.ts'
import type { Delivered, Delivery, Target } from './target.ts'

/** Milliseconds to wait for the user's git to release the index. */
const INDEX_WAIT_MS = 10_000

export type CheckedOutTools = {
  base: Base
  objects: ObjectReader
  blobs: Pick<LargeStore, 'path' | 'has'>
  /** Removes a private folder, possibly later. */
  discard: (folder: string) => void
}

export class CheckedOut implements Target {
  readonly #tools: CheckedOutTools
  /** The branch that the run began on. The run commits to no other branch. */
  #branch: string | undefined

  constructor(tools: CheckedOutTools) {
    this.#tools = tools
  }

  async head(): Promise<Head> {
    const { base, objects } = this.#tools
    const head = await writableHead(base, objects)
    this.#branch ??= head.branch
    if (head.commit !== null) refuseWithoutIndex(base)
    if (head.branch !== this.#branch) {
      throw new KbError(
        'repositoryBusy',
        `${base.repository.workTree} was switched from ${this.#branch} to ${head.branch} while kbgit was running.`,
        {
          hint: 'Finished commits are on the first branch. Run the command again on the branch where the rest belongs.',
        },
      )
    }
    return head
  }

  async check(paths: ResolvedPath[]): Promise<CheckedPath[]> {
    return checkPaths(this.#tools.base, paths)
  }

  deliver(transaction: Delivered): Delivery {
    return new Checkout(this.#tools, transaction)
  }
}

/** An index with kbgit's files alone would say that all others are deleted. */
function refuseWithoutIndex({ repository }: Base): void {
  if (lstatIfThere(join(repository.gitDir, 'index')) !== undefined) return
  throw new KbError(
    'repositoryBusy',
    `${repository.workTree} has no index: its checkout did not finish. Nothing was changed.`,
    { hint: 'Run "git reset", see with "git status" which files are missing, and get them with "git restore".' },
  )
}

class Checkout implements Delivery {
  readonly paths: IntentPath[]
  readonly #tools: CheckedOutTools
  readonly #transaction: Delivered
  #lock: IndexLock | undefined
  #files: (string | undefined)[] = []

  constructor(tools: CheckedOutTools, transaction: Delivered) {
    this.#tools = tools
    this.#transaction = transaction
    const { paths, staged } = transaction
    this.paths = paths.map(({ repoPath, before, after, mode }) => {
      const path = { path: repoPath, before, after, mode }
      const entry = staged.get(repoPath)
      return entry === undefined ? path : { ...path, staged: entry }
    })
  }

  /** Files of large originals are copies of their objects. */
  async stage(stored: Promise<void>): Promise<void> {
    const { paths, scratch } = this.#transaction
    await mkdir(scratch)
    this.#files = await stageContents(
      paths.map(({ content }) => content),
      scratch,
    )
    const large = [...paths.entries()].filter(([, { basePath, after }]) => isLargePath(basePath) && after !== null)
    if (large.length === 0) return
    await stored
    const { base, blobs } = this.#tools
    for (const [index] of large)
      this.#files[index] = await largeFile(base.git, blobs, this.#files[index] ?? '', join(scratch, `large-${index}`))
  }

  async hold(): Promise<void> {
    const { base } = this.#tools
    const { transaction, head } = this.#transaction
    this.#lock = await lockIndex(base.repository, transaction, INDEX_WAIT_MS)
    if ((await headBranch(base)) !== head.branch) throw new HeadMoved(head.branch)
  }

  async publish(): Promise<string[]> {
    const { base, discard } = this.#tools
    if (this.#lock === undefined) throw new Error('publish without the index lock')
    const paths = this.paths.map((path, index): PublishPath => ({ ...path, file: this.#files[index] }))
    const kept = await publish(base, this.#lock, paths, this.#transaction.scratch)
    discard(this.#transaction.scratch)
    return kept
  }

  async release(): Promise<void> {
    await this.#lock?.[Symbol.asyncDispose]()
    this.#lock = undefined
  }
}
