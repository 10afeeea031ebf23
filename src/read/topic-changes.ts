// Which topics and themes differ between two commits, and by how many documents.
import { CONCEPTS, DOCUMENTS, ENTITIES, splitPart, THEMES } from '../core/layout.ts'
import { pageName } from '../core/page/page-kind.ts'
import { splitFrontMatter } from '../core/page/page.ts'
import type { ChangedTopic, ChangesResult } from '../core/results/explore.ts'
import type { BaseReader } from './base-reader.ts'
import { isRegistryFile } from './records.ts'

/** Path to object id. */
type Files = Map<string, string>
export type FilesAt = { records: Files; topics: Files }

/** The registry files of a commit, and its pages of topics and themes. */
export async function filesAt({ history }: BaseReader, commit: string): Promise<FilesAt> {
  const files: FilesAt = { records: new Map(), topics: new Map() }
  for await (const { path, oid } of history.list(commit, [DOCUMENTS, CONCEPTS, ENTITIES, THEMES])) {
    if (isRegistryFile({ path })) files.records.set(path, oid)
    else if (path.endsWith('.md')) files.topics.set(path, oid)
  }
  return files
}

export async function topicChanges(base: BaseReader, before: Files, after: Files): Promise<ChangesResult['topics']> {
  const changed = new Set<string>()
  for (const [path, oid] of after) if (before.get(path) !== oid) changed.add(splitPart(path).first)
  for (const path of before.keys()) if (!after.has(path)) changed.add(splitPart(path).first)
  const [old, now] = await Promise.all([topicsOf(base, before, changed), topicsOf(base, after, changed)])
  const found: ChangesResult['topics'] = { added: [], changed: [], removed: [], rewritten: 0 }
  for (const page of [...changed].sort()) {
    const [was, is] = [old.get(page), now.get(page)]
    const title = is?.title ?? was?.title ?? pageName(page)
    const topic = { kind: kindOf(page), title, page, before: was?.documents ?? 0, after: is?.documents ?? 0 }
    if (is === undefined) found.removed.push(topic)
    else if (was === undefined) found.added.push(topic)
    else if (was.documents !== is.documents) found.changed.push(topic)
    else found.rewritten++
  }
  for (const list of [found.added, found.changed, found.removed]) list.sort(byDocuments)
  return found
}

/** By the path of the first page. A topic's documents are counted over all of its pages. */
async function topicsOf(
  { history }: BaseReader,
  files: Files,
  wanted: Set<string>,
): Promise<Map<string, { title: string; documents: number }>> {
  const pages = [...files]
    .filter(([path]) => wanted.has(splitPart(path).first))
    .map(([path, oid]) => ({ path, oid, ...splitPart(path) }))
    .sort((a, b) => a.part - b.part)
  const topics = new Map<string, { title: string; documents: number }>()
  for await (const { item, body } of history.contents(pages, ({ oid }) => oid)) {
    const text = body.toString()
    const { front } = splitFrontMatter(text)
    const title = typeof front['title'] === 'string' ? front['title'] : pageName(item.first)
    const topic = topics.get(item.first) ?? { title, documents: 0 }
    const { sources } = front
    topic.documents += Array.isArray(sources) ? sources.length : (text.match(/^- \[\[summaries\//gm)?.length ?? 0)
    topics.set(item.first, topic)
  }
  return topics
}

function kindOf(page: string): ChangedTopic['kind'] {
  return page.startsWith(`${CONCEPTS}/`) ? 'concept' : page.startsWith(`${ENTITIES}/`) ? 'entity' : 'theme'
}

/** Those of most documents first. */
function byDocuments(a: ChangedTopic, b: ChangedTopic): number {
  return b.after - a.after || b.before - a.before || (a.page < b.page ? -1 : 1)
}
