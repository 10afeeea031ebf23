// How the base came to be: what each run and each person did, by day.
import type { TimelineEntry } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { TimelineData } from './load.ts'
import { day, shell } from '../pages/shell.ts'
import { counted } from '../pages/words.ts'
import { clock, entryMark } from './marks.ts'

/** Documents of an entry that are named at once. */
const NAMED_MAX = 5

export function timelinePage(data: TimelineData, context: ViewContext): Html {
  const main = html`<header class="title">
      <h1>Timeline</h1>
      <p class="lead">
        How this base came to be.
        <a href="${context.link({ kind: 'section', section: 'changes' })}">What changed since…</a>
      </p>
    </header>
    ${[...byDay(data.entries)].map(
      ([date, entries]) =>
        html`<section class="day" aria-labelledby="d-${date}">
          <h2 id="d-${date}">${day(date)}</h2>
          <ol class="entries">
            ${entries.map((entry) => entryItem(entry, data, context))}
          </ol>
        </section>`,
    )}
    ${parts(data, context)}`
  return shell({ title: 'Timeline', section: 'timeline', main }, context)
}

function byDay(entries: readonly TimelineEntry[]): Map<string, TimelineEntry[]> {
  const days = new Map<string, TimelineEntry[]>()
  for (const entry of entries) {
    const date = entry.to.slice(0, 10)
    days.set(date, [...(days.get(date) ?? []), entry])
  }
  return days
}

function entryItem(entry: TimelineEntry, data: TimelineData, context: ViewContext): Html {
  const commit = entry.commits[0]?.commit ?? ''
  const since = entry.before
  return html`<li class="entry mark-${entryMark(entry)}">
    <p>${sentences(entry, data, context)}</p>
    <p class="meta">
      ${clock(entry.to)} · ${entry.authors.join(', ')} · ${counted(entry.commits.length, 'commit')} ·
      <a href="${context.link({ kind: 'section', section: 'home', at: commit })}">The base then</a>
      ${
        since === null
          ? NOTHING
          : html`·
              <a href="${context.link({ kind: 'section', section: 'changes', query: { since }, at: commit })}"
                >What it changed</a
              >`
      }
    </p>
  </li>`
}

function sentences(entry: TimelineEntry, data: TimelineData, context: ViewContext): Html[] {
  const lists = [
    ['Added', entry.added],
    ['Updated', entry.updated],
    ['Compiled again', entry.recompiled],
    ['Removed', entry.removed],
  ] as const
  const said = lists
    .filter(([, names]) => names.length > 0)
    .map(([verb, names]) => html`${verb} ${documents(names, data, context)} `)
  if (said.length === 0) return [html`${entry.text}`]
  if (entry.edits > 0) said.push(html`Edits of ${entry.authors[0] ?? 'a person'} were kept.`)
  return said
}

function documents(names: readonly string[], { titles }: TimelineData, { link }: ViewContext): Html {
  const shown = names.map((name) => {
    const title = titles.get(name)
    if (title === undefined) return html`<span class="gone">${name}</span>`
    return html`<a class="to-document" href="${link({ kind: 'document', name })}">${title}</a>`
  })
  const first = shown.slice(0, NAMED_MAX)
  const listed = first.map((item, index) => html`${index === 0 ? '' : ', '}${item}`)
  if (shown.length <= NAMED_MAX) return html`${listed}.`
  return html`${counted(names.length, 'document')}: ${listed} …
    <details class="more">
      <summary>All ${counted(names.length, 'document')}</summary>
      <ul class="plain columns">
        ${shown.map((item) => html`<li>${item}</li>`)}
      </ul>
    </details>`
}

function parts({ part, parts: all }: TimelineData, { link }: ViewContext): Html {
  if (all === 1) return NOTHING
  const to = (n: number, label: string): Html =>
    n < 1 || n > all
      ? NOTHING
      : html`<a href="${link({ kind: 'section', section: 'timeline', query: { part: String(n) } })}">${label}</a>`
  return html`<nav class="parts apart" aria-label="Parts of the timeline">
    ${to(part - 1, '← Newer')} <span class="meta">${part} of ${all}</span> ${to(part + 1, 'Older →')}
  </nav>`
}
