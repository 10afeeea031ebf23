// What a path in the base means to the catalog: a registry file, a topic page, a listing page, or nothing.
import type { TopicKind } from './document.ts'
import { CONCEPTS, CONTENTS, DOCUMENTS, ENTITIES, splitPart, type ListingKind } from '../layout.ts'

export type BaseEntry =
  | { kind: 'document'; stem: string; shard: number }
  | { kind: 'topic'; topic: TopicKind; first: string; name: string; shard: number; part: number }
  | { kind: 'listing'; listing: ListingKind; shard: number; part: number }

/**
 * The entry at `path`, relative to the base. `shard` is 0 for a file in a folder of the user's own: it exists and its
 * name is taken, but no shard contains it.
 */
export function entryAt(path: string): BaseEntry | undefined {
  if (path.startsWith(`${DOCUMENTS}/`)) return documentAt(path)
  if (path.startsWith(`${CONCEPTS}/`)) return topicAt(path, 'concept', CONCEPTS)
  if (path.startsWith(`${ENTITIES}/`)) return topicAt(path, 'entity', ENTITIES)
  if (path.startsWith(`${CONTENTS}/`)) return listingAt(path)
  return undefined
}

function documentAt(path: string): BaseEntry | undefined {
  const found = split(path, DOCUMENTS, '.json')
  return found === undefined ? undefined : { kind: 'document', stem: found.stem, shard: found.shard }
}

function topicAt(path: string, topic: TopicKind, folder: string): BaseEntry | undefined {
  if (!path.endsWith('.md')) return undefined
  const { first, part } = splitPart(path)
  const found = split(first, folder, '.md')
  return found === undefined ? undefined : { kind: 'topic', topic, first, part, name: found.stem, shard: found.shard }
}

function listingAt(path: string): BaseEntry | undefined {
  const match = /\/(documents|concepts|entities)(?:-v(\d+))?(?:--(\d+))?\.md$/.exec(path)
  if (match === null) return undefined
  return {
    kind: 'listing',
    listing: match[1] as ListingKind,
    shard: Number(match[2] ?? 1),
    part: Number(match[3] ?? 1),
  }
}

function split(path: string, folder: string, extension: string): { stem: string; shard: number } | undefined {
  if (!path.endsWith(extension)) return undefined
  const inside = path.slice(folder.length + 1, -extension.length)
  const slash = inside.lastIndexOf('/')
  const stem = inside.slice(slash + 1)
  if (stem === '') return undefined
  const shard = slash === -1 ? 1 : Number(/^v([1-9]\d{0,8})$/.exec(inside.slice(0, slash))?.[1] ?? 0)
  return { stem, shard }
}

/** Entries of a listing page: list items on one line that begin with a link. */
export function listingEntries(text: string): number {
  return text.match(/^[-*] +(?:\*\*)?\[/gm)?.length ?? 0
}
