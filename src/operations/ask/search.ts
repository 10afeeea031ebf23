// Search over a base: opens the store, brings it to the commit that is asked about, and asks it.
import { join } from 'node:path'
import { KbError } from '../../core/errors.ts'
import type { SearchKind } from '../../core/page/page-kind.ts'
import type { SearchHit, SearchResult } from '../../core/results.ts'
import { treePath, snapshotKey, type Base } from '../../io/base.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { baseContent } from '../../io/git/base-content.ts'
import { ObjectReader } from '../../io/git/objects.ts'
import { tryAcquire } from '../../io/sidecar/lock.ts'
import { indexMissing } from '../../io/search/align.ts'
import { PageIndex } from '../../io/search/store.ts'
import { branchPages, revisionPages, type PageSet } from '../../io/search/page-set.ts'
import { mkdir } from 'node:fs/promises'
import { CONFIG_FILE } from '../../core/layout.ts'
import { search as searchPages } from '../../read/search.ts'

export type SearchOptions = { at?: string; limit?: number; kinds?: SearchKind[] }

const HITS_DEFAULT = 10

/** The commit, and the file of the store, for which the store was last found to have every page. */
const foundWhole = new WeakMap<Base, string>()

/** An open search store at one commit, for one question or many. */
export class Searcher implements AsyncDisposable {
  readonly commit: string
  readonly objects: ObjectReader
  readonly #index: PageIndex
  readonly #pageSet: PageSet

  private constructor(commit: string, objects: ObjectReader, index: PageIndex, pageSet: PageSet) {
    this.commit = commit
    this.objects = objects
    this.#index = index
    this.#pageSet = pageSet
  }

  /** Pages that the store lacks, as in a fresh clone, are indexed first. Waits for no commit. */
  static async open(base: Base, at = 'HEAD'): Promise<Searcher> {
    await mkdir(base.sidecarDir, { recursive: true })
    await using stack = new AsyncDisposableStack()
    const objects = stack.use(new ObjectReader(base.git))
    const commit = await objects.resolve(at)
    if (commit === undefined)
      throw new KbError('notFound', `"${at}" is not a revision of this repository.`, {
        hint: 'See kbgit log for commits.',
      })
    if ((await objects.header(`${commit}:${treePath(base, CONFIG_FILE)}`)) === undefined) {
      throw new KbError('noBase', `At ${at} there was no knowledge base in ${base.root}.`, {
        hint: 'Name a later revision: kbgit log shows them.',
      })
    }
    // A bad file may be replaced only by who knows that no other process has it open.
    using lock = tryAcquire(sidecarPath(base, 'lock'), 'exclusive')
    const index = stack.use(
      PageIndex.open(sidecarPath(base, 'pageIndex'), { access: lock === undefined ? 'read' : 'write' }),
    )
    const content = baseContent(base, objects)
    const atHead = commit === (await objects.resolve('HEAD'))
    const pageSet = atHead
      ? await branchPages(index, snapshotKey(base), commit, content)
      : await revisionPages(index, commit, content)
    // To look for what is missing is to look at every page: once a commit and store, for as long as the base is open.
    const whole = `${commit} ${index.db.identity}`
    if (foundWhole.get(base) !== whole) {
      await indexMissing(index, pageSet, content)
      foundWhole.set(base, whole)
    }
    stack.move()
    return new Searcher(commit, objects, index, pageSet)
  }

  hits(query: string, { limit = HITS_DEFAULT, kinds }: Omit<SearchOptions, 'at'> = {}): SearchHit[] {
    return searchPages(this.#index, this.#pageSet, { query, limit, ...(kinds === undefined ? {} : { kinds }) })
  }

  search(query: string, options: Omit<SearchOptions, 'at'> = {}): SearchResult {
    return { query, at: this.commit, hits: this.hits(query, options) }
  }

  /** A file of the base at the searcher's commit. */
  async page(base: Base, path: string): Promise<string | undefined> {
    return (
      await this.objects.read(`${this.commit}:${treePath(base, join('.', path).replaceAll('\\', '/'))}`)
    )?.toString()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#index[Symbol.dispose]()
    await this.objects[Symbol.asyncDispose]()
  }
}
