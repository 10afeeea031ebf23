// The page around every page: bar, navigation, main text, and what stands beside it. Works without JavaScript.
import type { ViewContext } from '../context.ts'
import { html, NOTHING, type Html } from '../html.ts'
import { FOLDERS, type Place, type Section } from '../places.ts'

export type PageParts = {
  /** Names the page in the window's title, before the base. */
  title: string
  main: Html
  /** What stands beside the text, or below it on a narrow screen. */
  aside?: Html | undefined
  /** The entry of the navigation that the page belongs to. */
  section?: Section | undefined
  /** The page of the wiki that it shows, and the document: what `--write` can edit and remove. */
  page?: string | undefined
  document?: string | undefined
  /** `reading` (default): a column of text. `wide`: all the room there is. */
  measure?: 'reading' | 'wide'
}

const SECTIONS: { section: Section; label: string; keys: string }[] = [
  { section: 'home', label: 'Home', keys: 'g h' },
  { section: 'themes', label: 'Themes', keys: 'g t' },
  { section: 'documents', label: 'Documents', keys: 'g d' },
  { section: 'concepts', label: 'Concepts', keys: 'g c' },
  { section: 'entities', label: 'Entities', keys: 'g e' },
  { section: 'graph', label: 'Graph', keys: 'g g' },
  { section: 'timeline', label: 'Timeline', keys: 'g l' },
  { section: 'reviews', label: 'Reviews', keys: 'g r' },
  { section: 'health', label: 'Health', keys: 'g s' },
]

/** They show more than a commit has. */
const LIVE_ONLY: readonly Section[] = ['reviews', 'health']

/** A whole HTML document. */
export function shell(parts: PageParts, context: ViewContext): Html {
  const { base, asset, link, moment, mode } = context
  const to = (section: Section): string => link({ kind: 'section', section })
  return html`<!doctype html>
    <html lang="en" data-mode="${mode}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${parts.title === '' ? base.name : `${parts.title} · ${base.name}`}</title>
        <link rel="icon" href="${asset('icon.svg')}" type="image/svg+xml" />
        <link rel="stylesheet" href="${asset('view.css')}" />
        ${scripts(context, parts.section)}
      </head>
      <body
        data-commit="${moment.commit}"
        data-date="${moment.date}"
        data-pinned="${String(moment.pinned)}"
        data-compare="${compareAddress(context) ?? ''}"
        ${writing(parts, context)}
      >
        <a class="skip" href="#main">Skip to the text</a>
        <header class="bar">
          <a class="to-menu" href="#menu" aria-label="Menu" data-island="menu">☰</a>
          <a class="base" href="${to('home')}">${base.name}</a>
          ${searchBox(context)} ${momentLink(context)}
          <button class="theme" type="button" data-island="theme" hidden aria-label="Light or dark">◐</button>
        </header>
        <nav class="sections" id="menu" aria-label="Sections">
          <a class="close-menu" href="#main">Close the menu</a>
          <ul>
            ${SECTIONS.filter(({ section }) => mode === 'live' || !LIVE_ONLY.includes(section)).map(({ section, label, keys }) => sectionLink(section, label, keys, parts.section, context))}
          </ul>
        </nav>
        <main id="main" class="${parts.measure ?? 'reading'}" tabindex="-1">
          ${moment.pinned ? pinnedNote(context) : NOTHING}${parts.main}
        </main>
        ${parts.aside === undefined ? NOTHING : html`<aside class="beside" aria-label="About this page">${parts.aside}</aside>`}
        <div class="news" data-island="live" data-events="${context.data('events') ?? ''}" role="status" hidden></div>
      </body>
    </html>`
}

/** What the island for writing needs to know. */
function writing({ page, document }: PageParts, { writable }: ViewContext): Html {
  if (!writable) return NOTHING
  return html`data-island="write" data-page="${page ?? ''}" data-document="${document ?? ''}"`
}

/** A site on a disk or a static host has no headers: it brings its policy along, and loads no modules. */
const SITE_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "style-src-attr 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "worker-src 'self'",
  "frame-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
].join('; ')

function scripts({ asset, mode }: ViewContext, section: Section | undefined): Html {
  const early = html`<script src="${asset('early.js')}"></script>`
  if (mode === 'live')
    return html`${early}
      <script src="${asset('view.js')}" type="module"></script>`
  return html`<meta http-equiv="Content-Security-Policy" content="${SITE_POLICY}" />
    ${early}
    <script src="${asset('site.js')}" defer></script>
    ${section === 'graph' ? html`<script src="${asset('site-graph.js')}" defer></script>` : NOTHING}`
}

