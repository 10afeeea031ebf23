// What an answer cites: a document's text, its summary, or a topic's page, and where the viewer has it.
import { pageName } from '../../core/page/page-kind.ts'
import type { Citation, ListedDocument } from '../../core/results.ts'
import { passageFragment } from '../markdown/fragment.ts'
import type { Place } from '../places.ts'

/** The page that was quoted, with the quote's words lit: the text of a document, or a page of the wiki. */
export function placeOfCitation(
  { document, page, pageNumber, quote }: Citation,
  placeOf: (path: string) => Place | undefined,
): Place {
  const fragment = passageFragment(quote)
  const place = placeOf(page)
  if (place !== undefined && place.kind !== 'document') return { ...place, anchor: fragment }
  const name = place?.name ?? document
  // A quote of a summary is on the page of the summary.
  if (place !== undefined && place.tab === undefined) return { ...place, anchor: fragment }
  const at = pageNumber === undefined ? '' : `p${pageNumber}`
  return { kind: 'document', name, tab: 'text', page: pageNumber, anchor: at + fragment }
}

/** Of the document, or of the topic whose page is quoted. */
export function titleOfCitation({ document, page }: Citation, documents: ReadonlyMap<string, ListedDocument>): string {
  return documents.get(document)?.title ?? (document === '' ? pageName(page).replaceAll('-', ' ') : document)
}
