// What an answer cites: a document's text, its summary, or a topic's page, and where the viewer has it.
import type { Citation } from '../../core/results.ts'
import { passageFragment } from '../markdown/fragment.ts'
import type { Place } from '../places.ts'
import type { ViewSource } from '../source.ts'
import { titleOfPage } from './search.ts'

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

/** Of the document, or of the page that is quoted. */
export async function titleOfCitation(
  source: ViewSource,
  commit: string,
  { document, page }: Pick<Citation, 'document' | 'page'>,
): Promise<string> {
  const { documentNamed } = await source.contents(commit)
  return documentNamed.get(document)?.title ?? titleOfPage(source, commit, page)
}
