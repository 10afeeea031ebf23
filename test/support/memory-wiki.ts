// A wiki in memory, with a catalog that walks it to answer, for tests of planning.
import type { Catalog, TopicRef } from '../../src/core/document/catalog.ts'
import type { Compiled, Contribution } from '../../src/core/document/compiled.ts'
import { serializeRecord } from '../../src/core/document/document.ts'
import { documentKeys, linkKeys } from '../../src/core/document/link-names.ts'
import { parseRecord } from '../../src/core/document/record.ts'
import type { DocumentRecord, TopicKind } from '../../src/core/document/document.ts'
import { documentPaths, listingPath, splitPart, topicFolder, SHARD_ENTRIES_MAX } from '../../src/core/layout.ts'
import { parsePage } from '../../src/core/page/page.ts'
import type { Prepared } from '../../src/core/document/prepared.ts'
import { collisionKey } from '../../src/core/page/slug.ts'
import { topicKey } from '../../src/core/page/topic.ts'
import { planOverviews } from '../../src/wiki/overviews.ts'
import { initialPages, planDocument, planRemoval } from '../../src/wiki/plan-pages.ts'
import type { DocumentToPlan } from '../../src/wiki/plan-pages.ts'
import type { PageEdit, WikiSnapshot } from '../../src/wiki/draft.ts'

export class MemoryWiki {
  readonly files = new Map<string, string>()
  /** What was applied to each path, newest first. */
  readonly #versions = new Map<string, string[]>()

  constructor() {
    this.apply(initialPages())
  }

  apply(edits: PageEdit[]): void {
    for (const { path, content } of edits) {
      if (content === null) this.files.delete(path)
      else this.files.set(path, content)
      if (content !== null) this.#versions.set(path, [content, ...(this.#versions.get(path) ?? [])])
    }
  }

  text(path: string): string {
    const text = this.files.get(path)
    if (text === undefined) throw new Error(`${path} is not in the wiki`)
    return text
  }

  record(name: string): DocumentRecord {
    const record = this.records().find((one) => one.name === name)
    if (record === undefined) throw new Error(`${name} is not in the registry`)
    return record
  }

  records(): DocumentRecord[] {
    return [...this.files]
      .filter(([path]) => path.startsWith('documents/'))
      .map(([path, text]) => parseRecord(text, path))
  }

  get snapshot(): WikiSnapshot {
    const versions = this.#versions
    return {
      catalog: this.catalog(),
      read: (path) => Promise.resolve(this.files.get(path)),
      versions: async function* (path) {
        yield* await Promise.resolve(versions.get(path) ?? [])
      },
    }
  }

  /** Plans and applies; returns the paths of the pages that the plan wrote. */
  async add(document: DocumentToPlan): Promise<string[]> {
    const { edits, record } = await planDocument(document, this.snapshot)
    this.apply(edits)
    this.files.set(documentPaths(record.name, 1, '').registry, serializeRecord(record))
    this.files.set(record.source, '# text\n')
    return edits.map(({ path }) => path)
  }

  /** Plans and applies an overview commit: overviews that are due on `paths`, related documents. */
  async overviews(paths: string[] = [], options: Partial<Parameters<typeof planOverviews>[2]> = {}): Promise<void> {
    const { edits } = await planOverviews(paths, this.snapshot, { date: '2026-01-03T00:00:00Z', ...options })
    this.apply(edits)
  }

  async remove(name: string, options: { keepEmpty?: boolean } = {}): Promise<void> {
    const record = this.record(name)
    this.apply((await planRemoval(record, this.snapshot, { date: '2026-01-02T00:00:00Z', ...options })).edits)
    this.files.delete(documentPaths(name, 1, '').registry)
    this.files.delete(record.source)
  }

