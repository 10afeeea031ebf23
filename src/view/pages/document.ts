// A document: its summary, its text, its original, one address each.
import { splitCoverageNote } from '../../core/document/coverage-note.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { DocumentData, DocumentText, OutlineNode } from '../load/document.ts'
import { entriesOf, frontText, sectionOf, withoutTitle, type Entry } from '../load/entries.ts'
import { renderInline, renderMarkdown, type Evidence, type Heading, type MarkdownOptions } from '../markdown/render.ts'
import { headingId, PAGES_SHOWN, type DocumentTab, type Place } from '../places.ts'
import { evidenceList, onThisPage } from './beside.ts'
import { facts, furtherLines, renderPlain } from './document-facts.ts'
import { entryLink, type PlaceOf } from './links.ts'
import { originalFrame } from './original.ts'
import { shell, time } from './shell.ts'
import { counted } from './words.ts'

/** Sections of a summary that the viewer shows in a form of its own. */
const OWN_SECTIONS = new Set(['Outline', 'Concepts', 'Entities', 'Related', 'Source'])

export function documentPage(data: DocumentData, context: ViewContext, placeOf: PlaceOf): Html {
  const { document, summary } = data
  const evidence: Evidence[] = []
  const markdown: MarkdownOptions = {
    context,
    from: document.summary,
    placeOf,
    evidence,
    cites: document.name,
    quotes: true,
  }
  const intro = introOf(summary.intro)
  const sections = summary.sections.filter(({ heading }) => !OWN_SECTIONS.has(heading))
  const main = html` ${head(data, 'summary', context)}
    <div class="prose">
      ${renderMarkdown(intro, markdown).html}
      ${sections.map(
        ({ heading, body }) =>
          html`<section aria-labelledby="${headingId(heading)}">
            <h2 id="${headingId(heading)}">${heading}</h2>
            ${renderMarkdown(body, markdown).html}
          </section>`,
      )}
    </div>
    ${topicRows('Concepts', data, markdown)} ${topicRows('Entities', data, markdown)} ${alsoMentioned(data, markdown)}
    ${related(data, markdown)} ${furtherLines(data, markdown)} ${facts(data, context)}`
  const aside = html` ${outlineNav(data, context)} ${evidenceList(evidence, context, placeOf, () => '')}`
  return shell(
    { title: document.title, section: 'documents', main, aside, page: document.summary, document: document.name },
    context,
  )
}

export function documentTextPage(
  data: DocumentText,
  context: ViewContext,
  placeOf: PlaceOf,
  beside: { page: number } | undefined,
): Html {
  const { document } = data
  const markdown: MarkdownOptions = { context, from: document.source, placeOf, shift: 1, ids: new Set() }
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
        : opening(data.text, document.title, render)
      : data.pages.map(({ page, content }) =>
          leaf(page, page === 1 ? opening(content, document.title, render) : render(content), document.name, context),
        )
  const main = html` ${head(data, 'text', context)}
    <div class="${beside === undefined ? 'text' : 'text split'}">
      <div class="prose" data-island="text" data-document="${document.name}">
        ${parts(data, context)} ${text} ${parts(data, context)}
      </div>
      ${beside === undefined ? NOTHING : html`<div class="pane">${originalFrame(data, context, beside.page)}</div>`}
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

export function documentOriginalPage(data: DocumentData, context: ViewContext, page: number): Html {
  const main = html` ${head(data, 'original', context)}
    <div class="pane">${originalFrame(data, context, page)}</div>`
  return shell({ title: `${data.document.title}: original`, section: 'documents', main, measure: 'wide' }, context)
}

function head({ document, record, summary }: DocumentData, tab: DocumentTab, { link }: ViewContext): Html {
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
        date === undefined ? undefined : time(date),
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

/** Without the title, which the page has, and without the line of format and date, which its head has. */
function introOf(intro: string): string {
  return withoutTitle(intro)
    .split('\n')
    .filter((line) => !/^[A-Z][A-Za-z ]*(?:, [\d,]+ (?:pages?|slides?|sheets?))?(?: · [^.]+)*$/.test(line))
    .join('\n')
}

function topicRows(heading: 'Concepts' | 'Entities', { summary }: DocumentData, markdown: MarkdownOptions): Html {
  const entries = entriesOf(sectionOf(summary, heading))
  if (entries.length === 0) return NOTHING
  const id = headingId(heading)
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${heading}</h2>
    <ul class="rows">
      ${entries.map((entry) => topicRow(entry, markdown))}
    </ul>
  </section>`
}

function topicRow(entry: Entry, markdown: MarkdownOptions): Html {
  return html`<li>
    ${entryLink(entry, markdown.context, markdown.placeOf)}
    ${entry.type === undefined ? NOTHING : html`<span class="meta">${entry.type}</span>`}
    ${entry.says === '' || entry.says === 'Named once.' ? NOTHING : html`<p>${renderInline(entry.says, markdown)}</p>`}
  </li>`
}

function alsoMentioned({ summary }: DocumentData, markdown: MarkdownOptions): Html {
  const line = ['Entities', 'Concepts']
    .flatMap((heading) => sectionOf(summary, heading)?.body.split('\n') ?? [])
    .find((text) => text.startsWith('Also mentioned: '))
  return line === undefined ? NOTHING : html`<p class="meta">${renderInline(line, markdown)}</p>`
}

function related({ summary }: DocumentData, markdown: MarkdownOptions): Html {
  const entries = entriesOf(sectionOf(summary, 'Related'))
  if (entries.length === 0) return NOTHING
  return html`<section aria-labelledby="related">
    <h2 id="related">Related documents</h2>
    <ul class="rows">
      ${entries.map(
        (entry) =>
          html`<li>
            ${entryLink(entry, markdown.context, markdown.placeOf)}
            ${entry.says === '' ? NOTHING : html`<p class="meta">shares ${renderInline(entry.says, markdown)}</p>`}
          </li>`,
      )}
    </ul>
  </section>`
}

function leaf(page: number, text: Html, name: string, { link }: ViewContext): Html {
  const original: Place = { kind: 'document', name, tab: 'text', page, query: { beside: String(page) } }
  return html`<section class="leaf" id="p${page}" aria-label="Page ${page}">
    <a class="page-mark" href="${link(original)}" title="Show page ${page} of the original beside it">${page}</a>
    ${text}
  </section>`
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

function outlineNav({ outline, document }: DocumentData, context: ViewContext): Html {
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
