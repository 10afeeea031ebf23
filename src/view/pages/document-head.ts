// What the pages of one document share: its title with the views of it, and its outline.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { DocumentData, OutlineNode } from '../load/document.ts'
import { frontText } from '../load/entries.ts'
import { headingId, type DocumentTab, type Place } from '../places.ts'
import { day } from './shell.ts'
import { counted } from './words.ts'

export function documentHead(
  { document, record, summary }: DocumentData,
  tab: DocumentTab,
  { link }: ViewContext,
): Html {
  const tabs: [DocumentTab, string][] = [
    ['summary', 'Summary'],
    ['text', 'Text'],
    ['original', 'Original'],
  ]
  const author = frontText(summary, 'author')
  const date = frontText(summary, 'date')
  return html`<header class="title">
    <p class="kind to-document">Document</p>
    <h1>${document.title}</h1>
    <p class="meta">
      ${[
        author,
        date === undefined ? undefined : day(date),
        document.format.toUpperCase(),
        document.pages === undefined ? undefined : counted(document.pages, 'page'),
        record.context === undefined ? undefined : `in ${record.context}`,
      ]
        .filter((part) => part !== undefined)
        .map((part, index) => html`${index === 0 ? '' : ' · '}${part}`)}
    </p>
    <nav class="tabs" aria-label="Views of this document">
      ${tabs.map(
        ([name, label]) =>
          html`<a
            href="${link({ kind: 'document', name: document.name, tab: name })}"
            ${name === tab ? html`aria-current="page"` : NOTHING}
            >${label}</a
          >`,
      )}
    </nav>
  </header>`
}

export function outlineNav({ outline, document }: DocumentData, context: ViewContext): Html {
  if (outline.length === 0 || (outline.length === 1 && outline[0]?.nodes.length === 0)) return NOTHING
  return html`<nav class="outline" aria-labelledby="outline">
    <h2 id="outline">Outline</h2>
    ${outlineTree(outline, document, context)}
  </nav>`
}

function outlineTree(nodes: readonly OutlineNode[], document: DocumentData['document'], context: ViewContext): Html {
  const isLong = document.source.endsWith('.json')
  return html`<ul>
    ${nodes.map(({ title, from, to, nodes: below }) => {
      const anchor = isLong ? undefined : headingId(title)
      const place: Place = {
        kind: 'document',
        name: document.name,
        tab: 'text',
        page: isLong ? from : undefined,
        anchor,
      }
      return html`<li>
        <a href="${context.link(place)}">${title}</a>
        ${from === undefined ? NOTHING : html`<span class="pages">${from === to ? from : `${from}–${to ?? from}`}</span>`}
        ${below.length === 0 ? NOTHING : outlineTree(below, document, context)}
      </li>`
    })}
  </ul>`
}
