// The replacement of a history by another one, as `kbgit purge` does it: refs move together, then everything that names the
// old commits goes. Its note is durable before the first ref moves, and goes last, so that recovery can finish it.
import { existsSync } from 'node:fs'
import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { KbError, systemCode } from '../core/errors.ts'
import { pathFault } from '../core/safe-path.ts'
import { fields, fits, list, nullable, oneOf, shapeOf, text, type Shape } from '../core/shape.ts'
import { headRevision, snapshotKey, type Base } from '../io/base.ts'
import { CatalogStore } from '../io/catalog/store.ts'
import { writeDurable } from '../io/durable-fs.ts'
import { baseContent } from '../io/git/base-content.ts'
import { releasePacks } from '../io/git/fast-import.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { reachableObjects } from '../io/git/reachable.ts'
import { clearStaleRefLocks } from '../io/git/ref-locks.ts'
import { PageIndex } from '../io/search/store.ts'
import { VectorStore } from '../io/search/vector-store.ts'
import { LargeStore } from '../io/sidecar/large-store.ts'
import { sidecarPath } from '../io/sidecar/paths.ts'

/** `new` null deletes the ref; `old` is all zeros for one that does not exist yet. */
export type RefMove = { name: string; old: string; new: string | null }

export type Replacement = {
  version: 1
  refs: RefMove[]
  /** Files to delete, relative to the git directory that all worktrees share. */
  files: string[]
  /** Digests of originals; those that are in git-lfs's store are deleted there. */
  large?: string[] | undefined
}

type Tools = { base: Base; objects: ObjectReader }

const REF = /^refs\/(?!.*\.\.)[^\0-\x20\x7f~^:?*[\\]+$/
const oid = text('an object id', 64, /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/)
const safePath: Shape<string> = (value, field) =>
  typeof value === 'string' && pathFault(value) === undefined ? undefined : { field, expected: 'a path' }

const REPLACEMENT = shapeOf<Replacement>()(
  fields(
    {
      version: oneOf(1),
      refs: list(fields({ name: text('a ref', 4096, REF), old: oid, new: nullable(oid) }, {}), Number.MAX_SAFE_INTEGER),
      files: list(safePath, Number.MAX_SAFE_INTEGER),
    },
    { large: list(text('a SHA-256', 64, /^[0-9a-f]{64}$/), Number.MAX_SAFE_INTEGER) },
  ),
)

export async function noteReplacement(base: Base, replacement: Replacement): Promise<void> {
  await writeDurable(note(base), JSON.stringify(replacement), base.config.durability)
}

export async function dropReplacement(base: Base): Promise<void> {
  await rm(note(base), { force: true })
}

/** Undefined if there is none, or one that is not whole: then no ref has moved. */
export async function readReplacement(base: Base): Promise<Replacement | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(note(base), 'utf8'))
    return fits(REPLACEMENT, value) ? value : undefined
  } catch (error) {
    if (error instanceof SyntaxError || systemCode(error) === 'ENOENT') return undefined
    throw error
  }
}

function note(base: Base): string {
  return sidecarPath(base, 'replacement')
}

/**
 * Moves the refs in one git transaction. git renames them one by one, so a kill may leave some of them: `finishRefs`
 * moves the rest. Throws `KbError` (`gitFailed`) if one of them was moved meanwhile; then none has moved. `message` is for
 * the reflog.
 */
export async function moveRefs({ git }: Base, moves: RefMove[], message: string): Promise<void> {
  const lines = moves.map(({ name, old, new: next }) =>
    next === null ? `delete ${name}\0${old}\0` : `update ${name}\0${next}\0${old}\0`,
  )
  await git.run(['update-ref', '-m', message, '--no-deref', '--stdin', '-z'], { input: lines.join('') })
}

