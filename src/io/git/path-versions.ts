// Finds the contents that files have had in the history of a commit.
import { IGNORE_GITMODULES, type Git } from './git.ts'

const LOG = ['log', IGNORE_GITMODULES, '--format=', '--raw', '--no-abbrev', '--no-renames', '-z', '--stdin']

/**
 * Object ids that each path (relative to the work tree) has had in the history of `commit`, including that commit.
 * Walks the history: call it only for paths that need it.
 */
export async function pathVersions(git: Git, commit: string, paths: string[]): Promise<Map<string, Set<string>>> {
  const versions = new Map(paths.map((path) => [path, new Set<string>()]))
  if (paths.length === 0) return versions
  for (const [path, oid] of await changedBlobs(git, commit, paths)) versions.get(path)?.add(oid)
  return versions
}

/** The same for the files below a folder that have had more than one content. */
export async function changedFiles(git: Git, commit: string, folder: string): Promise<Map<string, Set<string>>> {
  const versions = new Map<string, Set<string>>()
  for (const [path, oid] of await changedBlobs(git, commit, [folder])) {
    const known = versions.get(path)
    if (known === undefined) versions.set(path, new Set([oid]))
    else known.add(oid)
  }
  for (const [path, { size }] of versions) if (size < 2) versions.delete(path)
  return versions
}

/** Paths and the object ids that they had, newest first. */
async function changedBlobs(git: Git, commit: string, paths: string[]): Promise<[path: string, oid: string][]> {
  const log = await git.run(LOG, { input: [commit, '--', ...paths, ''].join('\n') })
  const fields = log.stdout.toString().split('\0')
  return fields.flatMap((field, i) => {
    const [, , old, current] = /^\n?:(\d+ \d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(field) ?? []
    return [current, old].flatMap((oid): [string, string][] =>
      oid === undefined || /^0+$/.test(oid) ? [] : [[fields[i + 1] ?? '', oid]],
    )
  })
}
