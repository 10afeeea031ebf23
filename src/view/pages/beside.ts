// What stands beside the text of a page: its headings, its sources, the pages that link to it.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { outsideFormula, renderText } from '../markdown/formula.ts'
import { placeOfEvidence, type Evidence, type Heading } from '../markdown/render.ts'
import type { PlaceOf } from './links.ts'

export function onThisPage(headings: readonly Heading[]): Html {
  if (headings.length < 2) return NOTHING
  const top = Math.min(...headings.map(({ level }) => level))
  return html`<nav class="outline" aria-labelledby="on-this-page">
    <h2 id="on-this-page">On this page</h2>
    <ul>
      ${headings
        .filter(({ level }) => level <= top + 1)
        .map(
          ({ id, text, level }) => html`<li class="level-${level - top}"><a href="#${id}">${renderText(text)}</a></li>`,
        )}
    </ul>
  </nav>`
}

/** The sources of a page by the numbers of their marks. Printed at the end of the page. */
export function evidenceList(
  evidence: readonly Evidence[],
  context: ViewContext,
  placeOf: PlaceOf,
  titleOf: (document: string) => string = (document) => document,
): Html {
  if (evidence.length === 0) return NOTHING
  return html`<section class="evidence" aria-labelledby="evidence">
    <h2 id="evidence">Evidence</h2>
    <ol data-island="citations">
      ${evidence.map((item) => {
        const summary = placeOf(`wiki/summaries/${item.document}.md`)
        const label = item.page === undefined ? (item.heading ?? item.label) : `p. ${item.page}`
        const name = [titleOf(item.document), label].filter((part) => part !== '').join(', ')
        return html`<li
          id="cite-${item.number}"
          data-document="${item.document}"
          data-passage="${passageAddress(item, context)}"
        >
          ${
            summary === undefined
              ? html`<span class="gone">${renderText(name)}</span>`
              : html`<a class="to-document" href="${context.link(placeOfEvidence(item, summary, context))}"
                  >${renderText(name)}</a
                >`
          }
          <q>${renderText(shortened(item.words))}</q>
        </li>`
      })}
    </ol>
  </section>`
}

/** Where the words around the quote are to be had; '' where there is no server. */
function passageAddress({ document, page, words }: Evidence, context: ViewContext): string {
  const query = {
    document,
    words: words.slice(0, QUERY_CHARS_MAX),
    ...(page === undefined ? {} : { page: String(page) }),
  }
  return context.data('passage', query) ?? ''
}

const QUERY_CHARS_MAX = 600
const QUOTE_CHARS_MAX = 160

function shortened(words: string): string {
  if (words.length <= QUOTE_CHARS_MAX) return words
  const cut = words.slice(0, outsideFormula(words, QUOTE_CHARS_MAX, 'before'))
  const space = cut.lastIndexOf(' ')
  return `${cut.slice(0, space < QUOTE_CHARS_MAX / 2 ? cut.length : outsideFormula(cut, space, 'after'))}…`
}
