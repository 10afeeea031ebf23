// The files of a base as kbgit lays them out: shards, registry, summaries, topic pages that continue, listings, log.
// Kept as small state, so that a base of any size can be written as a stream.
import { createHash } from 'node:crypto'
import { serializeRecord, type DocumentRecord, type Format, type TopicKind } from '../../src/core/document/document.ts'
import {
  AGENTS_PAGE,
  CONFIG_FILE,
  INDEX_PAGE,
  LISTING_ENTRIES_MAX,
  LOG_ENTRIES_MAX,
  LOG_PAGE,
  TOPIC_SECTIONS_MAX,
  SHARD_ENTRIES_MAX,
  documentPaths,
  linkTarget,
  listingPath,
  topicPath,
  type ListingKind,
} from '../../src/core/layout.ts'
import { renderPage, wikilink } from '../../src/core/page/page.ts'
import { topicKey } from '../../src/core/page/topic.ts'
import { initialConfig } from '../../src/core/config.ts'

export type SampleDocument = {
  name: string
  title?: string
  /** The original; the text is the same. Default: a line with the name. */
  text?: string
  origin?: string
  topics?: { kind: TopicKind; name: string }[]
  /** The original is in git-lfs's store, and `raw/large/` has a pointer. */
  large?: boolean
  compiler?: string | undefined
  model?: string | undefined
}

/** Path relative to the base, and content. */
export type SampleFile = [path: string, content: string]

type Topic = {
  kind: TopicKind
  slug: string
  title: string
  shard: number
  part: number
  sections: { heading: string; body: string; document: string }[]
}
type Listing = { kind: ListingKind; shard: number; part: number; entries: string[] }

const ADDED_AT = '2026-01-02T03:04:05Z'

export class SampleWiki {
  readonly #shardEntriesMax: number
  readonly #topics = new Map<string, Topic>()
  readonly #listings: Record<ListingKind, Listing>
  readonly #listingPaths: string[] = []
  readonly #counts: Record<ListingKind, number> = { documents: 0, concepts: 0, entities: 0 }
  #log: string[] = []
  readonly #changedTopics = new Set<Topic>()
  readonly #changedListings = new Set<Listing>()

  constructor(shardEntriesMax = SHARD_ENTRIES_MAX) {
    this.#shardEntriesMax = shardEntriesMax
    const first = (kind: ListingKind): Listing => ({ kind, shard: 1, part: 1, entries: [] })
    this.#listings = { documents: first('documents'), concepts: first('concepts'), entities: first('entities') }
    for (const listing of Object.values(this.#listings)) {
      this.#listingPaths.push(listingPath(listing.kind, 1))
      this.#changedListings.add(listing)
    }
  }

  /** What `kbgit init` commits. */
  initialFiles(): SampleFile[] {
    return [
      [CONFIG_FILE, initialConfig({})],
      [
        AGENTS_PAGE,
        renderPage({ front: { type: 'agents' }, intro: '# How to write this wiki\n\nEdit this page.', sections: [] }),
      ],
      ...this.sharedFiles(),
    ]
  }

  /** The document's own files. Its changes to shared pages come with the next `sharedFiles`. */
  add(document: SampleDocument): { record: DocumentRecord; files: SampleFile[]; trailers: string[] } {
    const text = document.text ?? `Text of ${document.name}.\n`
    const title = document.title ?? document.name
    const sha256 = createHash('sha256').update(text).digest('hex')
    const shard = 1 + Math.floor(this.#counts.documents / this.#shardEntriesMax)
    const paths = documentPaths(document.name, shard, '.md')
    const target = linkTarget(paths.summary)
    const topics = (document.topics ?? []).map((topic) =>
      this.#section(topic.kind, topic.name, { name: document.name, target, title }),
    )
    const listed = this.#list('documents', shard, `- ${wikilink(target, title)}: what ${title} is about`)
    const compiler = document.compiler ?? 'builtin@1'
    const record: DocumentRecord = {
      version: 1,
      name: document.name,
      title,
      sha256,
      format: 'md' satisfies Format,
      kind: 'short',
      origin: document.origin ?? `/home/ada/${document.name}.md`,
      raw: document.large === true ? paths.rawLarge : paths.raw,
      source: paths.sourceShort,
      summary: paths.summary,
      listed,
      language: 'en',
      compiler,
      model: document.model,
      addedAt: ADDED_AT,
      topics,
    }
    this.#log = [`- ${ADDED_AT} add: ${document.name}`, ...this.#log].slice(0, LOG_ENTRIES_MAX)
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${sha256}\nsize ${Buffer.byteLength(text)}\n`
    const summary = renderPage({
      front: {
        type: 'summary',
        title,
        description: `what ${title} is about`,
        document: document.name,
        sha256,
        format: 'md',
        language: 'en',
      },
      intro: `# ${title}\n\nwhat ${title} is about`,
      sections: [
        { heading: 'Key points', body: `- It says ${document.name}.` },
        { heading: 'Topics', body: topics.map((path) => `- ${wikilink(linkTarget(path))}`).join('\n') },
        { heading: 'Source', body: wikilink(linkTarget(paths.sourceShort)) },
      ],
    })
    const trailers = [
      `Kbgit-Transaction: ${sha256.slice(0, 16)}`,
      `Kbgit-Document: ${document.name}`,
      `Kbgit-Digest: sha256:${sha256}`,
      `Kbgit-Compiler: ${compiler}`,
      ...(document.model === undefined ? [] : [`Kbgit-Model: ${document.model}`]),
    ]
    return {
      record,
      files: [
        [record.raw, document.large === true ? pointer : text],
        [record.source, text],
        [record.summary, summary],
        [paths.registry, serializeRecord(record)],
      ],
      trailers,
    }
  }