/** Moves what an interrupted `moveRefs` left. False if it had moved nothing. */
export async function finishRefs(base: Base, refs: RefMove[], message: string): Promise<boolean> {
  for (const { name, old, new: next } of refs)
    await clearStaleRefLocks(base.repository, name, next === null ? [old] : [old, next])
  const listed = await base.git.text(['for-each-ref', '--format=%(objectname) %(refname)'])
  const now = new Map(listed.split('\n').map((line) => [line.slice(line.indexOf(' ') + 1), line.split(' ')[0]]))
  const waiting = refs.filter(({ name, old }) => (now.get(name) ?? '0'.repeat(old.length)) === old)
  if (waiting.length === refs.length && refs.length > 0) return false
  if (waiting.length > 0) await moveRefs(base, waiting, message)
  return true
}

/**
 * Removes whatever still has the old history, once no ref does: files of the sidecar, reflogs, unreachable objects, rows
 * of the catalog and of the search store. Idempotent; the note goes last. Not only kbgit's own: any commit that only a
 * reflog had is gone afterwards.
 */
export async function removeOldHistory(
  { base, objects }: Tools,
  { refs, files, large = [] }: Replacement,
): Promise<void> {
  const { commonDir, gitDir } = base.repository
  for (const path of files) await rm(join(commonDir, path), { recursive: true, force: true })
  // Those that named a branch of a remote, if a kill came between it and them: git calls them broken and lists none.
  for (const { name, new: next } of refs)
    if (next === null && name.endsWith('/HEAD')) await rm(join(commonDir, name), { force: true })
  const store = new LargeStore(base)
  for (const sha256 of large) await store.remove(sha256)
  await rm(sidecarPath(base, 'prepared'), { recursive: true, force: true })
  // What was known of files on disk: digests and paths, which are found out again.
  for (const entry of ['statCache', 'movedOrigins'] as const)
    for (const end of ['', '-wal', '-shm']) await rm(`${sidecarPath(base, entry)}${end}`, { force: true })
  for (const folder of new Set([commonDir, gitDir]))
    for (const name of ['ORIG_HEAD', 'FETCH_HEAD', 'AUTO_MERGE']) await rm(join(folder, name), { force: true })
  const head = await objects.resolve(headRevision(base))
  if (head === undefined) throw new KbError('gitFailed', 'HEAD names no commit.')
  {
    using catalog = new CatalogStore(sidecarPath(base, 'catalog'), { access: 'write', key: snapshotKey(base) })
    await catalog.align(head, baseContent(base, objects))
    catalog.dropOthers()
    catalog.compact()
  }
  await releasePacks(commonDir)
  await forgetReflogs(base)
  // It may name commits that are gone; git makes it again.
  for (const name of ['commit-graph', 'commit-graphs'])
    await rm(join(commonDir, 'objects/info', name), { recursive: true, force: true })
  // Not `git gc`: killed, it leaves locks that stop the user's git.
  await base.git.run(['repack', '-a', '-d', '-n', '-q'])
  await base.git.run(['prune', '--expire=now'])
  using pageIndex = PageIndex.open(sidecarPath(base, 'pageIndex'), { access: 'write' })
  await pageIndex.dropUnreached(reachedIds(base))
  pageIndex.forgetPages()
  pageIndex.compact()
  const vectorsPath = sidecarPath(base, 'vectors')
  if (VectorStore.exists(vectorsPath)) {
    using vectors = VectorStore.open(vectorsPath, base.config.embeddings ?? '', { access: 'write' })
    vectors.dropExcept((digest) => pageIndex.hasPassage(digest), { compact: true })
  }
  await dropReplacement(base)
}

async function* reachedIds(base: Base): AsyncGenerator<string> {
  for await (const { oid: reached } of reachableObjects(base.git)) yield reached
}

/** Files are removed, since a killed `git reflog` leaves locks; other storage is left to git. */
async function forgetReflogs({ git, repository }: Base): Promise<void> {
  const { commonDir, gitDir } = repository
  if (existsSync(join(commonDir, 'reftable')))
    await git.run(['reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all'])
  for (const folder of new Set([commonDir, gitDir])) await rm(join(folder, 'logs'), { recursive: true, force: true })
}
