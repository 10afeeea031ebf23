// A document's original in a frame of another origin, as far as a browser can show it.
import type { ViewContext } from '../context.ts'
import { html, type Html } from '../html.ts'
import type { DocumentData } from '../load/document.ts'

const PICTURES = new Set(['png', 'jpg', 'webp'])
const TEXTS = new Set(['md', 'txt', 'csv', 'tsv', 'json', 'jsonl', 'xml', 'rss', 'ipynb'])

export type Shown = 'pdf' | 'picture' | 'html' | 'text' | 'download'

/** How the viewer shows an original of this format. */
export function shownAs(format: string): Shown {
  if (format === 'pdf' || format === 'html') return format
  if (PICTURES.has(format)) return 'picture'
  return TEXTS.has(format) ? 'text' : 'download'
}

/** @param page of a PDF, from 1 */
export function originalFrame({ document }: DocumentData, context: ViewContext, page: number): Html {
  const address = context.original(document.name)
  const save = context.original(document.name, { download: true })
  if (address === undefined || save === undefined)
    return html`<p class="note">
      The original is not part of this copy. With the base at hand:
      <code>kbgit show --raw ${document.name} &gt; file</code>
    </p>`
  const download = html`<p class="download">
    <a href="${save}" rel="noopener">Save the original (${document.format.toUpperCase()})</a>
  </p>`
  switch (shownAs(document.format)) {
    case 'pdf':
      // A browser's own viewer of PDF files does not start in a sandbox: the frame has another origin and no scripts.
      return html`<iframe
          class="original"
          loading="lazy"
          title="The original, page ${page}"
          src="${address}#page=${page}&amp;view=FitH&amp;navpanes=0"
        ></iframe
        >${download}`
    case 'picture':
      return html`<a class="picture" href="${address}"><img src="${address}" alt="${document.title}" /></a>${download}`
    case 'html':
    case 'text':
      return html`<iframe class="original" loading="lazy" sandbox title="The original" src="${address}"></iframe
        >${download}`
    case 'download':
      return html`<p class="note">
          A browser cannot show ${document.format.toUpperCase()} files. The text of this document is under Text.
        </p>
        ${download}`
  }
}
