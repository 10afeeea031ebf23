// Searches a base: opens the store, brings it up to date with the requested commit, and queries it.
import { join } from 'node:path'
import type { SearchOptions } from '../../api.ts'
import { KbError } from '../../core/errors.ts'
import type { SearchHit, SearchResult } from '../../core/results.ts'
import { snapshotKey, type Base } from '../../io/base.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { contentOf, type History } from '../../io/history.ts'
import { openHistory } from '../../io/open-history.ts'
import { indexMissing } from '../../io/search/align.ts'
import { PageLookup } from '../../io/search/lookup.ts'
import { PageIndex } from '../../io/search/store.ts'
import { branchPages, revisionPages, type PageSet } from '../../io/search/page-set.ts'
import { commitAt } from '../../read/base-reader.ts'
import type { Meaning, VectorView } from './meaning.ts'
import { isWritable } from '../../io/sidecar/writable.ts'
import type { AskedWord } from '../../core/search/answer-passages.ts'
import { searchLanguages, type SearchLanguage } from '../../core/search/languages.ts'
import { found, search as searchPages, wordWeights, type FoundHit } from '../../read/search.ts'
import { respelled } from '../../read/spelling.ts'
import type { IndexedKind } from '../../core/page/page-kind.ts'
import { withSlashes } from '../../core/platform.ts'

const HITS_DEFAULT = 10
/** Hits by words that are fused with those by meaning. */
const FUSED_HITS = 50

/** The commit and store file for which the store was last found to be complete. */
const foundWhole = new WeakMap<Base, string>()

type Opened = {
  commit: string
  history: History
  index: PageIndex
  pageSet: PageSet
  languages: SearchLanguage[]
  meaning: Meaning | undefined
}

/** An open search store at one commit, for one or more questions. */
export class Searcher implements AsyncDisposable {
  readonly commit: string
  readonly #history: History
  readonly index: PageIndex
  readonly pageSet: PageSet
  readonly #languages: SearchLanguage[]
  readonly #meaning: Meaning | undefined
  readonly #base: Base

  private constructor(base: Base, { commit, history, index, pageSet, languages, meaning }: Opened) {
    this.#base = base
    this.commit = commit
    this.#history = history
    this.index = index
    this.pageSet = pageSet
    this.#languages = languages
    this.#meaning = meaning
  }

  /** Indexes missing pages first, as in a fresh clone. Does not wait for commits. */
  static async open(base: Base, at = 'HEAD', signal: AbortSignal = new AbortController().signal): Promise<Searcher> {
    await using stack = new AsyncDisposableStack()
    const history = stack.use(await openHistory(base))
    const commit = await commitAt({ ...base, history }, { at })
    const index = stack.use(borrowIndex(base))
    const content = contentOf(history)
    const atHead = commit === (await history.resolve('HEAD'))
    const pageSet = atHead
      ? await branchPages(index, snapshotKey(base), commit, content)
      : await revisionPages(index, commit, content)
    // The check for missing pages visits every page: do it once per commit and store while the base is open.
    const whole = `${commit} ${index.db.identity}`
    if (foundWhole.get(base) !== whole) {
      await indexMissing(index, pageSet, content)
      foundWhole.set(base, whole)
    }
    const languages = await searchLanguages(new PageLookup(index).languages())
    const meaning = base.config.embeddings === undefined ? undefined : await openMeaning(base, signal)
    if (meaning !== undefined) stack.use(meaning)
    stack.move()
    return new Searcher(base, { commit, history, index, pageSet, languages, meaning })
  }

  /** The best hits: by words, and also by meaning if the base has `embeddings`. */
  async found(query: string, { limit = HITS_DEFAULT, kinds }: Omit<SearchOptions, 'at'> = {}): Promise<FoundHit[]> {
    const request = { query, kinds, languages: this.#languages }
    if (this.#meaning === undefined) return found(this.index, this.pageSet, { ...request, limit })
    const byWords = found(this.index, this.pageSet, { ...request, limit: Math.max(limit, FUSED_HITS) })
    const { meant, fuseHits } = await import('../../read/search/by-meaning.ts')
    const near = await this.#meaning.near(query, this.#vectorView)
    return fuseHits(byWords, meant(this.index, this.pageSet, request, near), limit)
  }

  /** Makes all vectors that are missing. Returns how many. */
  async fillVectors(): Promise<number> {
    return (await this.#meaning?.fill(this.#vectorView)) ?? 0
  }

  get #vectorView(): VectorView {
    return { index: this.index, pageSet: this.pageSet, at: `${snapshotKey(this.#base)} ${this.commit}` }
  }

  /** The best hits by words. */
  hits(query: string, { limit = HITS_DEFAULT, kinds }: Omit<SearchOptions, 'at'> = {}): SearchHit[] {
    return searchPages(this.index, this.pageSet, { query, limit, kinds, languages: this.#languages })
  }

  weights(question: string): AskedWord[] {
    return wordWeights(this.index, question, this.#languages)
  }

  async search(query: string, options: Omit<SearchOptions, 'at'> = {}): Promise<SearchResult> {
    const hits = (await this.found(query, options)).map(plain)
    const suggestion = hits.length === 0 ? respelled(new PageLookup(this.index), query, this.#languages) : undefined
    const isFound = suggestion !== undefined && this.hits(suggestion, { ...options, limit: 1 }).length > 0
    return { query, at: this.commit, hits, ...(isFound ? { suggestion } : {}) }
  }

  /** Paths of pages of these kinds, in order. */
  paths(kinds: IndexedKind[], part: { from: number; limit: number }): { total: number; paths: string[] } {
    return new PageLookup(this.index).pathsOf(kinds, this.pageSet, part)
  }

  /** A file of the base at the searcher's commit. */
  async page(path: string): Promise<string | undefined> {
    return (await this.#history.page(this.commit, withSlashes(join('.', path))))?.toString()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#meaning?.[Symbol.dispose]()
    giveBack(this.#base, this.index)
    await this.#history[Symbol.asyncDispose]()
  }
}

/**
 * Takes no lock: writers do not wait for searches. On a read-only disk the store is built in memory. In a base that holds what
 * readers share, one search after another has the same store with the pages that it has read; searches at the same time have
 * one each.
 */
function borrowIndex(base: Base): PageIndex {
  const kept = base.held?.index
  if (base.held !== undefined) base.held.index = undefined
  if (kept?.db.isCurrent === true) return kept
  kept?.[Symbol.dispose]()
  return PageIndex.open(sidecarPath(base, 'pageIndex'), { access: isWritable(base.sidecarDir) ? 'write' : 'read' })
}

function giveBack(base: Base, index: PageIndex): void {
  if (base.held === undefined || base.held.index !== undefined || !index.db.isCurrent || index.db.inTransaction)
    index[Symbol.dispose]()
  else base.held.index = index
}

/** Undefined if the model cannot be opened: the base may be a clone, where its key or its package is missing. */
async function openMeaning(base: Base, signal: AbortSignal): Promise<Meaning | undefined> {
  try {
    return await (await import('./meaning.ts')).Meaning.open(base, signal)
  } catch (error) {
    if (!(error instanceof KbError)) throw error
    const advice = error.hint === undefined ? '' : ` ${error.hint}`
    base.logger.warn({ code: error.code }, `search uses words alone. ${error.message}${advice}`)
    return undefined
  }
}

function plain({ page, kind, name, document, heading, pageNumber, score, snippet }: FoundHit): SearchHit {
  return { page, kind, name, ...(document === undefined ? {} : { document }), heading, pageNumber, score, snippet }
}
