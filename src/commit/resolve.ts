// Resolves planned changes to exact ones: the object at each path before and after.
import { readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { isLargePath } from '../core/layout.ts'
import { repoPathOf, type Base } from '../io/base.ts'
import { bytesAtHand, type Content } from '../io/git/fast-import.ts'
import { blobId, blobIdOfFile } from '../io/git/object-id.ts'
import type { Planned } from './change.ts'
import type { Filters } from './filters.ts'

/** A change whose object ids are known. `repoPath` is relative to the work tree, `basePath` to the base. */
export type ResolvedChange = {
  basePath: string
  repoPath: string
  mode: string
  after: string | null
  content: Content | null
  /** Set if the object is already in the store, written by a clean filter or by the user's `git add`. */
  stored: boolean
}

export type ResolvedCommit = { planned: Planned; changes: ResolvedChange[] }

/** A path's change across the whole group: from the tip before its first commit to the tip after its last. */
export type ResolvedPath = {
  basePath: string
  repoPath: string
  before: string | null
  after: string | null
  mode: string
  content: Content | null
}

const PLAIN = '100644'
const ENCODER = new TextEncoder()

/** Staged files up to this many bytes are held in memory until their group is committed. */
const HELD_BYTES_MAX = 64 * 1024

/** A pointer is committed as it is: what git-lfs's filter would make of the original. */
export async function resolveChanges(base: Base, filters: Filters, planned: Planned): Promise<ResolvedCommit> {
  const changes: ResolvedChange[] = []
  for (const { path: basePath, content } of planned.changes) {
    const repoPath = repoPathOf(base, basePath)
    if (content === null) changes.push({ basePath, repoPath, mode: PLAIN, after: null, content, stored: false })
    else if (!isLargePath(basePath) && (await filters.apply(repoPath))) {
      const bytes = 'bytes' in content ? content.bytes : await readFile(content.file)
      const after = await filters.store(repoPath, bytes)
      changes.push({ basePath, repoPath, mode: PLAIN, after, content, stored: true })
    } else {
      const held = hold(content)
      const bytes = bytesAtHand(held)
      const after =
        bytes === undefined && 'file' in held
          ? await blobIdOfFile(held.file, held.size, base.repository)
          : blobId(bytes ?? '', base.repository)
      changes.push({ basePath, repoPath, mode: PLAIN, after, content: held, stored: false })
    }
  }
  return { planned, changes }
}

/**
 * Encodes text once and reads a small file once: for its id, for git, for the disk and for the search store. Throws if
 * the file's size has changed.
 */
function hold(content: Content): Content {
  if ('bytes' in content) return typeof content.bytes === 'string' ? { bytes: ENCODER.encode(content.bytes) } : content
  if (content.size > HELD_BYTES_MAX) return content
  // Into a buffer of its own: transferring part of Node's shared slab to another thread would transfer the whole slab.
  const held = new Uint8Array(readFileSync(content.file))
  if (held.length !== content.size) throw new Error(`${content.file} changed while it was read`)
  return { ...content, held }
}

/**
 * The group's paths with their state at the tip, as `oidAt` returns it; the last commit that names a path wins.
 * Existing files keep their mode.
 */
export async function groupPaths(
  oidAt: (path: string) => Promise<string | null>,
  commits: ResolvedCommit[],
): Promise<ResolvedPath[]> {
  const last = new Map<string, ResolvedChange>()
  for (const { changes } of commits) for (const change of changes) last.set(change.repoPath, change)
  const before = await Promise.all([...last.values()].map(({ basePath }) => oidAt(basePath)))
  return [...last.values()].map((change, index) => ({
    basePath: change.basePath,
    repoPath: change.repoPath,
    before: before[index] ?? null,
    after: change.after,
    mode: change.mode,
    content: change.content,
  }))
}
