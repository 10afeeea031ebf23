// Which original is an earlier or later version of which. A name does not tell: two clones may each have had a document of
// that name, and a merge gives one of them another (docs/decisions/0015).
import type { DocumentRecord } from '../../core/document/document.ts'

/** Versions of one document, as digests of originals. */
type Lineage = ReadonlySet<string>

/** What is known of the records of the past. */
export type PastRecords = {
  /** By object id. */
  records: ReadonlyMap<string, DocumentRecord>
  /** Object ids of records before and after an update. Merges are none: they join different documents of one name. */
  updates: readonly (readonly [before: string, after: string])[]
  /** Records of the commit that is checked out, and of all tips. */
  head: readonly DocumentRecord[]
  living: readonly DocumentRecord[]
}

export class Lineages {
  readonly #past: PastRecords
  readonly #parents = new Map<string, string>()

  constructor(past: PastRecords) {
    this.#past = past
    for (const [before, after] of past.updates) {
      const [one, other] = [past.records.get(before), past.records.get(after)]
      if (one !== undefined && other !== undefined) this.#parents.set(this.#root(one.sha256), this.#root(other.sha256))
    }
  }

  /**
   * Digests of all versions of the document that `name` means, and the names of others that were called so and stay: the
   * document of that name at HEAD, and documents that had it and are not alive under another one.
   */
  meant(name: string): { digests: Lineage; others: string[] } {
    const { records, head, living } = this.#past
    const present = head.find((record) => record.name === name)
    const roots = new Set(
      [...records.values()].filter((record) => record.name === name).map(({ sha256 }) => this.#root(sha256)),
    )
    const others = new Set<string>()
    for (const root of roots) {
      if (present !== undefined && this.#root(present.sha256) === root) continue
      const names = living.filter(({ sha256 }) => this.#root(sha256) === root).map((record) => record.name)
      if (names.length === 0 || (present === undefined && names.every((one) => one === name))) continue
      roots.delete(root)
      for (const one of names) others.add(one)
    }
    const digests = [...records.values()].map(({ sha256 }) => sha256).filter((digest) => roots.has(this.#root(digest)))
    return { digests: new Set(digests), others: [...others].sort() }
  }

  #root(digest: string): string {
    let root = digest
    for (
      let parent = this.#parents.get(root);
      parent !== undefined && parent !== root;
      parent = this.#parents.get(root)
    )
      root = parent
    return root
  }
}
