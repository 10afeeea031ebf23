// Links to entries of the wiki.
import type { ViewContext } from '../context.ts'
import { html, type Html } from '../html.ts'
import type { Entry } from '../load/entries.ts'
import type { Place } from '../places.ts'

/** The place of a file of the base; undefined if it does not exist at the moment that is shown. */
export type PlaceOf = (path: string) => Place | undefined

/** In the hue of its kind; text alone if the page does not exist. */
export function entryLink(
  { path, label }: Pick<Entry, 'path' | 'label'>,
  context: ViewContext,
  placeOf: PlaceOf,
): Html {
  const place = placeOf(path)
  if (place === undefined) return html`<span class="gone">${label}</span>`
  return html`<a class="to-${place.kind}" href="${context.link(place)}">${label}</a>`
}
