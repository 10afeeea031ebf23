// Finds the contents that a file has had in the history of a commit.
import { IGNORE_GITMODULES, type Git } from './git.ts'

/**
 * Object ids that each path (relative to the work tree) has had in the history of `commit`, including that commit.
 * Walks the history: call it only for paths that need it.
 */
export async function pathVersions(git: Git, commit: string, paths: string[]): Promise<Map<string, Set<string>>> {
  const versions = new Map(paths.map((path) => [path, new Set<string>()]))
  if (paths.length === 0) return versions
  const args = ['log', IGNORE_GITMODULES, '--format=', '--raw', '--no-abbrev', '--no-renames', '-z', '--stdin']
  const log = await git.run(args, { input: [commit, '--', ...paths, ''].join('\n') })
  const fields = log.stdout.toString().split('\0')
  for (const [i, field] of fields.entries()) {
    const [, , old, current] = /^\n?:(\d+ \d+) ([0-9a-f]+) ([0-9a-f]+) /.exec(field) ?? []
    if (old === undefined || current === undefined) continue
    const known = versions.get(fields[i + 1] ?? '')
    // Newest version first.
    for (const oid of [current, old]) if (!/^0+$/.test(oid)) known?.add(oid)
  }
  return versions
}
