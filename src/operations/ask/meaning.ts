// Search by meaning: vectors of passages, made when they are needed and kept in the sidecar, and the passages nearest to a query.
// Nothing depends on it: what has no vector is found by its words.
import { messageOf } from '../../core/errors.ts'
import { nearest } from '../../core/search/vectors.ts'
import type { Base } from '../../io/base.ts'
import type { Embedder } from '../../io/model/embedder.ts'
import { PageLookup } from '../../io/search/lookup.ts'
import type { PageSet } from '../../io/search/page-set.ts'
import type { PageIndex } from '../../io/search/store.ts'
import { VectorStore } from '../../io/search/vector-store.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { isWritable } from '../../io/sidecar/writable.ts'
import type { NearPassage } from '../../read/search/by-meaning.ts'
import { openEmbedderOf } from '../open-model.ts'

/** Texts per call of the model. */
const BATCH = 64
/** Milliseconds after which a search begins no further batch. */
const FILL_MS = 1_500
/** Milliseconds that a search waits for the model at most: a server may ask for a long wait. */
const NEAR_MS_MAX = 10_000
const NEAR_MAX = 100

/** `at`: the commit and the view of it, for noting that all of it has vectors. */
export type VectorView = { index: PageIndex; pageSet: PageSet; at: string }

export class Meaning implements Disposable {
  readonly #store: VectorStore
  readonly #embedder: Embedder
  readonly #base: Base
  readonly #signal: AbortSignal
  /** Asked once: after a failure, words have to do. */
  #failed = false

  private constructor(base: Base, store: VectorStore, embedder: Embedder, signal: AbortSignal) {
    this.#base = base
    this.#store = store
    this.#embedder = embedder
    this.#signal = signal
  }

  /** Undefined if the base has no `embeddings`. Throws `KbError` for a model that cannot be opened. */
  static async open(base: Base, signal: AbortSignal): Promise<Meaning | undefined> {
    const embedder = await openEmbedderOf(base, signal)
    if (embedder === undefined) return undefined
    const access = isWritable(base.sidecarDir) ? 'write' : 'read'
    return new Meaning(base, VectorStore.open(sidecarPath(base, 'vectors'), embedder.id, { access }), embedder, signal)
  }

  [Symbol.dispose](): void {
    this.#store[Symbol.dispose]()
  }

  /**
   * The passages nearest to the query, after a moment for those that have no vector yet. None if the model fails, which is
   * logged. Throws the signal's reason.
   */
  async near(query: string, view: VectorView): Promise<NearPassage[]> {
    if (this.#failed) return []
    const patience = new AbortController()
    const timer = setTimeout(() => patience.abort(new Error('The model took too long.')), NEAR_MS_MAX)
    const signal = AbortSignal.any([this.#signal, patience.signal])
    try {
      if (isWritable(this.#base.sidecarDir)) await this.fill(view, { signal, withinMs: FILL_MS })
      const [wanted] = await this.#embedder.embed([query], signal)
      const vectors = this.#store.load()
      if (wanted === undefined || vectors === undefined || vectors.size !== wanted.length) return []
      return nearest(vectors, wanted, NEAR_MAX).flatMap(({ row, cosine }) => {
        const digest = vectors.digests[row]
        return digest === undefined ? [] : [{ digest, cosine }]
      })
    } catch (error) {
      this.#signal.throwIfAborted()
      this.#failed = true
      this.#base.logger.warn({ model: this.#embedder.id }, `search uses words alone. ${messageOf(error)}`)
      return []
    } finally {
      clearTimeout(timer)
    }
  }

  /** Vectors for passages that have none, batch by batch, each kept at once. Returns how many were made. Throws `KbError`. */
  async fill({ index, pageSet, at }: VectorView, { signal = this.#signal, withinMs = Infinity } = {}): Promise<number> {
    if (this.#store.isWhole(at)) return 0
    const lookup = new PageLookup(index)
    const until = performance.now() + withinMs
    let made = 0
    let batch: { digest: Uint8Array; text: string }[] = []
    const embed = async (): Promise<void> => {
      const vectors = await this.#embedder.embed(
        batch.map(({ text }) => text),
        signal,
      )
      this.#store.put(
        batch.flatMap(({ digest }, row) => (vectors[row] === undefined ? [] : [{ digest, vector: vectors[row] }])),
      )
      made += batch.length
      batch = []
    }
    for (const passage of lookup.passagesIn(pageSet)) {
      const digest = lookup.digest(passage)
      if (digest === undefined || this.#store.has(digest)) continue
      const { heading = '', text = '' } = lookup.passage(passage) ?? {}
      // A model refuses a text without words.
      if (!/[\p{L}\p{N}]/u.test(heading + text)) continue
      batch.push({ digest, text: `${heading}\n${text}`.trim() })
      if (batch.length < BATCH) continue
      await embed()
      if (performance.now() > until) return made
    }
    if (batch.length > 0) await embed()
    this.#store.setWhole(at)
    return made
  }
}
