// What to do with each candidate, decided in scan order, so that names and skips do not depend on which document is
// ready first. No disk access.
import type { Catalog } from './catalog.ts'
import { collisionKey, freeName, slugify } from '../page/slug.ts'
import type { DocumentRecord } from './document.ts'

/**
 * A document found, with the hash of its content. `name`: the one reserved before the hash was known, if any.
 * `previousDigest`: for a renamed file, the digest of the document that it was then. `force`: add it even if its
 * content is known, because it is to be read in another way.
 */
export type Hashed = {
  origin: string
  stem: string
  sha256: string
  /** Lower case with its dot: distinguishes files with the same stem. */
  extension?: string | undefined
  name?: string | undefined
  previousDigest?: string | undefined
  force?: boolean | undefined
}

export type AddPlan =
  /** A new document. */
  | { kind: 'add'; name: string }
  /** A known origin with new content: the document keeps its name. */
  | { kind: 'update'; document: DocumentRecord }
  | { kind: 'skip'; reason: 'unchanged' | 'duplicate'; name: string }
  /** Depends on how an earlier candidate of this run ends, the one with the origin `on`: decide again then. */
  | { kind: 'wait'; on: string }

/** Decisions of this run whose outcome is still open. */
export type Pending = {
  /** The earlier candidate that adds this content. */
  bringing: (sha256: string) => { origin: string } | undefined
  /** The earlier candidate that replaces the content of the document with that name. */
  replacing: (name: string) => { origin: string } | undefined
  /** What to call a new document, given the names `taken` in the registry. */
  nameFor: (candidate: Hashed, registry: Names) => string
}

type Names = Pick<Catalog, 'documentNameTaken'> & Partial<Pick<Catalog, 'documentByName'>>
type Registry = Pick<Catalog, 'documentByDigest' | 'documentByOrigin'> & Names

/**
 * The decision that adding one by one would make. Content is added once: a file with the content of another document is
 * a duplicate, even if it was moved or copied, or has a document of its own under its old content.
 */
export function planAdd(candidate: Hashed, registry: Registry, pending: Pending): AddPlan {
  const own = registry.documentByOrigin(candidate.origin) ?? renamed(candidate, registry)
  if (own?.sha256 === candidate.sha256) {
    return candidate.force === true
      ? { kind: 'update', document: own }
      : { kind: 'skip', reason: 'unchanged', name: own.name }
  }
  const first = pending.bringing(candidate.sha256)
  if (first !== undefined) return { kind: 'wait', on: first.origin }
  const same = registry.documentByDigest(candidate.sha256)
  if (same !== undefined) {
    // Its content may be about to leave the base; then this candidate keeps it.
    const replaced = pending.replacing(same.name)
    return replaced === undefined
      ? { kind: 'skip', reason: 'duplicate', name: same.name }
      : { kind: 'wait', on: replaced.origin }
  }
  if (own !== undefined) return { kind: 'update', document: own }
  return { kind: 'add', name: pending.nameFor(candidate, registry) }
}

/** The document of a renamed file that has changed since. */
function renamed(
  { previousDigest, sha256 }: Hashed,
  registry: Pick<Registry, 'documentByDigest'>,
): DocumentRecord | undefined {
  return previousDigest === undefined || previousDigest === sha256
    ? undefined
    : registry.documentByDigest(previousDigest)
}

/** The candidates of one run. Names are reserved in scan order and not given to another file when a document fails. */
export class Batch implements Pending {
  readonly #bringing = new Map<string, { origin: string; name: string }>()
  readonly #replacing = new Map<string, { origin: string }>()
  /** Keys of assigned names, with the extensions of their files. */
  readonly #names = new Map<string, string | undefined>()
  /** Names of candidates that wait and will most likely need one, by origin. */
  readonly #promised = new Map<string, string>()
  /** Content that could not be added as a new document, with the name reserved for it, or that failed as an update. */
  readonly #failed = new Map<string, string | undefined>()

