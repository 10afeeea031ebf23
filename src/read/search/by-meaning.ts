// Hits by meaning: the pages of the passages whose vectors are nearest to the query's, fused with the hits by words.
import { INDEXED_KINDS, searchKind } from '../../core/page/page-kind.ts'
import { readQuery } from '../../core/search/asked.ts'
import { fuseScores } from '../../core/search/fuse.ts'
import { ENGLISH } from '../../core/search/languages.ts'
import { PageLookup } from '../../io/search/lookup.ts'
import type { PageSet } from '../../io/search/page-set.ts'
import type { PageIndex } from '../../io/search/store.ts'
import { QUERY_WORDS_MAX, type FoundHit, type SearchRequest } from '../search.ts'
import { hitOf } from './hit.ts'

/** A passage by its digest; best first. */
export type NearPassage = { digest: Uint8Array; cosine: number }

/** One hit per page, with its nearest passage. Passages that the set does not have are left out. */
export function meant(
  index: PageIndex,
  pageSet: PageSet,
  { query, kinds: wanted, languages = [ENGLISH] }: Omit<SearchRequest, 'limit'>,
  near: readonly NearPassage[],
): FoundHit[] {
  const lookup = new PageLookup(index)
  const asked = readQuery(query, languages, QUERY_WORDS_MAX)
  const kinds = INDEXED_KINDS.filter((kind) => wanted === undefined || wanted.includes(searchKind(kind)))
  const found = new Map<string, FoundHit>()
  for (const { digest, cosine } of near) {
    const passage = lookup.passageWith(digest)
    if (passage === undefined) continue
    for (const page of lookup.pagesWithPassage(passage, pageSet, kinds))
      if (!found.has(page.path))
        found.set(page.path, { ...hitOf(lookup, { page, passage, score: cosine }, asked), cover: 0 })
  }
  return [...found.values()]
}

/** Both rankings as one. What is found by words keeps its passage; scores are those of the fusion, 1 for the first of both. */
export function fuseHits(byWords: readonly FoundHit[], byMeaning: readonly FoundHit[], limit: number): FoundHit[] {
  const lists = [byWords, byMeaning]
  const first =
    fuseScores(
      lists.map(() => [0]),
      String,
    )[0]?.score ?? 1
  return fuseScores(lists, ({ page }) => page)
    .slice(0, limit)
    .map(({ item, score }) => ({ ...item, score: Math.round((score / first) * 1e4) / 1e4 }))
}
