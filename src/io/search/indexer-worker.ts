// The worker side: writes pages to the search store over its own connection. Never throws across the thread boundary.
import { setTimeout as delay } from 'node:timers/promises'
import { messageOf } from '../../core/errors.ts'
import { PageIndex, type PageEntry } from './store.ts'

export type IndexTask = { store: string; entries: (PageEntry & { content: string | Uint8Array })[] }
export type IndexReply = { failure?: string | undefined }

/**
 * Bytes per SQLite transaction, and the milliseconds after it that give searches a turn: SQLite retries every 100 ms.
 */
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