  /** Decides, and remembers the decision until `finish`. */
  plan(candidate: Hashed, registry: Registry): AddPlan {
    const plan = planAdd(candidate, registry, this)
    const { origin, sha256 } = candidate
    switch (plan.kind) {
      case 'add':
        this.#names.set(collisionKey(plan.name), candidate.extension)
        this.#bringing.set(sha256, { origin, name: plan.name })
        break
      case 'update':
        this.#bringing.set(sha256, { origin, name: plan.document.name })
        this.#replacing.set(plan.document.name, { origin })
        break
      case 'wait':
        // It waits for content to leave the base: then it is new, and its name is due in scan order.
        if (
          !this.#bringing.has(sha256) &&
          !this.#promised.has(origin) &&
          registry.documentByOrigin(origin) === undefined
        ) {
          this.#promised.set(origin, this.reserve(candidate.stem, registry))
        }
        break
      case 'skip':
        // Had its message not been committed yet, the file would have taken a name.
        if (registry.documentByDigest(sha256)?.attachedTo !== undefined)
          this.#names.set(collisionKey(this.nameFor(candidate, registry)), candidate.extension)
        break
    }
    return plan
  }

  /**
   * A planned document was added and is in the registry, or it failed. The caller plans the candidates that waited for
   * it again, in scan order.
   */
  finish(candidate: Pick<Hashed, 'origin' | 'sha256'>, outcome: 'committed' | 'failed'): void {
    const planned = this.#bringing.get(candidate.sha256)
    if (planned?.origin !== candidate.origin) return
    this.#bringing.delete(candidate.sha256)
    const wasUpdate = this.#replacing.get(planned.name)?.origin === candidate.origin
    if (wasUpdate) this.#replacing.delete(planned.name)
    if (outcome === 'failed') this.#failed.set(candidate.sha256, wasUpdate ? undefined : planned.name)
  }

  /** Reserves a name before the content is known, as for a web page that is still to be fetched. */
  reserve(stem: string, registry: Pick<Catalog, 'documentNameTaken'>): string {
    const name = this.#free(slugify(stem), registry)
    this.#names.set(collisionKey(name), undefined)
    return name
  }

  bringing(sha256: string): { origin: string } | undefined {
    return this.#bringing.get(sha256)
  }

  replacing(name: string): { origin: string } | undefined {
    return this.#replacing.get(name)
  }

  /**
   * The name must not depend on how far ahead the scan is. If the first file with this content failed, a later one
   * takes over its reserved name if its own would have been the same; otherwise the content decides the name.
   */
  nameFor(candidate: Hashed, registry: Names): string {
    const own = candidate.name ?? this.#promised.get(candidate.origin)
    if (own !== undefined) return own
    const slug = slugify(candidate.stem)
    if (!this.#failed.has(candidate.sha256)) return this.#free(slug, registry, candidate.extension)
    const left = this.#failed.get(candidate.sha256)
    if (left !== undefined && (left === slug || left.replace(/-\d+$/, '') === slug)) return left
    return this.#free(`${slug}-${candidate.sha256.slice(0, 8)}`, registry)
  }

  /** The name of a file whose stem is taken by a file of another format: `report-epub`. */
  #free(slug: string, registry: Names, extension?: string): string {
    const isTaken = (key: string): boolean => this.#names.has(key) || registry.documentNameTaken(key)
    const kind = /^\.([a-z0-9]{1,12})$/.exec(extension ?? '')?.[1]
    const key = collisionKey(slug)
    if (kind !== undefined && isTaken(key)) {
      const holder =
        this.#names.get(key) ??
        /\.[a-z0-9]+$/.exec(registry.documentByName?.(slug)?.raw.replace(/\.pointer$/, '') ?? '')?.[0]
      const own = `${slug}-${kind}`
      if (holder !== undefined && holder !== extension && !isTaken(collisionKey(own))) return own
    }
    return freeName(slug, isTaken)
  }
}
