// Search and answers as a page: works without the palette.
import { FUNCTION_WORDS } from '../../core/search/words.ts'
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
  const all = words.split(/[^\p{L}\p{N}]+/u).filter((word) => word.length > 1)
  // "What is a falcon?" looks for falcons.
  const telling = all.filter((word) => !FUNCTION_WORDS.has(word.toLowerCase()))
  const parts = telling.length === 0 ? all : telling
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
  return html`<form class="filters" action="${link({ kind: 'section', section: 'search', at: null })}">
    ${moment.pinned ? html`<input type="hidden" name="at" value="${moment.commit}" />` : NOTHING}
    ${ask ? html`<input type="hidden" name="ask" value="1" />` : NOTHING}
    <label class="words">${ask ? 'Question' : 'Words'} <input type="search" name="q" value="${words}" /></label>
    <button type="submit">${ask ? 'Ask' : 'Search'}</button>
    ${ask ? NOTHING : filterFields(filters, choices)}
  </form>`
}

/** They are for pages: an answer is of the whole base. */
function filterFields({ kind, format, language, theme, since }: SearchData['filters'], choices: SearchChoices): Html {
  const same = (value: string): [string, string] => [value, value]
  const themes = choices.themes.map(({ name, title }): [string, string] => [name, title])
  return html`${select('kind', 'Kind', KINDS, kind)} ${select('format', 'Format', choices.formats.map(same), format)}
    ${select('language', 'Language', choices.languages.map(same), language)} ${select('theme', 'Theme', themes, theme)}
    <label>Added since <input type="date" name="since" value="${since ?? ''}" /></label>`
}

function select(name: string, label: string, values: readonly [string, string][], chosen: string | undefined): Html {
  if (values.length < 2 && chosen === undefined) return NOTHING
  const option = (value: string, shown: string): Html =>
    html`<option value="${value}" ${value === (chosen ?? '') ? html`selected` : NOTHING}>${shown}</option>`
  return html`<label
    >${label}
    <select name="${name}">
      ${option('', 'All')} ${values.map(([value, shown]) => option(value, shown))}
    </select></label
  >`
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
