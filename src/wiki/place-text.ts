// The text for a location in a document, with a link if the link is sure to work.
import type { DocumentRecord, Place } from '../core/document/document.ts'
import { linkTarget } from '../core/layout.ts'
import { sanitizeInline, oneLine, shownText } from '../core/page/sanitize.ts'
import { wikilink } from '../core/page/page.ts'

type Placed = Pick<DocumentRecord, 'kind' | 'source'>

/** ` (page 3)`, ` ([[sources/x#Methods|Methods]])`, or '' if the location is unknown. */
export function placeText(place: Place | undefined, document: Placed): string {
  if (place?.page !== undefined) return ` (page ${place.page})`
  const heading = oneLine(place?.heading ?? '', 80)
  if (heading === '') return ''
  // Obsidian finds a heading by its text only if it is plain words.
  if (
    document.kind === 'short' &&
    heading === place?.heading &&
    /^[\p{L}\p{N}][\p{L}\p{N} ,.'’()_-]*$/u.test(heading)
  ) {
    return ` (${wikilink(`${linkTarget(document.source)}#${heading}`, shownText(heading))})`
  }
  return ` (in “${sanitizeInline(heading)}”)`
}

/** `page 3`, `pages 3–5`, or ''. */
export function pageRange(start: number | undefined, end: number | undefined): string {
  if (start === undefined) return ''
  return end === undefined || end <= start ? `page ${start}` : `pages ${start}–${end}`
}
