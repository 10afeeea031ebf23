// The versions of all pages in one walk of the history: asking git page by page would walk it once for each.
import type { VersionsOptions } from '../core/options.ts'
import type { LogCommit } from '../core/results.ts'
import type { PageVersions } from '../core/results/explore.ts'
import type { HistoryCommit } from '../io/history.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { logCommit } from './log.ts'

/** Commits whose changes are asked for at once. */
const BATCH = 1_000

/** By path, for files below `folders`. A merge counts if it differs from all of its parents. */
export async function versions(base: BaseReader, options: VersionsOptions): Promise<Map<string, PageVersions>> {
  const { folders, limit = Infinity } = options
  const pages = new Map<string, PageVersions>()
  const take = async (batch: HistoryCommit[]): Promise<void> => {
    const byId = new Map(batch.map((commit) => [commit.oid, logCommit(commit)]))
    for await (const { commit, path } of base.history.changes([...byId.keys()], [...folders]))
      note(pages, path, byId.get(commit), limit)
  }
  let batch: HistoryCommit[] = []
  const at = await commitAt(base, options)
  for await (const commit of base.history.commits({ at, paths: base.prefix === '' ? [] : [''] })) {
    batch.push(commit)
    if (batch.length < BATCH) continue
    await take(batch)
    batch = []
  }
  await take(batch)
  return pages
}

function note(pages: Map<string, PageVersions>, path: string, commit: LogCommit | undefined, limit: number): void {
  if (commit === undefined) return
  const page = pages.get(path) ?? { total: 0, commits: [] }
  page.total++
  if (page.commits.length < limit) page.commits.push(commit)
  pages.set(path, page)
}
