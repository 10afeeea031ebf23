// What the site shows of a page's past: who wrote its versions and when, and what the last of them changed.
import { changedWords, differences } from '../../core/history/page-differences.ts'
import { parsePage } from '../../core/page/page.ts'
import type { DifferenceRow, LogCommit } from '../../core/results.ts'
import type { ViewSource } from '../source.ts'

/** Versions of a page whose changes the site shows. */
const DIFFERENCES_MAX = 5
/** A longer page is compared by those who have the base. */
const COMPARED_CHARS_MAX = 200_000

export type SiteVersion = {
  commit: LogCommit
  /** Compared with the version before. */
  difference?: { added: number; removed: number; rows: DifferenceRow[] } | undefined
}
export type SiteVersions = { path: string; title: string; total: number; versions: SiteVersion[] }

/** Undefined for a page that the site has no versions of. */
export async function loadVersions(
  source: ViewSource,
  commit: string,
  path: string,
): Promise<SiteVersions | undefined> {
  const known = (await source.versions(commit)).get(path)
  if (known === undefined) return undefined
  const { total, commits } = known
  const versions = await Promise.all(
    commits.map(async (version, index): Promise<SiteVersion> => {
      const before = commits[index + 1]
      if (before === undefined || index >= DIFFERENCES_MAX) return { commit: version }
      return { commit: version, difference: await differenceOf(source, path, [before.commit, version.commit]) }
    }),
  )
  const title = parsePage((await source.text(commit, path)) ?? '').front['title']
  return { path, title: typeof title === 'string' && title !== '' ? title : path, total, versions }
}

async function differenceOf(source: ViewSource, path: string, [from, to]: [string, string]) {
  const [before = '', after = ''] = await Promise.all([source.text(from, path), source.text(to, path)])
  if (before.length + after.length > COMPARED_CHARS_MAX) return undefined
  const rows = differences(before, after)
  return { added: changedWords(rows, 'after'), removed: changedWords(rows, 'before'), rows }
}
