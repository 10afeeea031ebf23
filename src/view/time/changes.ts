// What changed since a commit, a tag or a day: a list to read.
import { linkTarget } from '../../core/layout.ts'
import type { ChangedDocument, ChangedTopic, ChangesResult, TimelineEntry } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { ChangesData } from './load.ts'
import { entryLink, type PlaceOf } from '../pages/links.ts'
import { day, shell, time } from '../pages/shell.ts'
import { counted } from '../pages/words.ts'

/** Lines of a list that are shown at once. */
const SHOWN_MAX = 25

export function changesPage(data: ChangesData, context: ViewContext, placeOf: PlaceOf): Html {
  const { since, found, problem } = data
  const main = html`<header class="title"><h1>What changed</h1></header>
    ${sinceForm(since, context)} ${problem === undefined ? NOTHING : html`<p class="note" role="alert">${problem}</p>`}
    ${found === undefined ? recent(data.recent, context) : changes(found, context, placeOf)}`
  return shell({ title: 'What changed', section: 'timeline', main }, context)
}

function sinceForm(since: string, { link, moment, mode }: ViewContext): Html {
  if (mode === 'site') return NOTHING
  return html`<form class="since" action="${link({ kind: 'section', section: 'changes', at: null })}">
    <label for="since">since</label>
    <input id="since" name="since" value="${since}" placeholder="yesterday, 2 weeks ago, 2026-11-01, a tag or commit" />
    ${moment.pinned ? html`<input type="hidden" name="at" value="${moment.commit}" />` : NOTHING}
    <button type="submit">Show</button>
  </form>`
}

function recent(entries: readonly TimelineEntry[], { link }: ViewContext): Html {
  const before = entries.filter((entry) => entry.before !== null)
  if (before.length === 0) return html`<p>Nothing has changed since the base was created.</p>`
  return html`<h2>Since before …</h2>
    <ul class="rows">
      ${before.map(
        (entry) =>
          html`<li>
            <a href="${link({ kind: 'section', section: 'changes', query: { since: entry.before ?? '' } })}"
              >${entry.text}</a
            >
            <span class="meta">${time(entry.to)}</span>
          </li>`,
      )}
    </ul>`
}

function changes(found: ChangesResult, context: ViewContext, placeOf: PlaceOf): Html {
  const { documents, topics, edits } = found
  const from =
    found.since === null
      ? html`since the beginning`
      : html`since
          <a href="${context.link({ kind: 'section', section: 'home', at: found.since.commit })}"
            >${day(found.since.date)}</a
          >
          <code>${found.since.commit.slice(0, 8)}</code>`
  const nothing =
    [documents.added, documents.updated, documents.removed, topics.added, topics.changed, topics.removed, edits].every(
      (list) => list.length === 0,
    ) && topics.rewritten === 0
  return html`<p class="lead">${counted(found.commits, 'commit')} ${from}, by ${found.authors.join(', ')}.</p>
    ${nothing ? html`<p>Nothing in the wiki changed.</p>` : NOTHING}
    ${section(
      'added',
      'New documents',
      documents.added.map((one) => documentItem(one, context, placeOf)),
    )}
    ${section(
      'updated',
      'Updated documents',
      documents.updated.map((one) => documentItem(one, context, placeOf, found.since?.commit)),
    )}
    ${section(
      'removed',
      'Removed documents',
      documents.removed.map((one) => goneDocument(one, found, context)),
    )}
    ${section(
      'new-topics',
      'New topics and themes',
      topics.added.map((one) => topicItem(one, context, placeOf)),
    )}
    ${section(
      'grown',
      'Topics with more or fewer documents',
      topics.changed.map((one) => topicItem(one, context, placeOf, found.since?.commit)),
    )}
    ${section(
      'gone',
      'Topics that are gone',
      topics.removed.map((one) => html`<li><span class="gone">${one.title}</span></li>`),
    )}
    ${section(
      'edits',
      'Written by people',
      edits.map(
        ({ commit, date, author, message, pages }) =>
          html`<li>
            ${message} <span class="meta">${author} · ${time(date)} · <code>${commit.slice(0, 8)}</code></span>
            <p>
              ${pages.slice(0, 6).map((path, index) => html`${index === 0 ? '' : ', '}${pageLink(path, context, placeOf)}`)}
            </p>
          </li>`,
      ),
    )}
    ${
      topics.rewritten === 0
        ? NOTHING
        : html`<p class="meta">The text of ${counted(topics.rewritten, 'other topic')} changed.</p>`
    }`
}

function section(id: string, title: string, items: Html[]): Html {
  if (items.length === 0) return NOTHING
  const rest = items.slice(SHOWN_MAX)
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}">${title} <span class="count">${items.length}</span></h2>
    <ul class="rows tight">
      ${items.slice(0, SHOWN_MAX)}
    </ul>
    ${
      rest.length === 0
        ? NOTHING
        : html`<details class="more">
            <summary>${rest.length} more</summary>
            <ul class="rows tight">
              ${rest}
            </ul>
          </details>`
    }
  </section>`
}

function documentItem(
  { title, page, date }: ChangedDocument,
  context: ViewContext,
  placeOf: PlaceOf,
  since?: string,
): Html {
  return html`<li>
    ${entryLink({ path: page, label: title }, context, placeOf)}
    <span class="meta"
      >${date === undefined ? NOTHING : time(date)}${since === undefined ? NOTHING : html` · ${compareLink(page, since, context)}`}</span
    >
  </li>`
}

function goneDocument({ name, title, date }: ChangedDocument, { since }: ChangesResult, { link }: ViewContext): Html {
  const last = since === null ? undefined : link({ kind: 'document', name, at: since.commit })
  return html`<li>
    ${last === undefined ? title : html`<a class="to-document" href="${last}">${title}</a>`}
    <span class="meta">${date === undefined ? NOTHING : html`removed ${time(date)}`}</span>
  </li>`
}

function topicItem(
  { kind, title, page, before, after }: ChangedTopic,
  context: ViewContext,
  placeOf: PlaceOf,
  since?: string,
): Html {
  const sizes = before === 0 ? counted(after, 'document') : `${before} → ${counted(after, 'document')}`
  return html`<li>
    ${entryLink({ path: page, label: title }, context, placeOf)}
    <span class="meta"
      >${kind} · ${sizes}${since === undefined ? NOTHING : html` · ${compareLink(page, since, context)}`}</span
    >
  </li>`
}

function compareLink(page: string, from: string, { link, moment }: ViewContext): Html {
  return html`<a href="${link({ kind: 'history', path: linkTarget(page), query: { from, to: moment.commit } })}"
    >compare</a
  >`
}

function pageLink(path: string, context: ViewContext, placeOf: PlaceOf): Html {
  return entryLink({ path, label: linkTarget(path) }, context, placeOf)
}
