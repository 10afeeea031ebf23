// The text of a document, with the pages of its original in the margin.
import { splitCoverageNote } from '../../core/document/coverage-note.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { DocumentData, DocumentText, OutlineNode } from '../load/document.ts'
import { renderMarkdown, type Heading, type MarkdownOptions } from '../markdown/render.ts'
import { headingId, PAGES_SHOWN, type Place } from '../places.ts'
import { onThisPage } from './beside.ts'
import { renderPlain } from './document-facts.ts'
import { documentHead, outlineNav } from './document-head.ts'
import type { PlaceOf } from './links.ts'
import { originalFrame } from './original.ts'
import { shell } from './shell.ts'

export function documentTextPage(
  data: DocumentText,
  context: ViewContext,
  placeOf: PlaceOf,
  beside: { page: number } | undefined,
): Html {
  const { document } = data
  const marginOf = data.kind === 'short' ? headingMarks(data, context) : undefined
  const markdown: MarkdownOptions = { context, from: document.source, placeOf, shift: 1, ids: new Set(), marginOf }
  const headings: Heading[] = []
  const render = (text: string): Html => {
    const rendered = renderMarkdown(text, markdown)
    headings.push(...rendered.headings)
    return rendered.html
  }
  const text =
    data.kind === 'short'
      ? data.text.trim() === ''
        ? html`<p class="note">This document has no text.</p>`
        : html`${marginOf === undefined ? NOTHING : pageMark(1, document, context)}${opening(data.text, document.title, render)}`
      : data.pages.map(({ page, content }) =>
          leaf(page, page === 1 ? opening(content, document.title, render) : render(content), document, context),
        )
  const main = html` ${documentHead(data, 'text', context)}
    <div class="${beside === undefined ? 'text' : 'text split'}">
      <div class="prose" data-island="text" data-document="${document.name}">
        ${parts(data, context)} ${text} ${parts(data, context)}
      </div>
      ${beside === undefined ? NOTHING : originalPane(data, beside.page, context)}
    </div>`
  const outline = data.outline.length === 0 ? onThisPage(headings) : outlineNav(data, context)
  const aside = beside === undefined ? html`${besideLink(data, context)} ${outline}` : undefined
  const measure = beside === undefined ? 'reading' : 'wide'
  return shell({ title: `${document.title}: text`, section: 'documents', main, aside, measure }, context)
}

/** The beginning of a text: what was lost on the way is a note, and a title that the page has already is left out. */
function opening(text: string, title: string, render: (text: string) => Html): Html {
  const { note, rest } = splitCoverageNote(text)
  const words = (line: string): string => line.replace(/[^\p{L}\p{N}]+/gu, '').toLowerCase()
  const body = rest.replace(/^# ([^\n]*)\n+/, (whole, heading: string) =>
    words(heading) === words(title) ? '' : whole,
  )
  return html`${note === undefined ? NOTHING : html`<p class="note">${renderPlain(note)}</p>`}${render(body)}`
}

type Listed = DocumentData['document']

function leaf(page: number, text: Html, document: Listed, context: ViewContext): Html {
  return html`<section class="leaf" id="p${page}" aria-label="Page ${page}">
    ${pageMark(page, document, context)} ${text}
  </section>`
}

/** The number of a page, in the margin. It shows that page of the original, if a browser can. */
function pageMark(page: number, { name, format, source }: Listed, { link, mode }: ViewContext): Html {
  const place: Place = { kind: 'document', name, tab: 'text', page }
  // The text of a long document has a section for each page, which has the anchor.
  const anchor = source.endsWith('.json') ? NOTHING : html`id="p${page}"`
  return format === 'pdf' && mode === 'live'
    ? html`<a
        class="page-mark"
        ${anchor}
        href="${link({ ...place, query: { beside: String(page) } })}"
        title="Show page ${page} of the original beside it"
        >${page}</a
      >`
    : html`<a class="page-mark" ${anchor} href="${link(place)}" title="Page ${page} of the original">${page}</a>`
}

/**
 * The text of a short document is in one piece, but the outline knows on which page each section begins. Undefined if it
 * does not.
 */
function headingMarks({ outline, document }: DocumentData, context: ViewContext): MarkdownOptions['marginOf'] {
  const listed = (nodes: readonly OutlineNode[]): OutlineNode[] =>
    nodes.flatMap((node) => [node, ...listed(node.nodes)])
  const sections = document.pages === undefined ? [] : listed(outline).filter(({ from }) => from !== undefined)
  if (sections.length === 0) return undefined
  let next = 0
  let last = 1
  return ({ id, text }) => {
    const found = sections.findIndex(({ title }, index) => index >= next && headingId(title) === headingId(text))
    const page = sections[found]?.from
    if (page === undefined || id === '') return undefined
    next = found + 1
    if (page <= last) return undefined
    last = page
    return pageMark(page, document, context)
  }
}

/** The original beside the text; a narrow screen shows one at a time, so that it has a link instead. */
function originalPane(data: DocumentData, page: number, context: ViewContext): Html {
  const { name, format } = data.document
  const text: Place = { kind: 'document', name, tab: 'text', page }
  const original: Place = { kind: 'document', name, tab: 'original', page }
  return html`<div class="pane">
      <p class="meta"><a href="${context.link(text)}">Close the original</a></p>
      ${originalFrame(data, context, page)}
    </div>
    <p class="pane-link">
      <a href="${context.link(original)}">${format === 'pdf' ? `Page ${page} of the original` : 'The original'}</a>
    </p>`
}

function parts(data: DocumentText, { link }: ViewContext): Html {
  if (data.parts < 2) return NOTHING
  const { name } = data.document
  return html`<nav class="parts" aria-label="Parts of the text">
    ${Array.from({ length: data.parts }, (_, index) => {
      const first = index * PAGES_SHOWN + 1
      const label = `${first}–${Math.min((index + 1) * PAGES_SHOWN, data.document.pages ?? Infinity)}`
      const place: Place = { kind: 'document', name, tab: 'text', page: first, anchor: '' }
      return html`<a href="${link(place)}" ${index + 1 === data.part ? html`aria-current="page"` : NOTHING}
        >${label}</a
      > `
    })}
  </nav>`
}

function besideLink({ document }: DocumentData, { link, original }: ViewContext): Html {
  if (original(document.name) === undefined) return NOTHING
  const place: Place = { kind: 'document', name: document.name, tab: 'text', query: { beside: '1' } }
  return html`<p class="beside-link"><a href="${link(place)}">Show the original beside the text</a></p>`
}
