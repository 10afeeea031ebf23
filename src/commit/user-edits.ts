// The user's own edits of pages that a transaction must change: committed first, as theirs.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Base } from '../io/base.ts'
import { lstatIfThere } from '../io/durable-fs.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import type { Planned } from './change.ts'
import type { ResolvedCommit, ResolvedPath } from './resolve.ts'
import type { CheckedPath } from './check-paths.ts'

export type EditCommits = { commits: ResolvedCommit[]; paths: ResolvedPath[]; staged: Map<string, string | null> }

/**
 * Commits for user edits: first the staged version, if it differs from both HEAD and the disk, then the version on
 * disk. So both are in history, and none of the user's work is lost.
 */
export async function planEdits(base: Base, objects: ObjectReader, edited: CheckedPath[]): Promise<EditCommits> {
  const stagedChanges: ResolvedCommit['changes'] = []
  const diskChanges: ResolvedCommit['changes'] = []
  const paths: ResolvedPath[] = []
  const staged = new Map<string, string | null>()
  for (const { path, index } of edited) {
    const { basePath, repoPath } = path
    const file = join(base.repository.workTree, repoPath)
    const stat = lstatIfThere(file)
    const oid = stat === undefined ? null : await base.git.text(['hash-object', '-w', '--', repoPath])
    const bytes = stat === undefined ? null : { bytes: await readFile(file) }
    const mode = stat !== undefined && (Number(stat.mode) & 0o100) !== 0 ? '100755' : '100644'
    const indexOid = index?.oid ?? null
    if (indexOid !== path.before) staged.set(repoPath, indexOid)
    if (indexOid !== path.before && indexOid !== oid) {
      const content = indexOid === null ? null : { bytes: (await objects.read(indexOid)) ?? Buffer.alloc(0) }
      stagedChanges.push({
        basePath,
        repoPath,
        mode: index?.mode ?? mode,
        after: indexOid,
        content,
        stored: true,
      })
    }
    if (oid !== path.before || stagedChanges.at(-1)?.repoPath === repoPath) {
      diskChanges.push({ basePath, repoPath, mode, after: oid, content: bytes, stored: true })
    }
    paths.push({ basePath, repoPath, before: path.before, after: oid, mode, content: bytes })
  }
  const commits = [stagedChanges, diskChanges]
    .filter((changes) => changes.length > 0)
    .map((changes) => ({ planned: editCommit(changes.map(({ basePath }) => basePath)), changes }))
  return { commits, paths, staged }
}

function editCommit(paths: string[]): Planned {
  const subject = `edit: ${paths.length} ${paths.length === 1 ? 'page' : 'pages'}`
  return { label: paths.join(', '), subject, trailers: [], changes: [], edit: true }
}
