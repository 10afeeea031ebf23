// What the writer needs to know of the base at the commit that it builds on. Answered from an index, never by walking.
import type { DocumentRecord, Mention, TopicKind } from './document.ts'
import type { ListingKind } from '../layout.ts'

export type TopicRef = {
  kind: TopicKind
  /** The slug. */
  name: string
  title: string
  /** The first page, relative to the base. */
  path: string
  /** Number of pages of the topic. */
  parts: number
  /** Documents that have a section, over all pages. */
  sources: number
}

/** What the front page says of the base. */
export type BaseFigures = {
  documents: number
  concepts: number
  entities: number
  /** Documents by format and by language, most first. */
  formats: { value: string; entries: number }[]
  languages: { value: string; entries: number }[]
  /** Days on which the first and the last document was added. */
  first?: string | undefined
  last?: string | undefined
  /** Topics of most documents. */
  topics: Pick<TopicRef, 'path' | 'title' | 'sources'>[]
}

/** A snapshot of one commit, plus what the current transaction has planned so far. */
export type Catalog = {
  documentByDigest: (sha256: string) => DocumentRecord | undefined
  documentByOrigin: (origin: string) => DocumentRecord | undefined
  documentByName: (name: string) => DocumentRecord | undefined
  /** `key` is a `collisionKey`. */
  documentNameTaken: (key: string) => boolean
  /** The topic whose key or alias is one of `keys` (see `topicKey`); the first matching key wins. */
  topic: (kind: TopicKind, keys: string[]) => TopicRef | undefined
  topicNameTaken: (kind: TopicKind, key: string) => boolean
  /** Documents that mention the topic while it has no page, oldest first, at most `limit`. */
  mentions: (kind: TopicKind, key: string, limit: number) => { document: DocumentRecord; mention: Mention }[]
  /** Documents that a link may call by this key (see `documentKeys`), in the order of their paths, at most `limit`. */
  documentsNamed: (key: string, limit: number) => DocumentRecord[]
  /** Documents with a link that may mean a document with this key (see `linkKeys`), the same way. */
  documentsLinking: (key: string, limit: number) => DocumentRecord[]
  /** Documents in which the topic occurs, as a section or a mention. */
  documentFrequency: (kind: TopicKind, key: string) => number
  documentCount: () => number
  figures: () => BaseFigures
  /** Every readable document. */
  allDocuments: () => DocumentRecord[]
  /** The shard that the next new entry of a folder goes to. */
  openShard: (folder: 'documents' | 'concepts' | 'entities') => number
  /** The listing page of a shard that takes the next entry, and its number of entries. */
  openListing: (kind: ListingKind, shard: number) => { part: number; entries: number }
}
