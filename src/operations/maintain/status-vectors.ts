// How many passages search by meaning can find. Asks no model.
import type { StatusResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { PageLookup } from '../../io/search/lookup.ts'
import { VectorStore } from '../../io/search/vector-store.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { Searcher } from '../ask/search.ts'

/** Undefined for a base without `embeddings`. */
export async function vectorsAt(base: Base, at: string): Promise<StatusResult['vectors']> {
  const model = base.config.embeddings
  if (model === undefined) return undefined
  await using searcher = await Searcher.open({ ...base, config: { ...base.config, embeddings: undefined } }, at)
  using vectors = VectorStore.open(sidecarPath(base, 'vectors'), model, { access: 'read' })
  const lookup = new PageLookup(searcher.index)
  const count = { passages: 0, of: 0 }
  for (const passage of lookup.passagesIn(searcher.pageSet)) {
    const digest = lookup.digest(passage)
    if (digest === undefined) continue
    count.of++
    if (vectors.has(digest)) count.passages++
  }
  return { model, ...count }
}
