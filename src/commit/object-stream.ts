// Streams a group's blobs and commits to git. Until a checkpoint they are in a file that nothing refers to.
import { isOfOneDocument } from '../core/layout.ts'
import type { Base } from '../io/base.ts'
import { bytesAtHand, type FastImport, type TreeEdit } from '../io/git/fast-import.ts'
import { commitMessage } from './change.ts'
import { identLine, type Identity } from './identity.ts'
import { privateRef } from './private-ref.ts'
import type { ResolvedChange, ResolvedCommit } from './resolve.ts'

export type SendTools = {
  base: Base
  fastImport: FastImport
  identity: Identity
  run: string
  agent?: string | undefined
}

/** Commits sent per batch. git processes a batch while the next is planned; deltas do not reach across batches. */
const COMMITS_AT_ONCE = 100

/** The commits of one transaction, sent while the rest of it is still being planned. */
export class Sending {
  readonly transaction: string
  readonly #tools: SendTools
  readonly #ids: Promise<string>[] = []
  #waiting: ResolvedCommit[] = []
  #flow: Promise<void> = Promise.resolve()
  #begun = false
  /** Parent of the next commit: a commit's id, null for none, undefined for the commit before. */
  #parent: string | null | undefined

  /** The first commit is on top of `parent` (null: a root commit), each other one on the commit before it. */
  constructor(tools: SendTools, transaction: string, parent: string | null) {
    this.#tools = tools
    this.transaction = transaction
    this.#parent = parent
  }

  add(commit: ResolvedCommit): void {
    this.#waiting.push(commit)
    if (this.#waiting.length >= COMMITS_AT_ONCE) this.#go()
  }

  /** Sends what is left. The commit ids come with the next checkpoint. Rejects if git died meanwhile. */
  async end(): Promise<Promise<string>[]> {
    if (this.#waiting.length > 0) this.#go()
    await this.#flow
    return this.#ids
  }

  /** Drops what was sent: git has not made it durable, and nothing refers to it. Do not add anything afterwards. */
  async abandon(): Promise<void> {
    if (!this.#begun) return
    this.#waiting = []
    // Not in mid-command: the rest would go into the next transaction.
    const whole = await this.#flow.then(
      () => true,
      () => false,
    )
    await this.#tools.fastImport.abandon(whole)
  }

  #go(): void {
    const commits = this.#waiting
    this.#waiting = []
    this.#begun = true
    this.#flow = this.#flow.then(() => this.#send(commits))
    // The caller of end() sees the rejection.
    this.#flow.catch(() => {})
  }

  async #send(commits: ResolvedCommit[]): Promise<void> {
    const { base, fastImport, identity, run, agent } = this.#tools
    const author = identLine(identity.author, base.clock)
    const committer = identLine(identity.committer, base.clock)
    await fastImport.blobs(inDeltaOrder(commits.flatMap(({ changes }) => changes)))
    for (const { planned, changes } of commits) {
      const from = this.#parent
      this.#parent = undefined
      const { id } = await fastImport.commit({
        ref: privateRef(run),
        author,
        committer,
        from,
        message: commitMessage(planned, this.transaction, agent),
        changes: changes.map(treeChange),
      })
      this.#ids.push(id)
    }
  }
}

function treeChange({ repoPath, mode, after, content, stored }: ResolvedChange): TreeEdit {
  if (after === null) return { path: repoPath, delete: true }
  // Content too large for memory is streamed later; the rest is in the store already or was sent before.
  const streams = !stored && content !== null && bytesAtHand(content) === undefined
  return streams ? { path: repoPath, mode, content } : { path: repoPath, mode, oid: after }
}

/**
 * Blobs that are in memory go before the commits, each once, with the versions of a path next to each other, newest
 * first. A shared page comes between files of single documents: its newest version resembles neither neighbour and is
 * stored whole, so that git finds its delta when packs are joined. A delta against an unrelated page would stay
 * forever.
 */
function inDeltaOrder(changes: ResolvedChange[]): (string | Uint8Array)[] {
  const own = new Map<string, (string | Uint8Array)[]>()
  const shared = new Map<string, (string | Uint8Array)[]>()
  const sent = new Set<string>()
  for (const { basePath, after, content, stored } of changes.toReversed()) {
    const bytes = content === null || stored ? undefined : bytesAtHand(content)
    if (bytes === undefined || after === null || sent.has(after)) continue
    sent.add(after)
    const paths = isOfOneDocument(basePath) ? own : shared
    const versions = paths.get(basePath)
    if (versions === undefined) paths.set(basePath, [bytes])
    else versions.push(bytes)
  }
  return alternately([...shared.values()], [...own.values()]).flat()
}

function alternately<T>(some: T[], others: T[]): T[] {
  const longest = some.length > others.length ? some : others
  return longest.flatMap((_, index) => [...some.slice(index, index + 1), ...others.slice(index, index + 1)])
}
