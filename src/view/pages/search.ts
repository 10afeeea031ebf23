// Search and answers as a page: works without the palette.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, trusted, type Html } from '../html.ts'
import type { FoundHit, HitKind, SearchChoices, SearchFound } from '../load/search.ts'
import { escapeText } from '../markdown/dialect.ts'
import { renderText } from '../markdown/formula.ts'
import { shell } from './shell.ts'
import { counted } from './words.ts'

export type SearchData = SearchFound & {
  filters: {
    kind?: HitKind | undefined
    format?: string | undefined
    language?: string | undefined
    theme?: string | undefined
    since?: string | undefined
  }
  choices: SearchChoices
  /** The words are a question to be answered. */
  ask: boolean
}

const KINDS: [HitKind, string][] = [
  ['document', 'Documents'],
  ['concept', 'Concepts'],
  ['entity', 'Entities'],
  ['other', 'Other pages'],
]

export function searchPage(data: SearchData, context: ViewContext): Html {
  const { words, hits, ask } = data
  const main = html` <header class="title"><h1>${ask ? 'Ask' : 'Search'}</h1></header>
    ${form(data, context)} ${ask ? answer(words, context) : NOTHING}
    ${
      words === ''
        ? html`<p class="note">Type words to find pages that have them, or a question.</p>`
        : hits.length === 0
          ? html`<p class="note">Nothing has these words. Fewer or other words may find more.</p>`
          : html`<section aria-labelledby="found">
              <h2 id="found">${ask ? 'Passages' : counted(hits.length, 'page')}</h2>
              <ol class="rows found">
                ${hits.map((hit) => row(hit, words, context))}
              </ol>
            </section>`
    }`
  return shell({ title: words === '' ? 'Search' : words, section: 'search', main }, context)
}

function row({ title, kind, where, passage, place }: FoundHit, words: string, { link }: ViewContext): Html {
  return html`<li>
    <a class="to-${kind}" href="${link(place)}">${title}</a>
    <span class="meta">${kind === 'other' ? '' : kind}${where === '' ? '' : html`, ${renderText(where)}`}</span>
    <p>${renderText(passage, (text) => lit(text, words))}</p>
  </li>`
}

/** The passage with the words of the query marked. */
export function lit(passage: string, words: string): Html {
  const parts = words.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1)
  if (parts.length === 0) return html`${passage}`
  const wanted = new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join('|')})`, 'giu')
  let shown = ''
  let from = 0
  for (const match of passage.matchAll(wanted)) {
    shown += `${escapeText(passage.slice(from, match.index))}<mark>${escapeText(match[0])}</mark>`
    from = match.index + match[0].length
  }
  return trusted(shown + escapeText(passage.slice(from)))
}

function form({ words, filters, choices, ask }: SearchData, { link, moment }: ViewContext): Html {
  const option = (value: string, label: string, chosen: string | undefined): Html =>
    html`<option value="${value}" ${value === (chosen ?? '') ? html`selected` : NOTHING}>${label}</option>`
  const select = (
    name: string,
    label: string,
    all: string,
    values: [string, string][],
    chosen: string | undefined,
  ): Html =>
    values.length < 2 && chosen === undefined
      ? NOTHING
      : html`<label
          >${label}
          <select name="${name}">
            ${option('', all, chosen)} ${values.map(([value, shown]) => option(value, shown, chosen))}
          </select></label
        >`
  return html`<form class="filters" action="${link({ kind: 'section', section: 'search', at: null })}">
    ${moment.pinned ? html`<input type="hidden" name="at" value="${moment.commit}" />` : NOTHING}
    ${ask ? html`<input type="hidden" name="ask" value="1" />` : NOTHING}
    <label class="words">Words <input type="search" name="q" value="${words}" /></label>
    ${select('kind', 'Kind', 'All', KINDS, filters.kind)}
    ${select(
      'format',
      'Format',
      'All',
      choices.formats.map((format) => [format, format]),
      filters.format,
    )}
    ${select(
      'language',
      'Language',
      'All',
      choices.languages.map((language) => [language, language]),
      filters.language,
    )}
    ${select(
      'theme',
      'Theme',
      'All',
      choices.themes.map(({ name, title }) => [name, title]),
      filters.theme,
    )}
    <label>Added since <input type="date" name="since" value="${filters.since ?? ''}" /></label>
    <button type="submit">${ask ? 'Ask' : 'Search'}</button>
  </form>`
}

/** Filled by an island, as the answer arrives. */
function answer(question: string, context: ViewContext): Html {
  const source = context.data('ask', { q: question })
  if (question === '' || source === undefined) return NOTHING
  return html`<section class="answer" aria-labelledby="answer" data-island="ask" data-source="${source}">
    <h2 id="answer">Answer</h2>
    <div class="prose" aria-live="polite" aria-busy="true"><p class="note">Reading…</p></div>
    <noscript><p class="note">Answers need JavaScript. The passages below do not.</p></noscript>
  </section>`
}