  /** The shared pages that changed since the last call. */
  sharedFiles(): SampleFile[] {
    const files: SampleFile[] = []
    for (const topic of this.#changedTopics)
      files.push([topicPath(topic.kind, topic.slug, topic.shard, topic.part), topicPage(topic)])
    for (const listing of this.#changedListings)
      files.push([listingPath(listing.kind, listing.shard, listing.part), listingPage(listing)])
    files.push(
      [INDEX_PAGE, this.#indexPage()],
      [LOG_PAGE, renderPage({ front: { type: 'log' }, intro: ['# Log', '', ...this.#log].join('\n'), sections: [] })],
    )
    this.#changedTopics.clear()
    this.#changedListings.clear()
    return files
  }

  #section(kind: TopicKind, name: string, of: { name: string; target: string; title: string }): string {
    const key = `${kind}:${topicKey(name)}`
    const folder = kind === 'concept' ? 'concepts' : 'entities'
    let topic = this.#topics.get(key)
    if (topic === undefined) {
      const shard = 1 + Math.floor(this.#counts[folder] / this.#shardEntriesMax)
      topic = { kind, slug: name.replaceAll(' ', '-'), title: name, shard, part: 1, sections: [] }
      this.#topics.set(key, topic)
      this.#list(folder, shard, `- ${wikilink(linkTarget(topicPath(kind, topic.slug, shard)), name)}`)
    } else if (topic.sections.length >= TOPIC_SECTIONS_MAX) {
      // The full part stays as it is; its changes must have been collected by then.
      topic = { ...topic, part: topic.part + 1, sections: [] }
      this.#topics.set(key, topic)
    }
    topic.sections.push({
      heading: wikilink(of.target, of.title),
      body: `What ${of.title} says of ${name}.`,
      document: of.name,
    })
    this.#changedTopics.add(topic)
    return topicPath(kind, topic.slug, topic.shard, topic.part)
  }

  #list(kind: ListingKind, shard: number, entry: string): string {
    let listing = this.#listings[kind]
    if (listing.shard !== shard || listing.entries.length >= LISTING_ENTRIES_MAX) {
      listing = { kind, shard, part: listing.shard === shard ? listing.part + 1 : 1, entries: [] }
      this.#listings[kind] = listing
      this.#listingPaths.push(listingPath(kind, shard, listing.part))
    }
    listing.entries.push(entry)
    this.#changedListings.add(listing)
    this.#counts[kind]++
    return listingPath(kind, shard, listing.part)
  }

  #indexPage(): string {
    const firsts = this.#listingPaths
      .filter((path) => !path.includes('--'))
      .map((path) => `- ${wikilink(linkTarget(path))}`)
    return renderPage({ front: { type: 'index' }, intro: ['# Index', ...firsts].join('\n'), sections: [] })
  }
}

function topicPage(topic: Topic): string {
  return renderPage({
    front: {
      type: topic.kind,
      title: topic.title,
      part: topic.part === 1 ? undefined : topic.part,
      entity_type: topic.kind === 'entity' ? 'other' : undefined,
      sources: topic.sections.map(({ document }) => document),
    },
    intro: `# ${topic.title}`,
    sections: topic.sections.map(({ heading, body }) => ({ heading, body })),
  })
}

function listingPage(listing: Listing): string {
  return renderPage({
    front: { type: 'contents' },
    intro: [`# ${listing.kind}`, '', ...listing.entries].join('\n'),
    sections: [],
  })
}
