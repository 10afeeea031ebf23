// Puts a rewritten history in the place of the old one. Commit point: the first ref that moves.
import { mkdir, rm } from 'node:fs/promises'
import { KbError, messageOf } from '../core/errors.ts'
import type { IntentPath } from '../core/transaction/intent.ts'
import { repoPathFault } from '../core/safe-path.ts'
import { worktreeId, type Base } from '../io/base.ts'
import { lockIndex } from '../io/git/index.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { headBranch } from './head.ts'
import { Journal } from './journal.ts'
import { publish } from './publish.ts'
import {
  dropReplacement,
  finishRefs,
  moveRefs,
  noteReplacement,
  removeOldHistory,
  type RefMove,
  type Replacement,
} from './replacement.ts'

/** Milliseconds to wait for the user's git to release the index. */
const INDEX_WAIT_MS = 10_000

export type HistoryToReplace = {
  /** Id of the transaction, which the newest commit of the new history names in its trailer. */
  id: string
  branch: string
  /** The branch's commits before and after. */
  before: string
  after: string
  refs: RefMove[]
  /** See `Replacement`. */
  files: string[]
  /** A private folder on the base's file system that does not exist yet. */
  scratch: string
}

/**
 * Moves the refs, brings index and disk to the new commit, and removes what is left of the old history. Call it with the
 * exclusive lock held and the new commits in the repository. Returns paths where a user's edit was found and kept.
 * Throws `KbError` if nothing was changed, and `unfinished` if recovery has to finish it.
 */
export async function replaceHistory(
  base: Base,
  objects: ObjectReader,
  history: HistoryToReplace,
): Promise<{ kept: string[] }> {
  const journal = new Journal(base.sidecarDir, base.config.durability)
  const replacement: Replacement = { version: 1, refs: history.refs, files: history.files }
  const paths = await changedPaths(objects, history.before, history.after)
  let moved = false
  try {
    await noteReplacement(base, replacement)
    await journal.record({
      version: 1,
      id: history.id,
      branch: history.branch,
      base: history.before,
      worktree: worktreeId(base),
      workTree: base.repository.workTree,
      paths,
      blobs: [],
      attempts: 0,
    })
    const kept = await move()
    await journal.clear(history.id)
    await removeOldHistory({ base, objects }, replacement)
    return { kept }
  } catch (error) {
    if (moved)
      throw new KbError(
        'unfinished',
        `The history is replaced, but not everything of the old one is gone: ${messageOf(error)}`,
        {
          hint: 'The next kbgit command that writes, or "kbgit recover", finishes it. Then run the purge again for its proof.',
          cause: error,
        },
      )
    await journal.clear(history.id)
    await dropReplacement(base)
    throw error
  }

  async function move(): Promise<string[]> {
    await using lock = await lockIndex(base.repository, history.id, INDEX_WAIT_MS)
    if ((await headBranch(base)) !== history.branch)
      throw new KbError('rolledBack', `HEAD left ${history.branch} meanwhile. Nothing was changed.`)
    await moveRefs(base, history.refs).catch(async (error: unknown) => {
      // A git process that died may have moved some of them.
      if (!(await finishRefs({ base, objects }, replacement))) throw error
    })
    moved = true
    await mkdir(history.scratch)
    const kept = await publish(base, lock, paths, history.scratch)
    await rm(history.scratch, { recursive: true, force: true })
    return kept
  }
}

/** Only files change between the two: links and submodules are the user's. */
async function changedPaths(objects: ObjectReader, before: string, after: string): Promise<IntentPath[]> {
  const paths: IntentPath[] = []
  for await (const { path, oid, oldOid } of objects.diff(before, after)) {
    const fault = repoPathFault(path)
    if (fault !== undefined) throw new Error(`refused to write to ${JSON.stringify(path)}, which ${fault}`)
    paths.push({ path, before: oldOid, after: oid, mode: '100644' })
  }
  return paths
}
