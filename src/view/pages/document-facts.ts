// What is known of a document besides its text, and what its summary page has beyond the parts that kbgit writes.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { DocumentData } from '../load/document.ts'
import { isEntry, sectionOf } from '../load/entries.ts'
import { renderMarkdown, type MarkdownOptions } from '../markdown/render.ts'
import { frontMatter } from './front-matter.ts'
import { pageTools } from './page-tools.ts'
import { time } from './shell.ts'

/** Where it came from, when, who wrote its pages, and what was lost on the way. */
export function facts({ document, record, summary }: DocumentData, context: ViewContext): Html {
  const { link, mode } = context
  const note = sectionOf(summary, 'Source')?.body.match(/^- Note: (.*)$/m)?.[1]
  const url = /^https?:/.test(document.origin) ? document.origin : undefined
  const rows: [string, unknown][] = [
    ['Added', time(document.addedAt)],
    [
      'From',
      url === undefined
        ? html`<code>${document.origin}</code>`
        : html`<a class="external" rel="noopener noreferrer" href="${url}">${url}</a>`,
    ],
    ['Language', record.language],
    ['Written by', record.model ?? `kbgit, without a model (${record.compiler})`],
    ['SHA-256', html`<code class="digest">${document.sha256}</code>`],
    [
      'History',
      mode === 'site'
        ? undefined
        : html`<a href="${link({ kind: 'history', path: document.summary })}">The commits of this document</a>`,
    ],
    ['Lost', note === undefined ? undefined : renderPlain(note)],
  ]
  return html`<section aria-labelledby="facts">
    <h2 id="facts">About this document</h2>
    <dl class="facts">
      ${rows.map(([term, value]) =>
        value === undefined
          ? NOTHING
          : html`<dt>${term}</dt>
              <dd>${value}</dd>`,
      )}
    </dl>
    ${frontMatter(summary.front)} ${mode === 'site' ? pageTools(document.summary, context) : NOTHING}
  </section>`
}

/** Lines of these sections that the viewer shows in a form of its own. */
const SHOWN_LINES: Record<string, (line: string) => boolean> = {
  Outline: (line) => /^ *- /.test(line),
  Concepts: (line) => isEntry(line) || line.startsWith('Also mentioned: '),
  Entities: (line) => isEntry(line) || line.startsWith('Also mentioned: '),
  Related: isEntry,
  Source: (line) => /^- (?:Text|Original|Note): /.test(line),
}

/** What else is in those sections, such as a person's sentence or the attachments of a message. */
export function furtherLines({ summary }: DocumentData, markdown: MarkdownOptions): Html {
  const texts = Object.entries(SHOWN_LINES).flatMap(([heading, isShown]) => {
    const lines = sectionOf(summary, heading)?.body.split('\n') ?? []
    const text = lines
      .filter((line) => !isShown(line))
      .join('\n')
      .trim()
    return text === '' ? [] : [text]
  })
  if (texts.length === 0) return NOTHING
  return html`<section aria-labelledby="further">
    <h2 id="further">Also on this page</h2>
    <div class="prose">${texts.map((text) => renderMarkdown(text, { ...markdown, shift: 2 }).html)}</div>
  </section>`
}

/** Markdown without its escapes. */
export function renderPlain(text: string): Html {
  return html`${text.replace(/\\(?=[!-/:-@[-`{-~])/g, '')}`
}
