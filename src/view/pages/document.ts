// A document's summary and its original, one address each. Its text: see document-text.ts.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { DocumentData } from '../load/document.ts'
import { entriesOf, sectionOf, withoutTitle, type Entry } from '../load/entries.ts'
import { renderInline, renderMarkdown, type Evidence, type MarkdownOptions } from '../markdown/render.ts'
import { headingId } from '../places.ts'
import { evidenceList } from './beside.ts'
import { documentHead, outlineNav } from './document-head.ts'
import { facts, furtherLines } from './document-facts.ts'
import { entryLink, type PlaceOf } from './links.ts'
import { originalFrame } from './original.ts'
import { shell } from './shell.ts'

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
  const main = html` ${documentHead(data, 'summary', context)}
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

export function documentOriginalPage(data: DocumentData, context: ViewContext, page: number): Html {
  const main = html` ${documentHead(data, 'original', context)}
    <div class="pane">${originalFrame(data, context, page)}</div>`
  return shell({ title: `${data.document.title}: original`, section: 'documents', main, measure: 'wide' }, context)
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
