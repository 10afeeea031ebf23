// The viewer's pages as files: a walk from the first page over every link that the site can follow.
import type { Kb } from '../../api.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import { INDEX_PAGE } from '../../core/layout.ts'
import { parsePage } from '../../core/page/page.ts'
import type { FailedExport, ListedDocument } from '../../core/results.ts'
import type { ViewContext } from '../context.ts'
import { graphData } from '../graph/data.ts'
import type { PageRoute } from '../page-route.ts'
import type { PlaceOf } from '../pages/links.ts'
import { problemPage, type Problem } from '../pages/problem.ts'
import { pathOf, queryOf, type Place } from '../places.ts'
import { PAGE_ROUTES } from '../routes.ts'
import { Assets } from '../server/assets.ts'
import { ViewSource, type Moment } from '../source.ts'
import { originalFile } from './site-originals.ts'
import { searchIndex } from './site-search.ts'
import { relativeAddress, siteAddress, siteFile } from './site-paths.ts'
import { loadVersions } from './site-versions.ts'
import { versionsPage } from '../time/versions.ts'

export type SiteFile = { path: string; content: string | Uint8Array | AsyncIterable<Uint8Array> }
export type SiteOptions = {
  at: string
  baseUrl?: string | undefined
  /** Told of each file that cannot be made. The others are. */
  onFailure: (failure: FailedExport) => void
}

/** What an address is where the site has no page. */
const NOWHERE = 'site:none'
const ASSETS = ['view.css', 'icon.svg', 'early.js', 'site.js', 'site-graph.js']

/** The files of the site at a commit, in an order that depends on the commit alone. */
export async function* siteFiles(kb: Kb, { at, baseUrl, onFailure }: SiteOptions): AsyncGenerator<SiteFile> {
  const source = new ViewSource(kb)
  const moment = await source.moment(at)
  const assets = await Assets.load()
  const title = parsePage((await source.text(moment.commit, INDEX_PAGE)) ?? '').front['title']
  const name = typeof title === 'string' && title !== '' ? title : 'Knowledge base'
  const site = new Site(source, moment, assets, name, onFailure)
  for (const file of assets.files)
    if (file.endsWith('.woff2') || ASSETS.some((asset) => assets.fileName(asset) === file))
      yield { path: `assets/${file}`, content: (await assets.read(file))?.body ?? '' }
  yield* site.originals()
  yield* site.pages()
  yield* site.pictures()
  const graph = site.contextOf({ kind: 'section', section: 'graph' }, 'graph.html')
  yield data('graph', graphData(await source.graph(moment.commit), graph))
  yield data('search', await searchIndex(source, moment.commit, graph))
  if (baseUrl !== undefined) yield { path: 'sitemap.xml', content: siteMap(site.written, baseUrl) }
}

/** A script, because a page on a disk may load no data. */
function data(name: string, value: unknown): SiteFile {
  // U+2028 and the end of a script are no ends inside of strings.
  const json = JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/[\u2028\u2029]/g, (one) => `\\u${one.charCodeAt(0).toString(16)}`)
  return { path: `data/${name}.js`, content: `(globalThis.kbgitData??={})[${JSON.stringify(name)}]=${json}\n` }
}