  catalog(): Catalog {
    const records = this.records()
    const topics = this.#topics()
    const listed = (kind: string, shard: number, part: number) =>
      [...(this.files.get(listingPath(kind as 'documents', shard, part)) ?? '').matchAll(/^- \[\[/gm)].length
    return {
      documentByDigest: (sha256) => records.find((record) => record.sha256 === sha256),
      documentByOrigin: (origin) => records.find((record) => record.origin === origin),
      documentByName: (name) => records.find((record) => record.name === name),
      documentNameTaken: (key) => records.some((record) => collisionKey(record.name) === key),
      topic: (kind, keys) => {
        for (const key of keys) {
          const found = topics.find((topic) => topic.kind === kind && topic.keys.includes(key))
          if (found !== undefined) return found
        }
        return undefined
      },
      topicNameTaken: (kind, key) => topics.some((topic) => topic.kind === kind && collisionKey(topic.name) === key),
      mentions: (kind, key, limit) =>
        records
          .flatMap((document) =>
            (document.mentions ?? [])
              .filter((one) => one.kind === kind && one.key === key)
              .map((mention) => ({ document, mention })),
          )
          .slice(0, limit),
      documentsNamed: (key, limit) => records.filter((record) => documentKeys(record).includes(key)).slice(0, limit),
      documentsLinking: (key, limit) =>
        records
          .filter((record) => record.links?.some((link) => linkKeys(link, record).includes(key)) === true)
          .slice(0, limit),
      documentFrequency: (kind, key) =>
        (topics.find((topic) => topic.kind === kind && topic.keys.includes(key))?.sources ?? 0) +
        records.filter((record) => record.mentions?.some((one) => one.kind === kind && one.key === key)).length,
      documentCount: () => records.length,
      allDocuments: () => records,
      figures: () => ({
        documents: records.length,
        concepts: topics.filter(({ kind }) => kind === 'concept').length,
        entities: topics.filter(({ kind }) => kind === 'entity').length,
        formats: [{ value: 'md', entries: records.length }],
        languages: [],
        topics: topics
          .filter(({ sources }) => sources > 1)
          .sort((a, b) => b.sources - a.sources || (a.path < b.path ? -1 : 1))
          .slice(0, 15),
      }),
      openShard: (folder) => {
        const entries =
          folder === 'documents'
            ? records.length
            : topics.filter((topic) => topic.kind === (folder === 'concepts' ? 'concept' : 'entity')).length
        return 1 + Math.floor(entries / SHARD_ENTRIES_MAX)
      },
      openListing: (kind, shard) => {
        let part = 1
        while (this.files.has(listingPath(kind, shard, part + 1))) part++
        return { part, entries: listed(kind, shard, part) }
      },
    }
  }

  #topics(): (TopicRef & { keys: string[] })[] {
    const kinds: TopicKind[] = ['concept', 'entity']
    return kinds.flatMap((kind) => {
      const found = new Map<string, TopicRef & { keys: string[] }>()
      const pages = [...this.files]
        .filter(([path]) => path.startsWith(`${topicFolder(kind)}/`))
        .sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1))
      for (const [path, text] of pages) {
        const { first } = splitPart(path)
        const { front } = parsePage(text)
        const sources = Array.isArray(front['sources']) ? front['sources'].length : 0
        const topic = found.get(first)
        if (topic !== undefined) {
          topic.parts++
          topic.sources += sources
          continue
        }
        const aliases = Array.isArray(front['aliases']) ? front['aliases'].map(String) : []
        const title = String(front['title'])
        found.set(first, {
          kind,
          title,
          path: first,
          parts: 1,
          sources,
          name: first.slice(first.lastIndexOf('/') + 1, -3),
          keys: [title, ...aliases].map(topicKey),
        })
      }
      return [...found.values()]
    })
  }
}

export function contribution(name: string, weight: number, more: Partial<Contribution> = {}): Contribution {
  return {
    kind: 'concept',
    name,
    key: topicKey(name),
    aliases: [],
    weight,
    says: `What it says of ${name}.`,
    quotes: [],
    ...more,
  }
}

export function documentToPlan(
  name: string,
  contributions: Contribution[],
  more: Partial<DocumentToPlan> = {},
): DocumentToPlan {
  const paths = documentPaths(name, 1, '.md')
  const title = `About ${name}`
  const prepared: Prepared = {
    sha256: '0'.repeat(64),
    size: 10,
    format: 'md',
    kind: 'short',
    original: 'original',
    text: 'source.md',
    textSize: 10,
    images: [],
    outline: [{ title, level: 1 }],
    notes: [],
  }
  const compiled: Compiled = {
    compiler: 'builtin@1',
    title,
    description: `${name} in one line.`,
    language: 'en',
    keyPoints: [{ text: `The point of ${name}.`, place: { heading: 'Methods' } }],
    outline: prepared.outline,
    contributions,
  }
  return {
    record: {
      version: 1,
      name,
      title,
      sha256: '0'.repeat(64),
      format: 'md',
      kind: 'short',
      origin: `/in/${name}.md`,
      raw: paths.raw,
      source: paths.sourceShort,
      summary: paths.summary,
      compiler: 'builtin@1',
      addedAt: '2026-01-01T00:00:00Z',
    },
    prepared,
    compiled,
    date: '2026-01-01T00:00:00Z',
    operation: 'add',
    ...more,
  }
}
