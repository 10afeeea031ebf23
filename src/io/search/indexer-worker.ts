// The worker's side: pages into the search store, on a connection of its own. Nothing is thrown across the thread.
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../core/errors.ts'
import { PageIndex, type PageEntry } from './store.ts'

export type IndexTask = { store: string; entries: (PageEntry & { content: string | Uint8Array })[] }
export type IndexReply = { failure?: string | undefined }

/** Bytes of one SQLite transaction, and the milliseconds after it in which a search has its turn: SQLite asks every 100. */
const AT_ONCE_BYTES = 1024 ** 2
const GAP_MS = 25

export default async function indexPages({ store, entries }: IndexTask): Promise<IndexReply> {
  try {
    using index = PageIndex.open(store, { access: 'write' })
    for (let from = 0; from < entries.length;) {
      let to = from
      for (let bytes = 0; to < entries.length && bytes < AT_ONCE_BYTES; to++) bytes += entries[to]?.content.length ?? 0
      if (from > 0) await delay(GAP_MS)
      await index.index(entries.slice(from, to))
      from = to
    }
    return {}
  } catch (cause) {
    return { failure: messageOf(cause) }
  }
}
