// The last check before a transaction, for every change, wherever its path came from.
import { DocumentError } from '../core/errors.ts'
import { pathFault, repoPathFault } from '../core/safe-path.ts'
import type { Base } from '../io/base.ts'

/** Throws `DocumentError` if a path relative to the base could lead out of it, or into a `.git`. */
export function refuseUnsafePaths(label: string, changes: readonly { path: string }[]): void {
  for (const { path } of changes) {
    const fault = pathFault(path)
    if (fault !== undefined)
      throw new DocumentError(
        'nameConflict',
        `${label}: kbgit does not write to ${JSON.stringify(path)}, which ${fault}.`,
        'The path comes from a file of the base: "kbgit fsck" reports what is wrong with it. Nothing was changed.',
      )
  }
}

/** The same check for resolved paths, right before they are recorded. Throws `Error`: an earlier check has failed. */
export function assertInside(
  { prefix }: Pick<Base, 'prefix'>,
  paths: readonly { basePath: string; repoPath: string }[],
): void {
  for (const { basePath, repoPath } of paths) {
    const fault =
      pathFault(basePath) ??
      repoPathFault(repoPath) ??
      (repoPath === prefix + basePath ? undefined : 'is outside of the base')
    if (fault !== undefined) throw new Error(`refused to write to ${JSON.stringify(repoPath)}, which ${fault}`)
  }
}
