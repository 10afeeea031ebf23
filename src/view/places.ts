// Where in the viewer something is, as a value, and its address.
import { collisionKey } from '../core/page/slug.ts'

/** Pages that stand for themselves. */
export type Section =
  | 'home'
  | 'documents'
  | 'concepts'
  | 'entities'
  | 'themes'
  | 'explorations'
  | 'graph'
  | 'timeline'
  | 'changes'
  | 'search'
  | 'health'
  | 'reviews'

/** Pages of the wiki with a name of their own. */
export type NamedKind = 'concept' | 'entity' | 'theme' | 'exploration' | 'report'

export type Place = (
  | { kind: 'section'; section: Section }
  /** `page`: a page of the original, from 1. Without a tab, the summary. */
  | {
      kind: 'document'
      name: string
      tab?: DocumentTab | undefined
      page?: number | undefined
      /** A browser can show each page of the original: it is a PDF. */
      paged?: boolean
    }
  | { kind: NamedKind; name: string }
  /** Any other page of the wiki, by its path from the base. */
  | { kind: 'page'; path: string }
  /** Changes that wait on a branch of their own. */
  | { kind: 'review'; number: number }
  /** The history of one page. */
  | { kind: 'history' | 'blame'; path: string }
) & {
  /** Further parameters, e.g. of a search. */
  query?: Record<string, string | undefined> | undefined
  /** An element of the page. */
  anchor?: string | undefined
  /** A revision other than the one that the page is shown at; null is now. */
  at?: string | null | undefined
}

export const DOCUMENT_TABS = ['summary', 'text', 'original'] as const
export type DocumentTab = (typeof DOCUMENT_TABS)[number]

/** Pages of a long text that are shown at once. */
export const PAGES_SHOWN = 40

export const FOLDERS: Record<NamedKind, string> = {
  concept: 'concepts',
  entity: 'entities',
  theme: 'themes',
  exploration: 'explorations',
  report: 'reports',
}

/** The path of a place, beginning with a slash, without parameters and anchor: `/documents/x/text`. */
export function pathOf(place: Place): string {
  switch (place.kind) {
    case 'section':
      return place.section === 'home' ? '/' : `/${place.section}`
    case 'document': {
      const tab = place.tab === undefined || place.tab === 'summary' ? '' : `/${place.tab}`
      return `/documents/${segment(place.name)}${tab}`
    }
    case 'concept':
    case 'entity':
    case 'theme':
    case 'exploration':
    case 'report':
      return `/${FOLDERS[place.kind]}/${segment(place.name)}`
    case 'page':
      return `/pages/${place.path.split('/').map(segment).join('/')}`
    case 'review':
      return `/reviews/${place.number}`
    case 'history':
    case 'blame':
      return `/${place.kind}/${place.path.split('/').map(segment).join('/')}`
  }
}

/** The parameters of a place, without `at`. */
export function queryOf(place: Place): Record<string, string> {
  const query: Record<string, string | undefined> = { ...place.query }
  if (place.kind === 'document' && place.page !== undefined) {
    if (place.tab === 'original') query['page'] = String(place.page)
    else if (place.tab === 'text' && place.page > PAGES_SHOWN)
      query['part'] = String(Math.floor((place.page - 1) / PAGES_SHOWN) + 1)
  }
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as Record<string, string>
}

export function anchorOf(place: Place): string | undefined {
  if (place.anchor !== undefined) return place.anchor
  return place.kind === 'document' && place.tab === 'text' && place.page !== undefined ? `p${place.page}` : undefined
}

/** The id of a heading's element: what a link to the heading has after `#`. */
export function headingId(heading: string): string {
  const key = collisionKey(heading.replace(/[*_`]/g, '')).replace(/[^\p{L}\p{N}]+/gu, '-')
  return `h-${key.replace(/^-+|-+$/g, '').slice(0, 80)}`
}

function segment(name: string): string {
  return encodeURIComponent(name)
}
