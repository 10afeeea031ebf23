// What changed since a commit or a day: documents, topics, and what people wrote.
import type { DocumentRecord } from '../core/document/document.ts'
import type { AtRevision } from '../core/options.ts'
import type { ChangedDocument, ChangesResult, PersonEdit } from '../core/results/explore.ts'
import { readMessage } from '../core/transaction/commit-message.ts'
import type { HistoryCommit } from '../io/history.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { recordsIn } from './records.ts'
import { revisionSince } from './since.ts'
import { filesAt, topicChanges, type FilesAt } from './topic-changes.ts'

/** @param since anything that names a commit, or a day: `2026-11-01`, `yesterday`, `3 weeks ago` */
export async function changes(
  base: BaseReader,
  since: string,
  { now, ...options }: AtRevision & { now: () => Date },
): Promise<ChangesResult> {
  const at = await commitAt(base, options)
  const from = await revisionSince(base, at, since, now)
  const commits: HistoryCommit[] = []
  const range = { at, paths: base.prefix === '' ? [] : [''], without: from?.oid }
  for await (const commit of base.history.commits(range)) commits.push(commit)
  const [before, after] = await Promise.all([
    from === undefined ? ({ records: new Map(), topics: new Map() } satisfies FilesAt) : filesAt(base, from.oid),
    filesAt(base, at),
  ])
  return {
    since: from === undefined ? null : { commit: from.oid, date: from.date },
    at,
    commits: commits.length,
    authors: [...new Set(commits.map(({ author }) => author))],
    documents: await documentChanges(base, before.records, after.records, commits),
    topics: await topicChanges(base, before.topics, after.topics),
    edits: await personEdits(base, commits),
  }
}

async function documentChanges(
  base: BaseReader,
  before: Map<string, string>,
  after: Map<string, string>,
  commits: HistoryCommit[],
): Promise<ChangesResult['documents']> {
  const differs = (path: string): boolean => before.get(path) !== after.get(path)
  const [old, now] = await Promise.all([
    recordsOf(
      base,
      [...before].filter(([path]) => differs(path)),
    ),
    recordsOf(
      base,
      [...after].filter(([path]) => differs(path)),
    ),
  ])
  const newest = new Map<string, HistoryCommit>()
  for (const commit of commits)
    for (const name of readMessage(commit.message).documents) if (!newest.has(name)) newest.set(name, commit)
  const changed = ({ name, title, summary }: DocumentRecord): ChangedDocument => {
    const commit = newest.get(name)
    return { name, title, page: summary, ...(commit === undefined ? {} : { commit: commit.oid, date: commit.date }) }
  }
  // A document may have another registry file and the same name: it moved to another shard after a merge.
  const earlier = new Map(old.map((record) => [record.name, record]))
  const later = new Set(now.map(({ name }) => name))
  return {
    added: now.filter(({ name }) => !earlier.has(name)).map(changed),
    updated: now.filter(({ name, sha256 }) => earlier.has(name) && earlier.get(name)?.sha256 !== sha256).map(changed),
    removed: old.filter(({ name }) => !later.has(name)).map(changed),
  }
}

async function recordsOf(base: BaseReader, files: [path: string, oid: string][]): Promise<DocumentRecord[]> {
  const records: DocumentRecord[] = []
  const entries = files.map(([path, oid]) => ({ path, oid }))
  for await (const { record } of recordsIn(base.history, '', entries)) records.push(record)
  return records.sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Commits that kbgit made of a person's edits, and those that it did not make. */
async function personEdits(base: BaseReader, commits: HistoryCommit[]): Promise<PersonEdit[]> {
  const own = new Map(
    commits.flatMap(({ oid, date, author, message, parents }): [string, PersonEdit][] => {
      const { operation, text } = readMessage(message)
      const isOwn = operation === 'edit' || (operation === 'commit' && parents.length < 2)
      const subject = text.split('\n', 1)[0] ?? ''
      return isOwn ? [[oid, { commit: oid, date, author, message: subject, pages: [] }]] : []
    }),
  )
  for await (const { commit, path } of base.history.changes([...own.keys()], ['wiki']))
    own.get(commit)?.pages.push(path)
  return [...own.values()].filter(({ pages }) => pages.length > 0)
}
