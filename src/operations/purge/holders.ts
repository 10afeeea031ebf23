// Whose a place was at each commit, of the places that a purged document has shared with others of its name.
import { registryPathOf } from '../../core/layout.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import type { PastCommit } from '../../io/git/past-commits.ts'
import { filesOf } from '../ingest/plan-files.ts'

/** A registry path relative to the work tree. */
type Place = string

export const NO_PLACES: ReadonlySet<Place> = new Set()

export class Holders {
  readonly #digests: ReadonlySet<string>
  readonly #records: ReadonlyMap<string, DocumentRecord>
  /** Places that are shared, by each of the files there. */
  readonly #files = new Map<string, Place>()
  readonly #places = new Set<Place>()
  /** Of the commits at which some of the places are another document's. */
  readonly #others = new Map<string, ReadonlySet<Place>>()

  /** `records`: all that the past has, by object id. `digests`: those of the purged documents. */
  constructor(base: Base, records: ReadonlyMap<string, DocumentRecord>, digests: ReadonlySet<string>) {
    this.#digests = digests
    this.#records = records
    const byPlace = Map.groupBy(records.values(), (record) => placeOf(base, record))
    for (const [place, here] of byPlace) {
      if (new Set(here.map(({ sha256 }) => digests.has(sha256))).size < 2) continue
      this.#places.add(place)
      for (const record of here)
        for (const path of [registryPathOf(record.summary), ...filesOf(record)])
          this.#files.set(repoPathOf(base, path), place)
    }
  }

  get isNeeded(): boolean {
    return this.#places.size > 0
  }

  /** Must see each commit once, parents first. */
  note({ oid, parents, changes }: PastCommit): void {
    const before = this.others(parents[0] ?? '')
    const others = new Set(before)
    for (const change of changes) {
      if (!this.#places.has(change.path)) continue
      const record = this.#records.get(change.oid ?? '')
      if (record !== undefined && !this.#digests.has(record.sha256)) others.add(change.path)
      else others.delete(change.path)
    }
    const same = others.size === before.size && others.isSubsetOf(before)
    if (others.size > 0) this.#others.set(oid, same ? before : others)
  }

  /** The places that another document has at a commit. */
  others(commit: string): ReadonlySet<Place> {
    return this.#others.get(commit) ?? NO_PLACES
  }

  /** Whether a file belongs to another document while it has these places. */
  isOthers(path: string, others: ReadonlySet<Place>): boolean {
    const place = this.#files.get(path)
    return place !== undefined && others.has(place)
  }

  isShared(path: string): boolean {
    return this.#files.has(path)
  }

  /** All files that were ever at a place. */
  filesAt(place: Place): string[] {
    return [...this.#files].filter(([, one]) => one === place).map(([path]) => path)
  }
}

export function placeOf(base: Base, { summary }: Pick<DocumentRecord, 'summary'>): Place {
  return repoPathOf(base, registryPathOf(summary))
}
