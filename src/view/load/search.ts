// Search as the viewer shows it: hits with titles and places, filtered.
import type { PageKind } from '../../core/page/page-kind.ts'
import type { SearchHit } from '../../core/results.ts'
import { passageFragment } from '../markdown/fragment.ts'
import type { Place } from '../places.ts'
import type { Contents, ViewSource } from '../source.ts'
import { placeOfPath } from '../wiki-places.ts'

export type SearchAsked = {
  words: string
  limit: number
  /** What the hit must be: a document (its text or summary), a concept, an entity. */
  kind?: HitKind | undefined
  format?: string | undefined
}

export type HitKind = 'document' | 'concept' | 'entity' | 'other'
export type FoundHit = {
  title: string
  kind: HitKind
  /** The page or the heading of the passage. */
  where: string
  passage: string
  place: Place
}
export type SearchFound = { words: string; hits: FoundHit[] }

const KINDS: Record<HitKind, PageKind[]> = {
  document: ['source', 'summary', 'node'],
  concept: ['concept'],
  entity: ['entity'],
  other: ['exploration', 'report'],
}
/** Hits that are looked at for each one that a filter may leave. */
const LOOKED_AT_PER_HIT = 5

export async function loadSearch(source: ViewSource, commit: string, asked: SearchAsked): Promise<SearchFound> {
  const words = asked.words.trim()
  if (words === '') return { words, hits: [] }
  const contents = await source.contents(commit)
  const kinds = asked.kind === undefined ? undefined : KINDS[asked.kind]
  const filtered = asked.format !== undefined
  const limit = asked.limit * (filtered ? LOOKED_AT_PER_HIT : 2)
  const { hits } = await source.kb.search(words, { at: commit, limit, ...(kinds === undefined ? {} : { kinds }) })
  // A document's text and summary are one hit: the better one.
  const seen = new Set<string>()
  const found = hits.flatMap((hit) => {
    const shown = foundHit(hit, contents)
    const key = `${shown?.kind ?? ''} ${hit.name}`
    if (shown === undefined || seen.has(key)) return []
    if (filtered && contents.documentNamed.get(hit.document ?? '')?.format !== asked.format) return []
    seen.add(key)
    return [shown]
  })
  return { words, hits: found.slice(0, asked.limit) }
}

function foundHit(hit: SearchHit, contents: Contents): FoundHit | undefined {
  const place = placeOfPath(hit.page)
  if (place === undefined) return undefined
  const where = hit.pageNumber === undefined ? (hit.heading ?? '') : `p. ${hit.pageNumber}`
  const passage = hit.snippet
  if (place.kind === 'document') {
    const title = contents.documentNamed.get(place.name)?.title ?? place.name
    const fragment = passageFragment(passage.replaceAll('…', ' ').split(/(?<=[.!?])\s/)[0] ?? '')
    const at = hit.pageNumber === undefined ? '' : `p${hit.pageNumber}`
    const anchored: Place = place.tab === 'text' ? { ...place, page: hit.pageNumber, anchor: at + fragment } : place
    return { title, kind: 'document', where, passage, place: anchored }
  }
  const kind = place.kind === 'concept' || place.kind === 'entity' ? place.kind : 'other'
  return { title: hit.name.replaceAll('-', ' '), kind, where: kind === 'other' ? '' : where, passage, place }
}
