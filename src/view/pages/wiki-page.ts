// Pages of the wiki as they are written: themes, explorations, reports, a person's own.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { withoutTitle } from '../load/entries.ts'
import type { ThemeListing, WikiPageData } from '../load/wiki-page.ts'
import { renderInline, renderMarkdown, type Evidence, type Heading, type MarkdownOptions } from '../markdown/render.ts'
import { headingId, type Section } from '../places.ts'
import { evidenceList, onThisPage } from './beside.ts'
import { frontMatter } from './front-matter.ts'
import { pageTools } from './page-tools.ts'
import type { PlaceOf } from './links.ts'
import { shell } from './shell.ts'
import { counted } from './words.ts'

export function wikiPage(data: WikiPageData, context: ViewContext, placeOf: PlaceOf): Html {
  const { path, kind, title, page } = data
  const evidence: Evidence[] = []
  const markdown: MarkdownOptions = { context, from: path, placeOf, evidence, ids: new Set(), quotes: true }
  const headings: Heading[] = page.sections.map(({ heading }) => ({ level: 2, text: heading, id: headingId(heading) }))
  const intro = withoutTitle(page.intro)
  const main = html` <header class="title">
      ${kind === 'page' ? NOTHING : html`<p class="kind to-${kind}">${kind}</p>`}
      <h1>${title}</h1>
    </header>
    <div class="prose">
      ${renderMarkdown(intro, markdown).html}
      ${page.sections.map(
        ({ heading, body }) =>
          html`<section aria-labelledby="${headingId(heading)}">
            <h2 id="${headingId(heading)}">${renderInline(heading, markdown)}</h2>
            ${renderMarkdown(body, markdown).html}
          </section>`,
      )}
    </div>
    ${frontMatter(page.front)} ${pageTools(path, context)}`
  const aside = html`${onThisPage(headings)} ${evidenceList(evidence, context, placeOf)}`
  const section: Section | undefined = kind === 'theme' ? 'themes' : undefined
  return shell({ title, section, main, aside, page: path }, context)
}

export function themesPage(themes: ThemeListing, context: ViewContext, placeOf: PlaceOf): Html {
  const markdown: MarkdownOptions = { context, from: 'wiki/index.md', placeOf, quotes: true }
  const main = html` <header class="title">
      <h1>Themes</h1>
      <p class="lead">
        ${
          themes.length === 0
            ? 'There are none yet: a theme is made of documents that share topics.'
            : `${counted(themes.length, 'group')} of documents that share topics.`
        }
      </p>
    </header>
    <ul class="tiles">
      ${themes.map(
        ({ name, title, says }) =>
          html`<li class="tile">
            <h2 class="name"><a class="to-theme" href="${context.link({ kind: 'theme', name })}">${title}</a></h2>
            <p>${renderInline(says, markdown)}</p>
          </li>`,
      )}
    </ul>`
  return shell({ title: 'Themes', section: 'themes', main, measure: 'wide' }, context)
}
