// Lists of documents, concepts and entities.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { DocumentListing, Listing, TopicListing } from '../load/listing.ts'
import { renderText } from '../markdown/formula.ts'
import type { Place, Section } from '../places.ts'
import { shell, time } from './shell.ts'
import { counted } from './words.ts'

type Query = Record<string, string | undefined>

export function documentsPage(data: DocumentListing, context: ViewContext): Html {
  const { format, formats, order, total } = data
  const to = (query: Query): string => context.link(listed('documents', { format, sort: order, ...query }))
  const main = html` <header class="title">
      <h1>Documents</h1>
      <p class="lead">
        ${counted(total, 'document')}${format === undefined ? NOTHING : html` in ${format.toUpperCase()}`}
      </p>
    </header>
    <nav class="choices" aria-label="Order and format">
      ${choice('Newest first', to({ sort: undefined }), order === 'newest')}
      ${choice('By title', to({ sort: 'title' }), order === 'title')}
      ${
        formats.length < 2
          ? NOTHING
          : html`<span class="gap"></span
              >${choice('All', to({ format: undefined }), format === undefined)}${formats.map(([name, count]) =>
                choice(`${name} ${count}`, to({ format: name }), format === name),
              )}`
      }
    </nav>
    ${total === 0 ? html`<p class="note">There are none at this moment.</p>` : NOTHING}
    <ul class="rows">
      ${data.rows.map(
        ({ item, title, says }) =>
          html`<li>
            <a class="to-document" href="${context.link({ kind: 'document', name: item.name })}">${title}</a>
            <span class="meta"
              >${item.format}${item.pages === undefined ? '' : `, ${counted(item.pages, 'page')}`} ·
              ${time(item.addedAt)}</span
            >
            ${says === undefined ? NOTHING : html`<p>${renderText(says)}</p>`}
          </li>`,
      )}
    </ul>
    ${pager(data, (page) => to({ page }))}`
  return shell({ title: 'Documents', section: 'documents', main }, context)
}

export function topicsPage(data: TopicListing, context: ViewContext): Html {
  const { kind, order, total } = data
  const section: Section = kind === 'concept' ? 'concepts' : 'entities'
  const to = (query: Query): string => context.link(listed(section, { sort: order, ...query }))
  const title = kind === 'concept' ? 'Concepts' : 'Entities'
  const main = html` <header class="title">
      <h1>${title}</h1>
      <p class="lead">${kind === 'concept' ? counted(total, 'concept') : counted(total, 'entity', 'entities')}</p>
    </header>
    <nav class="choices" aria-label="Order">
      ${choice('Those that join most', to({ sort: undefined }), order === 'joins')}
      ${choice('By name', to({ sort: 'name' }), order === 'name')}
    </nav>
    ${total === 0 ? html`<p class="note">There are none at this moment.</p>` : NOTHING}
    <ul class="rows">
      ${data.rows.map(
        ({ item, title: name, says }) =>
          html`<li>
            <a class="to-${kind}" href="${context.link({ kind, name: item.name })}">${name}</a>
            <span class="meta">${counted(item.sources, 'document')}</span>
            ${says === undefined ? NOTHING : html`<p>${renderText(says)}</p>`}
          </li>`,
      )}
    </ul>
    ${pager(data, (page) => to({ page }))}`
  return shell({ title, section, main }, context)
}

/** The defaults are not in the address. */
function listed(section: Section, { sort, ...query }: Query): Place {
  const named = sort === 'newest' || sort === 'joins' ? undefined : sort
  return { kind: 'section', section, query: { ...query, sort: named } }
}

export function choice(label: string, address: string, chosen: boolean): Html {
  return html`<a href="${address}" ${chosen ? html`aria-current="true"` : NOTHING}>${label}</a>`
}

function pager(
  { page, pages }: Pick<Listing<unknown, unknown>, 'page' | 'pages'>,
  to: (page?: string) => string,
): Html {
  if (pages < 2) return NOTHING
  const address = (number: number): string => to(number === 1 ? undefined : String(number))
  return html`<nav class="pager" aria-label="Pages of the list">
    ${page > 1 ? html`<a rel="prev" href="${address(page - 1)}">Previous</a>` : NOTHING}
    <span class="meta">${page} of ${pages}</span>
    ${page < pages ? html`<a rel="next" href="${address(page + 1)}">Next</a>` : NOTHING}
  </nav>`
}
