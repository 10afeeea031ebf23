// `kbgit list`: the documents, concepts and entities of a commit.
import { CONCEPTS, ENTITIES, splitPart } from '../core/layout.ts'
import type { AtRevision } from '../core/options.ts'
import type { ListedDocument, ListResult } from '../core/results.ts'
import { commitAt, type BaseReader } from './base-reader.ts'
import { documentCommits } from './document-commits.ts'
import { listingAt } from './listing.ts'
import { recordsIn } from './records.ts'

/** Sorted by name. A topic's `sources` are the documents whose records list a section on its pages. */
export async function list(base: BaseReader, options: AtRevision = {}): Promise<ListResult> {
  const at = await commitAt(base, options)
  const { files, topics } = await listingAt(base, at)
  // A registry file's name is its document's name, so the walk over history need not wait for contents.
  const commits = documentCommits(
    base,
    at,
    files.map(({ path, oid }) => ({ name: stemOf(path), path, oid })),
  )
  commits.catch(() => {})
  const topicAt = new Map(topics.map(({ path, name }) => [path, { name, path, sources: 0 }]))
  const documents: ListedDocument[] = []
  const paths = new Map<ListedDocument, string>()
  for await (const { path, record } of recordsIn(base.history, at, files)) {
    for (const first of new Set(record.topics.map((topic) => splitPart(topic).first))) {
      const topic = topicAt.get(first)
      if (topic !== undefined) topic.sources++
    }
    const { name, title, sha256, format, kind, pages, origin, raw, source, tree, summary, addedAt } = record
    const document: ListedDocument = {
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
      commit: at,
    }
    documents.push(document)
    paths.set(document, path)
  }
  const commitOf = await commits
  for (const [document, path] of paths) document.commit = commitOf.get(path) ?? at
  const listed = [...topicAt.values()].sort(byName)
  return {
    documents: documents.sort(byName),
    concepts: listed.filter(({ path }) => path.startsWith(`${CONCEPTS}/`)),
    entities: listed.filter(({ path }) => path.startsWith(`${ENTITIES}/`)),
  }
}

function stemOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.json'.length)
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0
}
