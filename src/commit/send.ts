// A group's blobs and commits on their way into git. Until a checkpoint they are a file that nothing knows.
import { isOfOneDocument } from '../core/layout.ts'
import type { Base } from '../io/base.ts'
import { bytesAtHand, type FastImport, type TreeChange } from '../io/fast-import.ts'
import { commitMessage } from './change.ts'
import { identLine, type Identity } from './identity.ts'
import { privateRef } from './private-ref.ts'
import type { ResolvedChange, ResolvedCommit } from './resolve.ts'

export type SendTools = { base: Base; fastImport: FastImport; identity: Identity; run: string }

/**
 * Sends the commits of a transaction, the first of them on `parent` (null: on nothing), each on the one before. Their ids
 * come with the next checkpoint.
 */
export async function sendCommits({ base, fastImport, identity, run }: SendTools, transaction: string, commits: ResolvedCommit[], parent: string | null): Promise<Promise<string>[]> {
  const ref = privateRef(run)
  const author = identLine(identity.author, base.clock)
  const committer = identLine(identity.committer, base.clock)
  await fastImport.blobs(inDeltaOrder(commits.flatMap(({ changes }) => changes)))
  const ids: Promise<string>[] = []
  for (const [at, { planned, changes }] of commits.entries()) {
    const { id } = await fastImport.commit({
      ref, author, committer,
      ...(at > 0 ? {} : { from: parent }),
      message: commitMessage(planned, transaction),
      changes: changes.map(treeChange),
    })
    ids.push(id)
  }
  return ids
}

function treeChange({ tree, mode, after, content, stored }: ResolvedChange): TreeChange {
  if (after === null) return { path: tree, delete: true }
  // What is larger than memory should hold streams past here; the rest is in the store, or went before.
  const streams = !stored && content !== null && bytesAtHand(content) === undefined
  return streams ? { path: tree, mode, content } : { path: tree, mode, oid: after }
}

/**
 * Blobs that are in memory go before the commits, each once: the versions of a path side by side, the newest first. A
 * page that documents share goes between files of single documents: its newest version is like neither and is stored
 * whole, so that git finds its delta when packs are joined. A delta to another page would stay for ever.
 */
function inDeltaOrder(changes: ResolvedChange[]): (string | Uint8Array)[] {
  const own = new Map<string, (string | Uint8Array)[]>()
  const shared = new Map<string, (string | Uint8Array)[]>()
  const sent = new Set<string>()
  for (const { path, after, content, stored } of changes.toReversed()) {
    const bytes = content === null || stored ? undefined : bytesAtHand(content)
    if (bytes === undefined || after === null || sent.has(after)) continue
    sent.add(after)
    const paths = isOfOneDocument(path) ? own : shared
    const versions = paths.get(path)
    if (versions === undefined) paths.set(path, [bytes])
    else versions.push(bytes)
  }
  return alternately([...shared.values()], [...own.values()]).flat()
}

function alternately<T>(some: T[], others: T[]): T[] {
  const longest = some.length > others.length ? some : others
  return longest.flatMap((_, at) => [...some.slice(at, at + 1), ...others.slice(at, at + 1)])
}
