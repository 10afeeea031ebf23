// What the pages of time show.
import { KbError } from '../../core/errors.ts'
import { passagesOf, type Passage } from '../../core/history/passages.ts'
import { pageName } from '../../core/page/page-kind.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import type { ChangesResult, Comparison, LogCommit, TimelineEntry } from '../../core/results.ts'
import type { ViewSource } from '../source.ts'

/** Entries of the timeline on one page. */
const ENTRIES_MAX = 60
/** Versions of a page that are listed. */
const VERSIONS_MAX = 200

export type TimelineData = {
  entries: TimelineEntry[]
  part: number
  parts: number
  /** Documents that have a page at this moment, with their titles. */
  titles: ReadonlyMap<string, string>
}

export async function loadTimeline(source: ViewSource, commit: string, part: number): Promise<TimelineData> {
  const [{ entries }, contents] = await Promise.all([source.timeline(commit), source.contents(commit)])
  const from = (part - 1) * ENTRIES_MAX
  return {
    entries: entries.slice(from, from + ENTRIES_MAX),
    part,
    parts: Math.max(1, Math.ceil(entries.length / ENTRIES_MAX)),
    titles: new Map(contents.documents.map(({ name, title }) => [name, title])),
  }
}

export type ChangesData = {
  since: string
  found?: ChangesResult | undefined
  /** Why `since` could not be looked up. */
  problem?: string | undefined
  /** The last entries of the timeline, to choose from. */
  recent: TimelineEntry[]
}

const RECENT_MAX = 12

export async function loadChanges(source: ViewSource, commit: string, since: string): Promise<ChangesData> {
  const recent = (await source.timeline(commit)).entries.slice(0, RECENT_MAX)
  if (since === '') return { since, recent }
  try {
    return { since, recent, found: await source.kb.changes(since, { at: commit }) }
  } catch (error) {
    if (error instanceof KbError && error.code === 'notFound') return { since, recent, problem: error.message }
    throw error
  }
}

export type HistoryData = {
  /** As the address names it. */
  path: string
  title: string
  commits: LogCommit[]
  comparison?: Comparison | undefined
}

/** Versions newest first. Without `from`, the last change is compared. */
export async function loadHistory(
  source: ViewSource,
  commit: string,
  path: string,
  asked: { from?: string | undefined; to?: string | undefined },
): Promise<HistoryData> {
  const { commits } = await source.kb.log({ of: path, at: commit, limit: VERSIONS_MAX })
  const to = asked.to ?? commits[0]?.commit ?? commit
  const from = asked.from ?? commits[1]?.commit
  const comparison = from === undefined ? undefined : await source.kb.compare(path, { from, to })
  return { path, title: await titleOf(source, to, comparison?.page ?? path), commits, comparison }
}

export type BlameData = { path: string; page: string; title: string; passages: Passage[] }

export async function loadBlame(source: ViewSource, commit: string, path: string): Promise<BlameData> {
  const { page, lines } = await source.kb.blame(path, { at: commit })
  return { path, page, title: await titleOf(source, commit, page), passages: passagesOf(lines) }
}

async function titleOf(source: ViewSource, at: string, path: string): Promise<string> {
  const text = path.endsWith('.md') ? await source.text(at, path).catch(() => undefined) : undefined
  const { title } = splitFrontMatter(text ?? '').front
  return typeof title === 'string' && title !== '' ? title : pageName(path).replaceAll('-', ' ')
}
