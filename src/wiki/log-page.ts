// `wiki/log.md`: the latest changes, newest first, as plain text. No links, because reverting the addition of a
// document must not leave broken ones. The full log is git's.
import { sanitizeInline, oneLine } from '../core/page/sanitize.ts'
import { LOG_ENTRIES_MAX } from '../core/layout.ts'
import { logTime } from '../core/page/page-lines.ts'

type LogEntry = {
  /** ISO 8601, UTC. */
  date: string
  operation: string
  name: string
  title?: string
}

export function newLogPage(): string {
  return '---\ntype: log\ntitle: Log\n---\n\n# Log\n\nThe latest changes. `kbgit log` and `git log` show all of them.\n'
}

function logLine({ date, operation, name, title }: LogEntry): string {
  const shown = title === undefined || title === name ? '' : ` (${sanitizeInline(oneLine(title, 120))})`
  return `- ${date.replace(/\.\d+Z$/, 'Z')} ${operation}: ${sanitizeInline(oneLine(name, 120))}${shown}`
}

/** Prepends an entry and drops the oldest. */
export function addLogEntry(text: string | undefined, entry: LogEntry): string {
  const lines = (text ?? newLogPage()).replace(/\s*$/, '').split('\n')
  const line = logLine(entry)
  const first = lines.findIndex((old) => logTime(old) !== undefined)
  if (first === -1) return `${[...lines, '', line].join('\n')}\n`
  lines.splice(first, 0, line)
  let entries = 0
  return `${lines.filter((old) => logTime(old) === undefined || ++entries <= LOG_ENTRIES_MAX).join('\n')}\n`
}

/** Without the entries that show a document's name and title; another document may have had the name. */
export function withoutLogEntries(text: string, { name, title }: { name: string; title: string }): string {
  const end = logLine({ date: '', operation: '', name, title }).slice('-  '.length)
  if (title === name || !text.includes(end)) return text
  return text
    .split('\n')
    .filter((line) => !(logTime(line) !== undefined && line.endsWith(end)))
    .join('\n')
}
