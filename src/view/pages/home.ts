// The first page: what the base is about, its themes, its newest documents, how it grew.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { HomeData, ThemeTile } from '../load/home.ts'
import { renderInline, renderMarkdown, type MarkdownOptions } from '../markdown/render.ts'
import { INDEX_PAGE } from '../../core/layout.ts'
import { growthChart } from './growth.ts'
import { entryLink, type PlaceOf } from './links.ts'
import { day, shell, time } from './shell.ts'
import { counted } from './words.ts'

export function homePage(data: HomeData, context: ViewContext, placeOf: PlaceOf): Html {
  if (data.counts.documents === 0) return emptyHome(context)
  const markdown: MarkdownOptions = { context, from: INDEX_PAGE, placeOf, quotes: true }
  const main = html` <header class="title">
      <h1>${context.base.name}</h1>
      <p class="lead">${sentence(data, context, placeOf)}</p>
    </header>
    ${data.intro === '' ? NOTHING : renderMarkdown(data.intro, markdown).html}
    ${
      data.themes.length === 0
        ? NOTHING
        : html`<section aria-labelledby="themes">
            <h2 id="themes">Themes</h2>
            <ul class="tiles">
              ${data.themes.map((theme) => tile(theme, markdown))}
            </ul>
          </section>`
    }
    <section aria-labelledby="newest">
      <h2 id="newest">Newest documents</h2>
      <ul class="rows">
        ${data.newest.map(
          ({ document, says }) =>
            html`<li>
              <a class="to-document" href="${context.link({ kind: 'document', name: document.name })}"
                >${document.title}</a
              >
              <span class="meta">${document.format} · ${time(document.addedAt)}</span>
              ${says === '' ? NOTHING : html`<p>${renderInline(says, markdown)}</p>`}
            </li>`,
        )}
      </ul>
      <p>
        <a href="${context.link({ kind: 'section', section: 'documents' })}"
          >All ${counted(data.counts.documents, 'document')}</a
        >
      </p>
    </section>`
  return shell({ title: '', section: 'home', main, aside: beside(data, context, placeOf), measure: 'wide' }, context)
}

/** One sentence of what the base is about. */
function sentence({ counts, themes }: HomeData, context: ViewContext, placeOf: PlaceOf): Html {
  const { link } = context
  const to = (section: 'documents' | 'concepts' | 'entities', words: string) =>
    html`<a href="${link({ kind: 'section', section })}">${words}</a>`
  const about = themes
    .slice(0, 3)
    // A theme's name has an "and" of its own.
    .map((theme, index) => html`${index === 0 ? '' : '; '}${entryLink(theme, context, placeOf)}`)
  return html`${to('documents', counted(counts.documents, 'document'))} with
  ${to('concepts', counted(counts.concepts, 'concept'))} and
  ${to('entities', counted(counts.entities, 'entity', 'entities'))}${
    about.length === 0 ? '.' : html`. Its largest themes: ${about}.`
  }`
}

function tile(theme: ThemeTile, markdown: MarkdownOptions): Html {
  const { context, placeOf } = markdown
  return html`<li class="tile">
    <h3>${entryLink(theme, context, placeOf)}</h3>
    <p>${renderInline(firstSentence(theme.says), markdown)}</p>
    <ul class="inline">
      ${theme.topics.map((topic) => html`<li>${entryLink(topic, context, placeOf)}</li>`)}
    </ul>
  </li>`
}

function firstSentence(says: string): string {
  return says.replace(/\. At its centre:.*$/, '.')
}

function beside(data: HomeData, context: ViewContext, placeOf: PlaceOf): Html {
  return html` <section aria-labelledby="joins">
      <h2 id="joins">Topics that join most</h2>
      <ol class="joins">
        ${data.topics.map(
          (topic) =>
            html`<li>
              ${entryLink(topic, context, placeOf)} <span class="meta">${topic.says.replace(/ documents?$/, '')}</span>
            </li>`,
        )}
      </ol>
    </section>
    <section aria-labelledby="growth">
      <h2 id="growth">Growth</h2>
      ${growthChart(data.growth)}
    </section>
    ${
      context.mode === 'site'
        ? NOTHING
        : html`<section aria-labelledby="health">
            <h2 id="health">Health</h2>
            <p class="health-line" data-island="health" data-source="${context.data('health') ?? ''}">
              <a href="${context.link({ kind: 'section', section: 'health' })}">Look at the health of the base</a>
            </p>
          </section>`
    }`
}

function emptyHome(context: ViewContext): Html {
  const main = html`<header class="title">
      <h1>${context.base.name}</h1>
      <p class="lead">There are no documents yet${context.moment.pinned ? ` on ${day(context.moment.date)}` : ''}.</p>
    </header>
    <p>Add files, folders or web pages from a terminal, and they appear here:</p>
    <div class="code">
      <pre tabindex="0"><code>kbgit add paper.pdf notes/ https://example.org/article</code></pre>
    </div>`
  return shell({ title: '', section: 'home', main }, context)
}
