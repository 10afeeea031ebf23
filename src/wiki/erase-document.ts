// A page as it would be if a document had never been in the base: for the past, where pages cannot be planned again. What
// the document said goes, in doubt with the sentence or list item around it; everything else stays byte for byte.
import type { DocumentRecord } from '../core/document/document.ts'
import { LOG_PAGE, linkTarget } from '../core/layout.ts'
import { ownOverview, replaceOverview } from '../core/page/overview-mark.ts'
import { cutPage, joinPage, setFront } from '../core/page/page-text.ts'
import { splitFrontMatter } from '../core/page/page.ts'
import { eachWordRun, hasRun } from '../core/page/word-runs.ts'
import { forgetDocument } from './forget-document.ts'
import { withoutLogEntries } from './log-page.ts'
import { takeSection } from './topic-page.ts'

export type Erased = {
  /** Its names, and the pages that it had under each. */
  documents: Pick<DocumentRecord, 'name' | 'summary' | 'source'>[]
  /** Documents whose pages another one of their name has: the log still shows their titles. */
  logged?: readonly Pick<DocumentRecord, 'name' | 'title'>[]
  /** Runs of words that only these documents have; see `word-runs.ts`. */
  runs: ReadonlySet<number>
}

/** The page without the documents; null if nothing else is on it. `path` is relative to the base. */
export function eraseDocument(path: string, text: string, { documents, logged = [], runs }: Erased): string | null {
  let left = path === LOG_PAGE ? logged.reduce(withoutLogEntries, text) : text
  for (const document of documents) {
    const names = [document.name, linkTarget(document.summary), linkTarget(document.source)]
    if (!names.some((name) => left.includes(name))) continue
    const without = withoutSection(left, document)
    if (without === null) return null
    left = withoutNames(withoutEntries(path, without, document), document.name)
    left = forgetDocument(left, document)
  }
  return hasRun(left, runs) ? withoutRuns(left, runs) : left
}

/** A topic page without the document's section and without an overview that was written from it; null if it is empty. */
function withoutSection(text: string, { name, summary }: Erased['documents'][number]): string | null {
  const taken = takeSection(text, linkTarget(summary))
  if (taken?.empty === true) return null
  const { front } = splitFrontMatter(text)
  const wasSource = Array.isArray(front['sources']) && front['sources'].includes(name)
  const left = taken?.text ?? text
  const page = cutPage(left)
  const own = wasSource ? ownOverview(page.intro, front) : undefined
  if (own === undefined) return left
  const intro = replaceOverview(page.intro, front, '')
  return intro === undefined ? left : joinPage({ ...page, intro: intro.replace(/\n{3,}/g, '\n\n') })
}

/** Without the list items and log entries about the document. */
function withoutEntries(path: string, text: string, { name, summary, source }: Erased['documents'][number]): string {
  const targets = [summary, source].map(linkTarget)
  const isEntry = (line: string): boolean =>
    /^\s*- /.test(line) &&
    (targets.some((target) => line.includes(`[[${target}|`) || line.includes(`[[${target}]]`)) ||
      (path === LOG_PAGE && namesIn(line).includes(name)))
  // The sources of a saved answer are numbered: the lines stay, without the words.
  if (splitFrontMatter(text).front['type'] === 'exploration') return text
  return text
    .split('\n')
    .filter((line) => !isEntry(line))
    .join('\n')
}

/** Names in an entry such as `- 2026-01-01T00:00:00Z add: name (Title)`. */
function namesIn(line: string): string[] {
  const rest = /^- \S+ \w+: (.*)$/.exec(line)?.[1] ?? ''
  return rest.split(/,? (?:and )?|\(/)
}

/** Lists in front matter no longer have the name. */
function withoutNames(text: string, name: string): string {
  const { front } = splitFrontMatter(text)
  const changes = Object.entries(front).flatMap(([key, value]) =>
    Array.isArray(value) && value.includes(name) ? [[key, value.filter((one) => one !== name)] as const] : [],
  )
  if (changes.length === 0) return text
  const page = cutPage(text)
  return joinPage({ ...page, front: setFront(page.front, Object.fromEntries(changes)) })
}

/** Without the lines, and in running text without the sentences, that have words of the document. */
function withoutRuns(text: string, runs: ReadonlySet<number>): string {
  const taken: [start: number, end: number][] = []
  eachWordRun(text, (hash, start, end) => {
    const last = taken.at(-1)
    if (!runs.has(hash)) return
    if (last !== undefined && start <= last[1]) last[1] = end
    else taken.push([start, end])
  })
  let first = 0
  const isTaken = (start: number, end: number): boolean => {
    while ((taken[first]?.[1] ?? Infinity) <= start) first++
    return (taken[first]?.[0] ?? Infinity) < end
  }
  const left: string[] = []
  let offset = 0
  for (const line of text.split('\n')) {
    const isWhole = /^(?:\s*(?:[-*>|#]|\d+\.)|[\w-]+:)/.test(line)
    const parts = isWhole ? [line] : line.split(/(?<=[.!?…]["”’)]?\s)/)
    const kept = parts.filter((part) => {
      offset += part.length
      return !isTaken(offset - part.length, offset)
    })
    offset++
    if (kept.length === parts.length) left.push(line)
    else if (kept.length > 0) left.push(kept.join('').trimEnd())
  }
  return left.join('\n')
}
