// Checked before a transaction begins: is every path that it will write unchanged since HEAD?
import { Yielder } from '../core/yielder.ts'
import { classifyPath, type DiskState, type PathStatus } from '../core/transaction/classify-path.ts'
import type { Base } from '../io/base.ts'
import { indexEntries } from '../io/git/index.ts'
import type { IndexEntry } from '../io/git/index-file.ts'
import { KbError } from '../core/errors.ts'
import { isEditablePage } from './change.ts'
import { workTreeOf } from './large-files.ts'
import type { ResolvedPath } from './resolve.ts'

export type CheckedPath = { path: ResolvedPath; status: PathStatus; index: IndexEntry | null; disk: DiskState }

/** The paths that differ from HEAD. Throws `KbError` (`repositoryBusy`) if the index has unmerged entries. */
export async function checkPaths(base: Base, paths: ResolvedPath[]): Promise<CheckedPath[]> {
  const workTree = workTreeOf(base)
  const { entries, unmerged } = await indexEntries(
    base.git,
    base.repository,
    new Set(paths.map(({ repoPath }) => repoPath)),
  )
  if (unmerged) {
    throw new KbError('repositoryBusy', `${base.repository.workTree} has files with unresolved conflicts.`, {
      hint: 'Resolve them (git status names them), git add and commit, then run kbgit again. Nothing was changed.',
    })
  }
  const found: CheckedPath[] = []
  const yielder = new Yielder()
  for (const path of paths) {
    await yielder.yieldToEventLoop()
    const index = entries.get(path.repoPath) ?? null
    const disk = await workTree.state(path.repoPath)
    const ignored = path.before === null && disk.kind === 'file' && (await isIgnored(base, path.repoPath))
    const status = await classifyPath({
      head: path.before,
      index: index?.oid ?? null,
      disk,
      after: path.after,
      ignored,
      sparse: index?.sparse === true,
      editable: isEditablePage(path.basePath),
    })
    if (status.kind !== 'ready') found.push({ path, status, index, disk })
  }
  return found
}

/** check-ignore rejects literal pathspecs, and treats no character of the path as special but a leading colon. */
async function isIgnored(base: Base, path: string): Promise<boolean> {
  return (
    (await base.git.run(['check-ignore', '-q', '--', `./${path}`], { ok: [0, 1], env: { GIT_LITERAL_PATHSPECS: '0' } }))
      .code === 0
  )
}
