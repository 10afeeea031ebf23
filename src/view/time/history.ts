// The versions of a page, and the differences between two of them, side by side or inline.
import type { Comparison, DifferenceLine, DifferenceRow, LogCommit } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import type { HistoryData } from './load.ts'
import type { Place } from '../places.ts'
import { placeOfPath } from '../wiki-places.ts'
import { day, shell } from '../pages/shell.ts'
import { counted } from '../pages/words.ts'
import { clock, markOf, operationWords } from './marks.ts'

type Side = 'side' | 'inline'

/** Equal lines that are shown around a difference. */
const CONTEXT_LINES = 2

export function historyPage(data: HistoryData, view: Side, context: ViewContext): Html {
  const { comparison, commits, title } = data
  const page = comparison === undefined ? undefined : placeOfPath(comparison.page)
  const main = html`<header class="title">
      <p class="kind">History</p>
      <h1>${title}</h1>
    </header>
    <p class="meta page-tools">
      ${page === undefined ? NOTHING : html`<a href="${context.link(page)}">The page</a> · `}<a
        href="${context.link({ kind: 'blame', path: data.path })}"
        >Who wrote what</a
      >
    </p>
    ${comparison === undefined ? html`<p>There is one version of this page.</p>` : differencesOf(comparison, data, view, context)}
    ${versions(commits, data, page, view, context)}`
  return shell({ title: `History of ${title}`, section: 'timeline', main, measure: 'wide' }, context)
}

function differencesOf(comparison: Comparison, data: HistoryData, view: Side, context: ViewContext): Html {
  const { from, to, added, removed, rows } = comparison
  const other: Side = view === 'side' ? 'inline' : 'side'
  const query = { from: from?.commit, to: to?.commit, view: other }
  const none = from === null ? 'The page did not exist.' : 'The page does not exist any more.'
  return html`<section class="differences" aria-labelledby="differences">
    <h2 id="differences">Differences</h2>
    <p class="meta">
      ${versionName(from)} → ${versionName(to)}: <ins>${counted(added, 'word')}</ins> came,
      <del>${counted(removed, 'word')}</del> went ·
      <a href="${context.link({ kind: 'history', path: data.path, query })}"
        >${other === 'side' ? 'Side by side' : 'Inline'}</a
      >
    </p>
    ${from === null || to === null ? html`<p class="note">${none}</p>` : NOTHING}
    ${
      rows.every(({ kind }) => kind === 'same')
        ? html`<p>The two versions are the same.</p>`
        : view === 'side'
          ? sideBySide(rows)
          : inline(rows)
    }
  </section>`
}

function versionName(version: Comparison['from']): Html {
  if (version === null) return html`nothing`
  return html`${day(version.date)}, ${clock(version.date)} <code>${version.commit.slice(0, 8)}</code>`
}

/** Rows near a difference; a number stands for the equal lines between. */
function shown(rows: readonly DifferenceRow[]): (DifferenceRow | number)[] {
  const near = rows.map((_, index) =>
    rows.slice(Math.max(0, index - CONTEXT_LINES), index + CONTEXT_LINES + 1).some(({ kind }) => kind !== 'same'),
  )
  const kept: (DifferenceRow | number)[] = []
  for (const [index, row] of rows.entries()) {
    const last = kept.at(-1)
    if (near[index] === true) kept.push(row)
    else if (typeof last === 'number') kept[kept.length - 1] = last + 1
    else kept.push(1)
  }
  return kept
}

function sideBySide(rows: readonly DifferenceRow[]): Html {
  return html`<div class="table" tabindex="0" role="region" aria-label="Both versions">
    <table class="diff side">
      <caption class="visually-hidden">
        Line and text before, line and text after
      </caption>
      <colgroup>
        <col class="number" />
        <col />
        <col class="number" />
        <col />
      </colgroup>
      <tbody>
        ${shown(rows).map((row) =>
          typeof row === 'number'
            ? html`<tr class="skipped">
                <td colspan="4">${counted(row, 'equal line')}</td>
              </tr>`
            : html`<tr>
                ${cells(row.kind === 'added' ? undefined : row.before, row.kind === 'same' ? undefined : 'del')}
                ${cells(row.kind === 'removed' ? undefined : row.after, row.kind === 'same' ? undefined : 'ins')}
              </tr>`,
        )}
      </tbody>
    </table>
  </div>`
}

