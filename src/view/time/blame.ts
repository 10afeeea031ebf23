// Who wrote each passage of a page: a coloured margin with the document, the commit, and the model or person.
import { linkTarget } from '../../core/layout.ts'
import type { Passage } from '../../core/history/passages.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { BlameData } from './load.ts'
import { renderMarkdown } from '../markdown/render.ts'
import { placeOfPath } from '../wiki-places.ts'
import type { PlaceOf } from '../pages/links.ts'
import { day, shell } from '../pages/shell.ts'
import { operationWords } from './marks.ts'

/** Hues of the margin, given to documents in the order in which they appear. */
const HUES = 8

export function blamePage({ path, page, title, passages }: BlameData, context: ViewContext, placeOf: PlaceOf): Html {
  const hues = new Map<string, number>()
  const hueOf = (passage: Passage): number => {
    const key = isPerson(passage) ? `person ${passage.author}` : (passage.document ?? passage.operation)
    if (!hues.has(key)) hues.set(key, hues.size % HUES)
    return hues.get(key) ?? 0
  }
  const ids = new Set<string>()
  const place = placeOfPath(page)
  const main = html`<header class="title">
      <p class="kind">Who wrote what</p>
      <h1>${title}</h1>
    </header>
    <p class="meta page-tools">
      ${place === undefined ? NOTHING : html`<a href="${context.link(place)}">The page without the margin</a> · `}<a
        href="${context.link({ kind: 'history', path })}"
        >History</a
      >
    </p>
    <div class="blame">
      ${passages.map(
        (passage) =>
          html`<section class="passage hue-${hueOf(passage)} ${isPerson(passage) ? 'by-person' : ''}">
            <div class="origin">${origin(passage, page, context, placeOf)}</div>
            <div class="prose">
              ${renderMarkdown(passage.text, { context, from: page, placeOf, ids, cites: passage.document, shift: 1, quotes: !isPerson(passage) }).html}
            </div>
          </section>`,
      )}
    </div>`
  return shell({ title: `Who wrote ${title}`, main, measure: 'wide' }, context)
}

/** A commit that kbgit did not make, or made of a person's edits. */
function isPerson({ operation }: Passage): boolean {
  return operation === 'edit' || operation === 'commit'
}

function origin(passage: Passage, page: string, context: ViewContext, placeOf: PlaceOf): Html {
  const { document, commit, date, operation, model, author } = passage
  const place = document === undefined ? undefined : placeOf(`wiki/summaries/${document}.md`)
  const by = isPerson(passage)
    ? html`by ${author}`
    : html`${operationWords(operation)}${model === undefined ? '' : `, ${model}`}`
  const then = context.link({ kind: 'history', path: linkTarget(page), query: { from: `${commit}~1`, to: commit } })
  return html`${
      document === undefined || isPerson(passage)
        ? NOTHING
        : place === undefined
          ? html`<span class="gone">${document}</span>`
          : html`<a class="to-document" href="${context.link(place)}">${document}</a>`
    }
    <span>${by}</span>
    <span class="meta"
      >${day(date)} ·
      ${context.mode === 'live' ? html`<a href="${then}"><code>${commit.slice(0, 8)}</code></a>` : html`<code>${commit.slice(0, 8)}</code>`}</span
    >`
}
