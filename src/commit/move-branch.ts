// Moves the branch to commits that exist already, together with other refs, and brings index and disk to it. Commit point:
// the first ref that moves.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError } from '../core/errors.ts'
import { isLargePath } from '../core/layout.ts'
import { repoPathFault } from '../core/safe-path.ts'
import type { Intent, IntentPath } from '../core/transaction/intent.ts'
import { worktreeId, type Base } from '../io/base.ts'
import { lockIndex, type IndexLock } from '../io/git/index.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { headBranch } from './head.ts'
import { Journal } from './journal.ts'
import { publish, type PublishPath } from './publish.ts'
import { finishRefs, moveRefs, type RefMove } from './replacement.ts'

/** Milliseconds to wait for the user's git to release the index. */
const INDEX_WAIT_MS = 10_000

export type BranchMove = {
  /** Id of the transaction, which the newest of the new commits names in its trailer. */
  id: string
  /** Set if no commit names it. */
  tip?: string | undefined
  branch: string
  /** The branch's commits before and after. */
  before: string
  after: string
  /** The refs that move, the branch among them. */
  refs: RefMove[]
  /** If some of the refs have moved when kbgit dies, recovery moves the rest. Not for a history that is replaced. */
  together?: boolean
  /** For the reflog. */
  message: string
  /** A private folder on the base's file system that does not exist yet. */
  scratch: string
}

/** What the move was about when it failed: nothing has changed if no ref has moved. */
export type Moved = { paths: IntentPath[]; kept: string[] }

/**
 * Call it with the exclusive lock held. `onMoved` is called at the commit point. Returns the paths that changed on disk, and
 * those where a user's edit was found and kept. If it throws before the commit point, nothing has changed.
 */
export async function moveBranch(
  base: Base,
  objects: ObjectReader,
  move: BranchMove,
  onMoved: () => void,
): Promise<Moved> {
  const { id, refs, message, scratch } = move
  const journal = new Journal(base.sidecarDir, base.config.durability)
  // Disk and index follow the branch that is checked out, and no other.
  const follows = base.branch === undefined
  const paths = follows ? await changedPaths(objects, move.before, move.after) : []
  let moved = false
  try {
    await journal.record(intentOf(base, move, paths))
    const staged = follows ? await stageFiles(base, move.after, paths, scratch) : []
    await using lock = follows ? await lockCheckout(base, move) : undefined
    await moveRefs(base, refs, message).catch(async (error: unknown) => {
      // A git process that died may have moved some of them.
      if (!(await finishRefs(base, refs, message))) throw error
    })
    moved = true
    onMoved()
    const kept = lock === undefined ? [] : await publish(base, lock, staged, scratch)
    await rm(scratch, { recursive: true, force: true })
    await lock?.[Symbol.asyncDispose]()
    await journal.clear(id)
    return { paths, kept }
  } catch (error) {
    if (!moved) await journal.clear(id)
    throw error
  }
}

function intentOf(
  base: Base,
  { id, tip, branch, before, refs, together = false }: BranchMove,
  paths: IntentPath[],
): Intent {
  return {
    version: 1,
    id,
    branch,
    base: before,
    worktree: worktreeId(base),
    workTree: base.repository.workTree,
    ...(tip === undefined ? {} : { tip }),
    ...(together ? { refs } : {}),
    paths,
    blobs: [],
    attempts: 0,
  }
}

async function lockCheckout(base: Base, { id, branch }: BranchMove): Promise<IndexLock> {
  const lock = await lockIndex(base.repository, id, INDEX_WAIT_MS)
  if ((await headBranch(base)) === branch) return lock
  await lock[Symbol.asyncDispose]()
  throw new KbError('rolledBack', `HEAD left ${branch} meanwhile. Nothing was changed.`)
}

export type RefsMove = Pick<BranchMove, 'id' | 'branch' | 'before' | 'refs' | 'message'> & { tip: string }

/**
 * Moves refs that nothing follows: `branch` from `before` (all zeros: it is new) to `tip`, and the others with it. Call it
 * with the exclusive lock held. If it throws, nothing has changed.
 */
export async function moveRefsOnly(base: Base, { id, branch, before, tip, refs, message }: RefsMove): Promise<void> {
  const journal = new Journal(base.sidecarDir, base.config.durability)
  await journal.record({
    version: 1,
    id,
    branch,
    base: /^0+$/.test(before) ? null : before,
    worktree: worktreeId(base),
    workTree: base.repository.workTree,
    tip,
    refs,
    paths: [],
    blobs: [],
    attempts: 0,
  })
  try {
    await moveRefs(base, refs, message).catch(async (error: unknown) => {
      if (!(await finishRefs(base, refs, message))) throw error
    })
  } finally {
    await journal.clear(id)
  }
}

/** Throws `Error` for a path that kbgit never writes. */
async function changedPaths(objects: ObjectReader, before: string, after: string): Promise<IntentPath[]> {
  const paths: IntentPath[] = []
  for await (const { path, oid, oldOid, mode } of objects.diff(before, after)) {
    const fault = repoPathFault(path)
    if (fault !== undefined) throw new Error(`refused to write to ${JSON.stringify(path)}, which ${fault}`)
    paths.push({ path, before: oldOid, after: oid, mode: mode === '100755' ? mode : '100644' })
  }
  return paths
}

/** The new files as git would check them out, all by one process. Large originals are left to `publish`, which needs no git-lfs. */
async function stageFiles(base: Base, commit: string, paths: IntentPath[], scratch: string): Promise<PublishPath[]> {
  await mkdir(scratch)
  const isWritten = ({ path, after }: IntentPath): boolean =>
    after !== null && !isLargePath(path.slice(base.prefix.length))
  const written = paths.filter(isWritten)
  if (written.length === 0) return paths
  const folder = join(scratch, 'files')
  await mkdir(folder)
  const env = { GIT_INDEX_FILE: join(scratch, 'index') }
  await base.git.run(['read-tree', commit], { env })
  const input = written.map(({ path }) => `${path}\0`).join('')
  await base.git.run(['checkout-index', '-z', '--stdin', '--force', `--prefix=${folder}/`], { env, input })
  return paths.map((path) => (isWritten(path) ? { ...path, file: join(folder, path.path) } : path))
}
