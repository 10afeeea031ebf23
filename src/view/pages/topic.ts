// A concept or an entity: its overview, then what each document says about it.
import type { ViewContext } from '../context.ts'
import { neighbourPicture } from '../graph/neighbours.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { frontText, withoutTitle } from '../load/entries.ts'
import type { TopicData } from '../load/topic.ts'
import { renderMarkdown, type Evidence, type MarkdownOptions } from '../markdown/render.ts'
import { headingId } from '../places.ts'
import { evidenceList } from './beside.ts'
import { frontMatter } from './front-matter.ts'
import { pageTools } from './page-tools.ts'
import { entryLink, type PlaceOf } from './links.ts'
import { shell } from './shell.ts'
import { counted } from './words.ts'

export function topicPage(data: TopicData, context: ViewContext, placeOf: PlaceOf): Html {
  const { kind, topic, page, sections } = data
  const title = frontText(page, 'title') ?? topic.name
  const evidence: Evidence[] = []
  const markdown: MarkdownOptions = { context, from: topic.path, placeOf, evidence, ids: new Set(), quotes: true }
  const overview = withoutTitle(data.overview)
  const main = html` <header class="title">
      <p class="kind to-${kind}">${kind === 'entity' ? (frontText(page, 'entity_type') ?? 'entity') : 'concept'}</p>
      <h1>${title}</h1>
      ${aliases(page.front['aliases'])}
    </header>
    <div class="prose">
      ${overview === '' ? NOTHING : html`<div class="overview">${renderMarkdown(overview, markdown).html}</div>`}
      ${sections.length === 0 ? html`<p class="note">No document writes about it at this moment.</p>` : NOTHING}
      ${sections.map(({ document, title: heading, body }) => {
        const id = `d-${document}`
        const place = placeOf(`wiki/summaries/${document}.md`)
        const text = renderMarkdown(body, { ...markdown, cites: document })
        return html`<section class="by-document" aria-labelledby="${id}">
          <h2 id="${id}">
            ${
              place === undefined
                ? html`<span class="gone">${heading}</span>`
                : html`<a class="to-document" href="${context.link(place)}">${heading}</a>`
            }
          </h2>
          ${text.html}
        </section>`
      })}
      ${data.others.map(
        ({ heading, body }) =>
          html`<section aria-labelledby="${headingId(heading)}">
            <h2 id="${headingId(heading)}">${heading}</h2>
            ${renderMarkdown(body, markdown).html}
          </section>`,
      )}
    </div>
    ${frontMatter(page.front)} ${pageTools(topic.path, context)}`
  const titles = new Map(sections.map(({ document, title: of }) => [document, of]))
  const aside = html` ${
    sections.length < 2
      ? NOTHING
      : html`<nav class="outline" aria-labelledby="by-document">
          <h2 id="by-document">${counted(sections.length, 'document')}</h2>
          <ul>
            ${sections.map(({ document, title: of }) => html`<li><a href="#d-${document}">${of}</a></li>`)}
          </ul>
        </nav>`
  }
  ${evidenceList(evidence, context, placeOf, (document) => titles.get(document) ?? document)}
  ${neighbourPicture(data.around, context)} ${linkedFrom(data, context, placeOf)}`
  return shell({ title, section: kind === 'concept' ? 'concepts' : 'entities', main, aside, page: topic.path }, context)
}

function aliases(value: unknown): Html {
  const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
  return names.length === 0 ? NOTHING : html`<p class="meta">Also: ${names.join(', ')}</p>`
}

function linkedFrom({ linkedFrom: pages }: TopicData, context: ViewContext, placeOf: PlaceOf): Html {
  if (pages.length === 0) return NOTHING
  return html`<section aria-labelledby="linked-from">
    <h2 id="linked-from">Linked from</h2>
    <ul class="plain">
      ${pages.map(({ path, name }) => html`<li>${entryLink({ path, label: name.replaceAll('-', ' ') }, context, placeOf)}</li>`)}
    </ul>
  </section>`
}
