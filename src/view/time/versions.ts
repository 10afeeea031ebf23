// The versions of a page in the static site: everything on one page, because there is no server to compare two of them.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { day, shell } from '../pages/shell.ts'
import { counted } from '../pages/words.ts'
import type { SiteVersion, SiteVersions } from '../site/site-versions.ts'
import { placeOfPath } from '../wiki-places.ts'
import { inline } from './history.ts'
import { clock, markOf, operationWords } from './marks.ts'

/** Rows of one difference. */
const ROWS_MAX = 200

export function versionsPage({ path, title, total, versions }: SiteVersions, context: ViewContext): Html {
  const page = placeOfPath(path)
  const left = total - versions.length
  const main = html`<header class="title">
      <p class="kind">History</p>
      <h1>${title}</h1>
    </header>
    <p class="meta page-tools">${page === undefined ? NOTHING : html`<a href="${context.link(page)}">The page</a>`}</p>
    <section class="differences" aria-labelledby="versions">
      <h2 id="versions">${counted(total, 'version')}</h2>
      <ol class="entries">
        ${versions.map((version) => entry(version))}
      </ol>
      ${left === 0 ? NOTHING : html`<p class="meta">${counted(left, 'earlier version')} not shown here.</p>`}
      <p class="meta">
        In the base, <code>kbgit view</code> shows each version whole, and <code>kbgit blame ${path}</code> who wrote
        what.
      </p>
    </section>`
  return shell({ title: `History of ${title}`, section: 'timeline', main, measure: 'wide' }, context)
}

function entry({ commit: { commit, date, author, operation, documents, message }, difference }: SiteVersion): Html {
  const subject = (message.split('\n')[0] ?? '').replace(/^\w+: /, '')
  return html`<li class="entry mark-${markOf(operation)}">
    ${operationWords(operation)}${documents.length > 0 ? `: ${documents.join(', ')}` : ''}
    ${documents.length > 0 ? NOTHING : html`<span>${subject}</span>`}
    <span class="meta">${day(date)}, ${clock(date)} · ${author} · <code>${commit.slice(0, 8)}</code></span>
    ${difference === undefined ? NOTHING : changes(difference)}
  </li>`
}

function changes({ added, removed, rows }: NonNullable<SiteVersion['difference']>): Html {
  if (rows.every(({ kind }) => kind === 'same')) return NOTHING
  return html`<details class="more">
    <summary>${counted(added, 'word')} came, ${counted(removed, 'word')} went</summary>
    ${inline(rows, ROWS_MAX)}
  </details>`
}
