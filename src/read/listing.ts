// The documents and topics of a commit: from the index over the base if it knows the commit, else from the commit's trees.
import { CONCEPTS, DOCUMENTS, ENTITIES } from '../core/layout.ts'
import { entryAt } from '../core/document/base-entry.ts'
import type { BaseReader, Listing } from './base-reader.ts'
import { isRegistryFile } from './records.ts'

export type ListedTopicPage = Listing['topics'][number]

export async function listingAt(base: BaseReader, at: string): Promise<Listing> {
  return (await base.listing?.(at)) ?? (await listingOf(base, at))
}

async function listingOf({ history }: BaseReader, at: string): Promise<Listing> {
  const listing: Listing = { files: [], topics: [] }
  for await (const { path, oid } of history.list(at, [DOCUMENTS, CONCEPTS, ENTITIES])) {
    const entry = entryAt(path)
    if (isRegistryFile({ path })) listing.files.push({ path, oid })
    else if (entry?.kind === 'topic' && entry.part === 1) listing.topics.push({ path, name: entry.name, oid })
  }
  return listing
}
