// What a person means by "since": a commit, a tag, or a day.
import { KbError } from '../core/errors.ts'
import type { HistoryCommit } from '../io/history.ts'
import type { BaseReader } from './base-reader.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const UNIT_DAYS: Record<string, number> = { day: 1, d: 1, week: 7, w: 7, month: 30, year: 365 }

/**
 * The newest commit of the history of `at` from before a day, or the commit that `since` names; undefined if the whole
 * history is newer. Throws `KbError` (`notFound`) if `since` is neither.
 */
export async function revisionSince(
  { history, prefix }: BaseReader,
  at: string,
  since: string,
  now: () => Date,
): Promise<HistoryCommit | undefined> {
  const start = startOf(since, now)
  if (start === undefined) {
    const oid = await history.resolve(since)
    if (oid === undefined)
      throw new KbError('notFound', `"${since}" is neither a revision of this repository nor a day.`, {
        hint: 'Write a day as 2026-11-01, yesterday or "3 weeks ago"; "kbgit log" shows commits.',
      })
    for await (const commit of history.commitsNamed([oid])) return commit
  }
  for await (const commit of history.commits({ at, paths: prefix === '' ? [] : [''] }))
    if (isBefore(commit.date, start)) return commit
  return undefined
}

/** An instant, or a day as its author's calendar had it. */
type Start = { instant: number } | { day: string }

function isBefore(date: string, start: Start | undefined): boolean {
  if (start === undefined) return false
  return 'day' in start ? date.slice(0, 10) < start.day : Date.parse(date) < start.instant
}

function startOf(since: string, now: () => Date): Start | undefined {
  const text = since.trim().toLowerCase()
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return Number.isNaN(Date.parse(text)) ? undefined : { day: text }
  if (/^\d{4}-\d{2}-\d{2}[t ]\d{2}:\d{2}/.test(text)) {
    const instant = Date.parse(since.trim().replace(' ', 'T'))
    return Number.isNaN(instant) ? undefined : { instant }
  }
  const days = text === 'today' ? 0 : text === 'yesterday' ? 1 : ago(text)
  return days === undefined ? undefined : { day: new Date(now().getTime() - days * DAY_MS).toISOString().slice(0, 10) }
}

/** `3 weeks ago`, `3 weeks`, `2w`: days. */
function ago(text: string): number | undefined {
  const [, count, unit = ''] = /^(\d{1,4}) ?(day|d|week|w|month|year)s?(?: ago)?$/.exec(text) ?? []
  const days = UNIT_DAYS[unit]
  return count === undefined || days === undefined ? undefined : Number(count) * days
}
