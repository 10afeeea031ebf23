// The worker's side: one batch of pages into the search store, on a connection of its own. Nothing is thrown across the thread.
import { messageOf } from '../core/errors.ts'
import { PageIndex, type PageEntry } from './page-index.ts'

export type IndexTask = { store: string; entries: (PageEntry & { content: string | Uint8Array })[] }
export type IndexReply = { failure?: string }

export default async function indexPages({ store, entries }: IndexTask): Promise<IndexReply> {
  try {
    using index = PageIndex.open(store, { access: 'write' })
    await index.index(entries)
    return {}
  } catch (cause) {
    return { failure: messageOf(cause) }
  }
}
