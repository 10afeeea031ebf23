// Below a page: its versions, and who wrote it.
import type { ViewContext } from '../context.ts'
import { html, type Html } from '../html.ts'

/** `path`: of the page, relative to the base. A static site has versions of some pages, and says where the others are. */
export function pageTools(path: string, { link, mode }: ViewContext): Html {
  if (mode === 'site')
    return html`<p class="meta page-tools">
      <a href="${link({ kind: 'history', path })}">History</a>
    </p>`
  return html`<p class="meta page-tools">
    <a href="${link({ kind: 'history', path })}">History</a> ·
    <a href="${link({ kind: 'blame', path })}">Who wrote what</a>
  </p>`
}