function siteMap(pages: readonly string[], baseUrl: string): string {
  const base = baseUrl.replace(/\/*$/, '/')
  const urls = pages.map(
    (path) => `  <url><loc>${escaped(base + path.split('/').map(encodeURIComponent).join('/'))}</loc></url>`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`)
}

class Site {
  readonly #source: ViewSource
  readonly #moment: Moment
  readonly #assets: Assets
  readonly #name: string
  /** Of documents whose original is part of the site. */
  readonly #originals = new Map<string, string>()
  readonly #queue: Place[] = []
  readonly #known = new Set<string>()
  /** Pages, in the order in which they were written. */
  readonly written: string[] = []
  readonly #onFailure: (failure: FailedExport) => void

  constructor(
    source: ViewSource,
    moment: Moment,
    assets: Assets,
    name: string,
    onFailure: (failure: FailedExport) => void,
  ) {
    this.#onFailure = onFailure
    this.#source = source
    this.#moment = moment
    this.#assets = assets
    this.#name = name
  }

  async *originals(): AsyncGenerator<SiteFile> {
    const { documents } = await this.#source.contents(this.#moment.commit)
    for (const document of documents) {
      const chunks = await this.#original(document)
      if (chunks === undefined) continue
      const path = originalFile(document)
      this.#originals.set(document.name, path)
      yield { path, content: chunks }
    }
  }

  /** Undefined if this clone does not have it, which is in order: a large one may be elsewhere. */
  async #original(document: ListedDocument): Promise<AsyncIterable<Uint8Array> | undefined> {
    try {
      return (await this.#source.kb.showRaw(document.name, { at: this.#moment.commit })).chunks
    } catch (error) {
      if (!(error instanceof KbError && error.code === 'notFound')) this.#failed(originalFile(document), error)
      return undefined
    }
  }

  #failed(path: string, error: unknown): Problem {
    const { code, message, hint } = error instanceof KbError ? error : new KbError('unexpected', messageOf(error))
    this.#onFailure({ path, error: { code, message, ...(hint === undefined ? {} : { hint }) } })
    return { title: 'This page could not be made', message, hint }
  }

  async *pages(): AsyncGenerator<SiteFile> {
    const { commit } = this.#moment
    const contents = await this.#source.contents(commit)
    const placeOf = await this.#source.places(commit)
    this.#want({ kind: 'section', section: 'home' })
    for (const { name } of contents.documents) this.#want({ kind: 'document', name })
    for (const kind of ['concept', 'entity'] as const)
      for (const { name } of contents[kind === 'concept' ? 'concepts' : 'entities']) this.#want({ kind, name })
    for (let place = this.#queue.shift(); place !== undefined; place = this.#queue.shift()) {
      const file = siteFile(place)
      if (file === undefined) continue
      const page = await this.#render(place, file, placeOf).catch((error: unknown) =>
        // Links lead here: the page says what is wrong, and the others are made.
        String(problemPage(this.#failed(file, error), this.contextOf(place, file))),
      )
      if (page === undefined) continue
      this.written.push(file)
      yield { path: file, content: withoutNowhere(page) }
    }
  }

  async #render(place: Place, file: string, placeOf: PlaceOf): Promise<string | undefined> {
    const { commit } = this.#moment
    const context = this.contextOf(place, file)
    if (place.kind === 'history') {
      const versions = await loadVersions(this.#source, commit, place.path)
      return versions && String(versionsPage(versions, context))
    }
    const [route, params] = routeOf(place) ?? []
    if (route === undefined || params === undefined) return undefined
    const query = new URLSearchParams(queryOf(place))
    return String(await route.render({ source: this.#source, commit, context, placeOf, params, query }))
  }

  async *pictures(): AsyncGenerator<SiteFile> {
    const { commit } = this.#moment
    for (const path of (await this.#source.kb.paths('wiki/sources/images', { at: commit })).sort()) {
      const file = `files/${path}`
      const content = await this.#source.kb.file(path, { at: commit }).catch((error: unknown) => {
        this.#failed(file, error)
        return undefined
      })
      if (content !== undefined) yield { path: file, content }
    }
  }

  #want(place: Place): void {
    const file = siteFile(place)
    if (file === undefined || this.#known.has(file)) return
    this.#known.add(file)
    this.#queue.push({ ...place, anchor: undefined, at: undefined })
  }

  contextOf(place: Place, file: string): ViewContext {
    return {
      base: { name: this.#name },
      moment: { ...this.#moment, pinned: false },
      mode: 'site',
      place,
      link: (to) => {
        this.#want(to)
        return siteAddress(file, to) ?? NOWHERE
      },
      asset: (name) => relativeAddress(file, `assets/${this.#assets.fileName(name)}`),
      file: (path) => relativeAddress(file, `files/${path}`),
      original: (document) => {
        const path = this.#originals.get(document)
        return path === undefined ? undefined : relativeAddress(file, path)
      },
      data: (name) => (name === 'search' || name === 'graph' ? relativeAddress(file, `data/${name}.js`) : undefined),
      writable: false,
      answers: false,
    }
  }
}

/** The route of a place, and the named parts of its address. */
function routeOf(place: Place): [PageRoute, Record<string, string>] | undefined {
  const path = pathOf(place)
  for (const route of PAGE_ROUTES) {
    const pattern = route.path.replace(/:(\w+)(\{\.\+\})?/g, (_, name: string, rest: string | undefined) =>
      rest === undefined ? `(?<${name}>[^/]+)` : `(?<${name}>.+)`,
    )
    const match = new RegExp(`^${pattern}$`).exec(path)
    if (match === null) continue
    const params = Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value)])
    return [route, Object.fromEntries(params) as Record<string, string>]
  }
  return undefined
}

/** Links that lead nowhere in the site are their words, and forms go nowhere. */
function withoutNowhere(page: string): string {
  return page
    .replace(
      new RegExp(`<a\\b[^>]*\\bhref="${NOWHERE}"[^>]*>([\\s\\S]*?)</a\\s*>`, 'g'),
      '<span class="not-here">$1</span>',
    )
    .replaceAll(`"${NOWHERE}"`, '"#"')
}
