// The sidecar's part of a transaction: rows named by the object ids of the files that the commits bring.
import type { Content } from '../io/fast-import.ts'
import type { ResolvedChange } from './resolve.ts'

/** A text that is to be searched, by the object id of its file. */
export type RowSource = { oid: string; path: string; content: Content }

/** Where rows go: idempotent, one durable transaction a call. */
export type RowStore = { index: (sources: RowSource[]) => Promise<void> }

export class Rows {
  readonly #store: RowStore

  constructor(store: RowStore) {
    this.#store = store
  }

  /** Adds rows for the files among the changes that have any. */
  async add(changes: ResolvedChange[]): Promise<void> {
    const sources: RowSource[] = []
    for (const { path, after, content } of changes) {
      if (after !== null && content !== null && hasRows(path)) sources.push({ oid: after, path, content })
    }
    if (sources.length > 0) await this.#store.index(sources)
  }
}

/** Wiki pages, source texts and trees: not listings, not images, not the log. */
export function hasRows(path: string): boolean {
  return /^wiki\/(?:summaries|concepts|entities|explorations|reports)\/.*\.md$/.test(path) || /^wiki\/sources\/.*\.(?:md|json)$/.test(path)
}