/** At most `max` rows; what is left out is counted. */
export function inline(rows: readonly DifferenceRow[], max = Infinity): Html {
  const kept = shown(rows)
  const line = (side: DifferenceLine, mark: 'ins' | 'del' | undefined): Html =>
    html`<tr>
      ${cells(side, mark)}
    </tr>`
  return html`<div class="table" tabindex="0" role="region" aria-label="Both versions in one">
    <table class="diff inline">
      <colgroup>
        <col class="number" />
        <col />
      </colgroup>
      <tbody>
        ${kept.slice(0, max).map((row) => {
          if (typeof row === 'number')
            return html`<tr class="skipped">
              <td colspan="2">${counted(row, 'equal line')}</td>
            </tr>`
          if (row.kind === 'same') return line(row.after, undefined)
          return html`${row.kind === 'added' ? NOTHING : line(row.before, 'del')}${row.kind === 'removed' ? NOTHING : line(row.after, 'ins')}`
        })}
        ${
          kept.length > max
            ? html`<tr class="skipped">
                <td colspan="2">${counted(kept.length - max, 'further line')}</td>
              </tr>`
            : NOTHING
        }
      </tbody>
    </table>
  </div>`
}

function cells(line: DifferenceLine | undefined, mark: 'ins' | 'del' | undefined): Html {
  if (line === undefined)
    return html`<td class="number"></td>
      <td class="none"></td>`
  const sign = mark === 'ins' ? '+' : mark === 'del' ? '−' : ''
  const parts = line.parts.map(({ text, changed }) => {
    if (!changed) return html`${text}`
    return mark === 'ins' ? html`<ins>${text}</ins>` : html`<del>${text}</del>`
  })
  return html`<td class="number">${line.line}</td>
    <td class="${mark ?? 'same'}" data-sign="${sign}">${parts}</td>`
}

function versions(
  commits: readonly LogCommit[],
  { path, comparison }: HistoryData,
  page: Place | undefined,
  view: Side,
  context: ViewContext,
): Html {
  const { link, moment, mode } = context
  const place: Place = page ?? { kind: 'history', path }
  const radio = (name: 'from' | 'to', commit: string): Html => {
    const chosen = (name === 'from' ? comparison?.from : comparison?.to)?.commit === commit
    const label = `${name === 'from' ? 'Compare from' : 'Compare to'} ${commit.slice(0, 8)}`
    return html`<input
      type="radio"
      name="${name}"
      value="${commit}"
      aria-label="${label}"
      ${chosen ? html`checked` : NOTHING}
    />`
  }
  const choosable = commits.length > 1 && mode === 'live'
  return html`<section aria-labelledby="versions">
    <h2 id="versions">${counted(commits.length, 'version')}</h2>
    <form class="versions" action="${link({ kind: 'history', path, at: null })}">
      ${moment.pinned ? html`<input type="hidden" name="at" value="${moment.commit}" />` : NOTHING}
      ${view === 'inline' ? html`<input type="hidden" name="view" value="inline" />` : NOTHING}
      <ol class="entries">
        ${commits.map(
          ({ commit, date, author, operation, documents, message }) =>
            html`<li class="entry mark-${markOf(operation)}">
              ${choosable ? html`<span class="choose">${radio('from', commit)}${radio('to', commit)}</span>` : NOTHING}
              <a href="${link({ ...place, at: commit })}"
                >${operationWords(operation)}${documents.length > 0 ? `: ${documents.join(', ')}` : ''}</a
              >
              ${documents.length > 0 ? NOTHING : html`<span>${(message.split('\n')[0] ?? '').replace(/^\w+: /, '')}</span>`}
              <span class="meta">${day(date)}, ${clock(date)} · ${author} · <code>${commit.slice(0, 8)}</code></span>
            </li>`,
        )}
      </ol>
      ${choosable ? html`<button type="submit">Compare the two chosen</button>` : NOTHING}
    </form>
  </section>`
}
