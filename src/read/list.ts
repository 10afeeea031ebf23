// `kbgit list`: the documents, concepts and entities of a commit.
import { CONCEPTS, DOCUMENTS, ENTITIES, splitPart } from '../core/layout.ts'
import { entryAt } from '../core/document/base-entry.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import type { ListedDocument, ListedTopic, ListResult } from '../core/results.ts'
import type { TreeEntry } from '../io/git/objects.ts'
import { commitAt, type AtRevision, type BaseReader } from './base-reader.ts'
import { documentCommits } from './document-commits.ts'
import { isRegistryFile, recordsOf } from './records.ts'

/** What an index over the base knows about a commit. */
export type ListSources = {
  /** Records by path of their registry file; undefined if it does not know this commit. */
  records: (commit: string) => Map<string, DocumentRecord> | undefined
}

/** Sorted by name. A topic's `sources` are the documents whose records list a section on its pages. */
export async function list(base: BaseReader, options: AtRevision = {}, sources?: ListSources): Promise<ListResult> {
  const at = await commitAt(base, options)
  const registry: TreeEntry[] = []
  const topics = new Map<string, ListedTopic>()
  for await (const entry of base.history.list(at, [DOCUMENTS, CONCEPTS, ENTITIES])) {
    if (isRegistryFile(entry)) registry.push(entry)
    else {
      const found = entryAt(entry.path)
      if (found?.kind === 'topic' && found.part === 1)
        topics.set(entry.path, { name: found.name, path: entry.path, sources: 0 })
    }
  }
  // A registry file's name is its document's name, so the walk over history need not wait for contents.
  const commits = documentCommits(
    base,
    at,
    registry.map(({ path, oid }) => ({ name: stemOf(path), path, oid })),
  )
  commits.catch(() => {})
  const documents: (Omit<ListedDocument, 'commit'> & { path: string })[] = []
  const known = sources?.records(at)
  for await (const { path, record } of known === undefined
    ? recordsOf(base.history, registry)
    : knownOrRead(base, registry, known)) {
    for (const first of new Set(record.topics.map((topic) => splitPart(topic).first))) {
      const topic = topics.get(first)
      if (topic !== undefined) topic.sources++
    }
    const { name, title, sha256, format, kind, pages, origin, raw, source, tree, summary, addedAt } = record
    documents.push({
      path,
      name,
      title,
      sha256,
      format,
      kind,
      pages,
      origin,
      raw,
      source,
      tree,
      summary,
      addedAt,
    })
  }
  const commitOf = await commits
  const listed = [...topics.values()].sort(byName)
  return {
    documents: documents
      .sort(byName)
      .map(({ path, ...document }) => ({ ...document, commit: commitOf.get(path) ?? at })),
    concepts: listed.filter(({ path }) => path.startsWith(`${CONCEPTS}/`)),
    entities: listed.filter(({ path }) => path.startsWith(`${ENTITIES}/`)),
  }
}

async function* knownOrRead(
  base: BaseReader,
  registry: TreeEntry[],
  known: Map<string, DocumentRecord>,
): AsyncGenerator<{ path: string; record: DocumentRecord }> {
  const unknown: TreeEntry[] = []
  for (const entry of registry) {
    const record = known.get(entry.path)
    if (record === undefined) unknown.push(entry)
    else yield { path: entry.path, record }
  }
  yield* recordsOf(base.history, unknown)
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
