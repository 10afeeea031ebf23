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
   * The documents that `name` may mean, the one of HEAD first, each as digests of all its versions; and the names of others
   * that were called so and stay: those alive under another name. `isOne`: which records of that name count.
   */
  meant(
    name: string,
    isOne: (record: DocumentRecord) => boolean = () => true,
  ): { candidates: Lineage[]; others: string[] } {
    const { records, head, living } = this.#past
    const present = head.find((record) => record.name === name)
    const own = [...records.values()].filter((record) => record.name === name && isOne(record))
    const roots = new Set(own.map(({ sha256 }) => this.#root(sha256)))
    const others = new Set<string>()
    for (const root of roots) {
      if (present !== undefined && this.#root(present.sha256) === root) continue
      const names = living.filter(({ sha256 }) => this.#root(sha256) === root).map((record) => record.name)
      if (names.length === 0 || (present === undefined && names.every((one) => one === name))) continue
      roots.delete(root)
      for (const one of names) others.add(one)
    }
    const first = present === undefined ? undefined : this.#root(present.sha256)
    const ordered = [...roots].sort((a, b) => Number(b === first) - Number(a === first))
    const digests = [...records.values()].map(({ sha256 }) => sha256)
    const candidates = ordered.map((root) => new Set(digests.filter((digest) => this.#root(digest) === root)))
    return { candidates, others: [...others].sort() }
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
