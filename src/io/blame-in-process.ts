// Finds the commit that each line of a file came from, without git. Like git blame, but does not follow renames.
import { matchLines } from '../core/merge/matching-lines.ts'
import type { HistoryCommit } from './history.ts'

/** A file at a commit. Two versions with the same `oid` are equal without being read. */
export type FileVersion = { oid: string; text: () => Promise<string> }

/** A line of the requested file, and its line number in an older version. */
type Pending = { line: number; at: number }

/**
 * The commit of each line of the first commit's version, or '' if no commit has it. `commits` lists children before
 * parents.
 */
export async function blameLines(
  commits: HistoryCommit[],
  versionAt: (commit: string) => Promise<FileVersion | undefined>,
): Promise<{ commit: string; text: string }[]> {
  const newest = commits[0]
  const version = newest === undefined ? undefined : await versionAt(newest.oid)
  if (newest === undefined || version === undefined) return []
  const lines = linesOf(await version.text())
  const origins = lines.map((text) => ({ commit: '', text }))
  const pending = new Map<string, Pending[]>([[newest.oid, lines.map((_, line) => ({ line, at: line }))]])
  for (const commit of commits) {
    const own = pending.get(commit.oid) ?? []
    pending.delete(commit.oid)
    for (const { line } of await passToParents(commit, own, pending, versionAt)) {
      const origin = origins[line]
      if (origin !== undefined) origin.commit = commit.oid
    }
  }
  return origins
}

/** Lines that are in none of the parents were written by the commit. */
async function passToParents(
  { oid, parents }: HistoryCommit,
  lines: Pending[],
  pending: Map<string, Pending[]>,
  versionAt: (commit: string) => Promise<FileVersion | undefined>,
): Promise<Pending[]> {
  const version = lines.length === 0 ? undefined : await versionAt(oid)
  if (version === undefined) return lines
  const older = await Promise.all(parents.map(async (parent) => ({ parent, version: await versionAt(parent) })))
  const pass = (parent: string, passed: Pending[]): void =>
    void pending.set(parent, [...(pending.get(parent) ?? []), ...passed])
  const same = older.find((each) => each.version?.oid === version.oid)
  if (same !== undefined) {
    pass(same.parent, lines)
    return []
  }
  const after = linesOf(await version.text())
  let left = lines
  for (const { parent, version: before } of older) {
    if (before === undefined || left.length === 0) continue
    const places = new Map(matchLines(linesOf(await before.text()), after).map(([x, y]) => [y, x]))
    const found = (index: number): number[] => (places.has(index) ? [places.get(index) ?? 0] : [])
    pass(
      parent,
      left.flatMap(({ line, at }) => found(at).map((place) => ({ line, at: place }))),
    )
    left = left.filter(({ at }) => !places.has(at))
  }
  return left
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.replace(/\n$/, '').split('\n')
}