function sectionLink(
  section: Section,
  label: string,
  keys: string,
  current: Section | undefined,
  { link }: ViewContext,
): Html {
  const here = section === current
  return html`<li>
    <a href="${link({ kind: 'section', section })}" data-keys="${keys}" ${here ? html`aria-current="page"` : NOTHING}
      >${label}</a
    >
  </li>`
}

function searchBox(context: ViewContext): Html {
  const place: Place = { kind: 'section', section: 'search' }
  const data = context.data('search')
  return html`<form
    class="search"
    role="search"
    action="${context.link({ ...place, at: null })}"
    data-island="palette"
    data-search="${data ?? ''}"
    data-ask="${context.data('ask') ?? ''}"
  >
    <input
      type="search"
      name="q"
      placeholder="${context.mode === 'site' ? 'Search…' : 'Search or ask…'}"
      aria-label="Search the base"
      autocomplete="off"
      spellcheck="false"
    />
    ${context.moment.pinned ? html`<input type="hidden" name="at" value="${context.moment.commit}" />` : NOTHING}
    <kbd aria-hidden="true">/</kbd>
  </form>`
}

/** Stands for the date on a phone. */
const CLOCK = html`<svg class="clock" viewBox="0 0 20 20" aria-hidden="true">
  <path
    d="M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 1 0 0-15M10 5.8V10l3 2"
    fill="none"
    stroke="currentColor"
    stroke-width="1.5"
    stroke-linecap="round"
  />
</svg>`

function momentLink({ link, moment, mode, data }: ViewContext): Html {
  const marks = mode === 'live' ? data('timeline') : undefined
  return html`<a
    class="moment"
    href="${link({ kind: 'section', section: 'timeline' })}"
    ${marks === undefined ? NOTHING : html`data-island="timebar" data-marks="${marks}"`}
    >${CLOCK}<span class="when"
      >${mode === 'site' ? day(moment.date) : `${moment.pinned ? day(moment.date) : 'Today'} ▾`}</span
    ></a
  >`
}

function pinnedNote(context: ViewContext): Html {
  const { link, moment, place } = context
  const compare = compareAddress(context)
  return html`<p class="pinned">
    The base as it was on ${exactTime(moment.date)}, at <code>${moment.commit.slice(0, 8)}</code>.
    <a href="${link({ ...place, at: null })}">See it now</a
    >${compare === undefined ? NOTHING : html` · <a href="${compare}">Compare with now</a>`}
  </p>`
}

/** The differences of this page, as it is shown, to what it is now. */
function compareAddress({ link, moment, mode, place }: ViewContext): string | undefined {
  const path = historyPath(place)
  if (!moment.pinned || mode !== 'live' || path === undefined) return undefined
  return link({ kind: 'history', path, query: { from: moment.commit }, at: null })
}

/** The page of the wiki that a place shows, as commands name it. */
function historyPath(place: Place): string | undefined {
  switch (place.kind) {
    case 'document':
      return `summaries/${place.name}`
    case 'concept':
    case 'entity':
    case 'theme':
    case 'exploration':
    case 'report':
      return `${FOLDERS[place.kind]}/${place.name}`
    case 'page':
    case 'history':
    case 'blame':
      return place.path
    case 'section':
      return place.section === 'home' ? 'index' : undefined
    case 'review':
      return undefined
  }
}

/** A date that the reader's clock turns into "3 days ago"; the exact time is its title. */
export function time(iso: string): Html {
  return html`<time datetime="${iso}" title="${exact(iso)}">${day(iso)}</time>`
}

function exactTime(iso: string): Html {
  return html`<time datetime="${iso}" data-exact>${exact(iso)}</time>`
}

function exact(iso: string): string {
  const [, date = '', clock = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)/.exec(iso) ?? []
  return date === '' ? iso : `${day(date)}, ${clock}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** `12 Nov 2026`: the same for every reader, so that the page at a commit is the same. */
export function day(iso: string): string {
  const [, year, month, date] = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso) ?? []
  return date === undefined ? iso : `${Number(date)} ${MONTHS[Number(month) - 1] ?? ''} ${year}`
}
