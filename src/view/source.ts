// What pages are made from: a base at a commit, read through the public API and kept by commit.
import type { Kb } from '../api.ts'
import { KbError } from '../core/errors.ts'
import { parsePage, type Page } from '../core/page/page.ts'
import type { Graph, ListedDocument, ListedTopic, ListResult, PageVersions, Timeline } from '../core/results.ts'
import { CommitCache } from './commit-cache.ts'
import type { Place } from './places.ts'
import { placeOfPath } from './wiki-places.ts'

/** Commits whose lists are kept: of 10,000 documents, one takes about 20 MB. */
const LISTINGS_MAX = 3
const TEXTS_MAX = 200
const MOMENTS_MAX = 1_000
/** Versions of a page that are kept in lists of all pages. */
const VERSIONS_MAX = 50
const VERSIONED_FOLDERS = ['wiki/summaries', 'wiki/concepts', 'wiki/entities', 'wiki/explorations']

export type Moment = { commit: string; date: string }

/** The names of everything that has a page at a commit. */
export type Contents = ListResult & {
  documentNamed: ReadonlyMap<string, ListedDocument>
  topicNamed: { concept: ReadonlyMap<string, ListedTopic>; entity: ReadonlyMap<string, ListedTopic> }
  /** Other pages of the wiki by path: themes, explorations, reports. */
  pages: readonly string[]
}

export class ViewSource {
  readonly kb: Kb
  readonly #moments = new CommitCache<Moment>(MOMENTS_MAX)
  readonly #contents = new CommitCache<Contents>(LISTINGS_MAX)
  readonly #timelines = new CommitCache<Timeline>(LISTINGS_MAX)
  readonly #versions = new CommitCache<ReadonlyMap<string, PageVersions>>(LISTINGS_MAX)
  readonly #graphs = new CommitCache<Graph>(LISTINGS_MAX)
  readonly #texts = new CommitCache<string | undefined>(TEXTS_MAX)

  /** @param kb opened with `held` by a program that shows many pages */
  constructor(kb: Kb) {
    this.kb = kb
  }

  /** Throws `KbError` (`notFound`) if the revision names no commit. */
  async moment(at = 'HEAD'): Promise<Moment> {
    if (/^[0-9a-f]{40,64}$/.test(at)) return this.#moments.get(at, () => this.kb.moment({ at }))
    return this.kb.moment({ at })
  }

  contents(commit: string): Promise<Contents> {
    return this.#contents.get(commit, async () => {
      const [list, ...pages] = await Promise.all([
        this.kb.list({ at: commit }),
        ...['wiki/themes', 'wiki/explorations', 'wiki/reports'].map((folder) => this.kb.paths(folder, { at: commit })),
      ])
      const byName = <T extends { name: string }>(items: T[]) => new Map(items.map((item) => [item.name, item]))
      return {
        ...list,
        documentNamed: byName(list.documents),
        topicNamed: { concept: byName(list.concepts), entity: byName(list.entities) },
        pages: pages.flat().filter((path) => path.endsWith('.md')),
      }
    })
  }

  timeline(commit: string): Promise<Timeline> {
    return this.#timelines.get(commit, () => this.kb.timeline({ at: commit }))
  }

  /** Whether a commit is part of the history of another one, as the base's timeline has it. */
  async leadsTo(earlier: string, later: string): Promise<boolean> {
    if (earlier === later) return true
    const { entries } = await this.timeline(later)
    return entries.some(({ commits }) => commits.some(({ commit }) => commit === earlier))
  }

  graph(commit: string): Promise<Graph> {
    return this.#graphs.get(commit, () => this.kb.graph({ at: commit }))
  }

  /** Of pages that stand for one document or topic, by path: at most `VERSIONS_MAX` of each. */
  versions(commit: string): Promise<ReadonlyMap<string, PageVersions>> {
    return this.#versions.get(commit, () =>
      this.kb.versions({ at: commit, folders: VERSIONED_FOLDERS, limit: VERSIONS_MAX }),
    )
  }

  /** The text of a committed file; undefined if there is none. */
  text(commit: string, path: string): Promise<string | undefined> {
    return this.#texts.get(`${commit} ${path}`, async () => (await this.kb.file(path, { at: commit }))?.toString())
  }

  /** A page of the wiki. Throws `KbError` (`notFound`). */
  async page(commit: string, path: string): Promise<Page> {
    const text = await this.text(commit, path)
    if (text === undefined) throw new KbError('notFound', `${path} does not exist at this moment.`)
    return parsePage(text)
  }

  /** The place of each file that exists at the commit. */
  async places(commit: string): Promise<(path: string) => Place | undefined> {
    const contents = await this.contents(commit)
    const pages = new Set(contents.pages)
    return (path) => {
      const place = placeOfPath(path)
      if (place === undefined) return undefined
      if (place.kind === 'document') {
        const document = contents.documentNamed.get(place.name)
        return document && { ...place, paged: document.format === 'pdf' }
      }
      const known =
        place.kind === 'concept' || place.kind === 'entity'
          ? contents.topicNamed[place.kind].has(place.name)
          : place.kind === 'theme' || place.kind === 'exploration' || place.kind === 'report'
            ? pages.has(path)
            : true
      return known ? place : undefined
    }
  }
}
