// A history in the words of documents: what each run of kbgit did, and what people did between them.
import type { TimelineEntry } from '../results/explore.ts'
import { readMessage, runOf, type Operation } from '../transaction/commit-message.ts'

export type DatedCommit = { oid: string; parents: string[]; author: string; date: string; message: string }

/** Names in a sentence; more are counted. */
const NAMES_MAX = 3

/** Puts commits, newest first, into entries. Commits of one run are one entry, wherever a merge has put them. */
export class TimelineBuilder {
  readonly #entries: TimelineEntry[] = []
  readonly #byRun = new Map<string, TimelineEntry>()

  /** Whether `commit` begins another entry. */
  begins(commit: DatedCommit): boolean {
    return this.#entryOf(commit) === undefined
  }

  get length(): number {
    return this.#entries.length
  }

  add(commit: DatedCommit): void {
    const { operation, documents, text, transaction } = readMessage(commit.message)
    const entry = this.#entryOf(commit) ?? this.#begin(commit, transaction)
    const { oid, date, author, parents } = commit
    entry.commits.push({ commit: oid, date, author, operation, documents, message: firstLine(text) })
    entry.from = date < entry.from ? date : entry.from
    entry.before = parents[0] ?? null
    if (!entry.authors.includes(author)) entry.authors.push(author)
    count(entry, operation, documents, text)
  }

  entries(): TimelineEntry[] {
    for (const entry of this.#entries) entry.text = inWords(entry)
    return this.#entries
  }

  /** A person's commits join the last entry if that is of the same person and day. */
  #entryOf({ message, author, date }: DatedCommit): TimelineEntry | undefined {
    const { transaction } = readMessage(message)
    if (transaction !== undefined) return this.#byRun.get(runOf(transaction))
    const last = this.#entries.at(-1)
    const isSame = last?.run === undefined && last?.authors[0] === author && last.to.slice(0, 10) === date.slice(0, 10)
    return isSame ? last : undefined
  }

  #begin({ date }: DatedCommit, transaction: string | undefined): TimelineEntry {
    const run = transaction === undefined ? undefined : runOf(transaction)
    const entry: TimelineEntry = {
      ...(run === undefined ? {} : { run }),
      from: date,
      to: date,
      authors: [],
      text: '',
      added: [],
      updated: [],
      recompiled: [],
      removed: [],
      overviews: 0,
      edits: 0,
      commits: [],
      before: null,
    }
    this.#entries.push(entry)
    if (run !== undefined) this.#byRun.set(run, entry)
    return entry
  }
}

function count(entry: TimelineEntry, operation: Operation, documents: string[], text: string): void {
  switch (operation) {
    case 'add':
      entry.added.push(...documents)
      break
    case 'update':
      entry.updated.push(...documents)
      break
    case 'recompile':
      entry.recompiled.push(...documents)
      break
    case 'remove':
      entry.removed.push(...documents)
      break
    case 'overview':
      entry.overviews += Number(/^(?:kbgit: *)?overview: (\d+) page/.exec(text)?.[1] ?? 0)
      break
    case 'edit':
    case 'commit':
      entry.edits++
      break
    case 'init':
    case 'lint':
    case 'query':
    case 'undo':
    case 'purge':
    case 'merge':
      break
  }
}

const OTHERS: Partial<Record<string, string>> = {
  init: 'Created the knowledge base',
  lint: 'Checked the wiki and wrote a report',
  query: 'Saved an answer as a page',
  undo: 'Took back earlier runs',
  purge: 'Took a document out of the whole history',
  merge: 'Merged another line of work',
}

function inWords(entry: TimelineEntry): string {
  const done = [
    documents('Added', entry.added),
    documents('Updated', entry.updated),
    documents('Recompiled', entry.recompiled),
    documents('Removed', entry.removed),
  ].filter((sentence) => sentence !== '')
  const others = [...new Set(entry.commits.map(({ operation }) => OTHERS[operation] ?? ''))].filter((one) => one !== '')
  if (entry.overviews > 0 && done.length === 0) done.push(`Wrote ${counted(entry.overviews, 'overview')}`)
  if (entry.edits > 0) done.push(edits(entry))
  const sentences = [...done, ...others]
  return sentences.length === 0 ? (entry.commits[0]?.message ?? '') : `${sentences.join('. ')}.`
}

function edits({ commits, run, authors }: TimelineEntry): string {
  const own = commits.filter(({ operation }) => operation === 'commit')
  const [only] = own
  if (run === undefined && only !== undefined)
    return own.length === 1 ? only.message.replace(/\.$/, '') : `${authors[0] ?? 'Someone'} made ${own.length} commits`
  return `Kept the edits of ${authors[0] ?? 'someone'}`
}

function documents(verb: string, names: string[]): string {
  if (names.length === 0) return ''
  if (names.length === 1) return `${verb} ${names[0]}`
  const shown = names.slice(0, NAMES_MAX).join(', ')
  return `${verb} ${names.length} documents: ${shown}${names.length > NAMES_MAX ? ' …' : ''}`
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}
