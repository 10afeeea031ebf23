// Queries with the pages that search compares for them, as numbers: what weights are fitted to.
import { join } from 'node:path'
import { readQuery, type QueryKind } from '../../../src/core/search/asked.ts'
import { searchLanguages } from '../../../src/core/search/languages.ts'
import { pageName } from '../../../src/core/page/page-kind.ts'
import { PageLookup } from '../../../src/io/search/lookup.ts'
import { PageIndex } from '../../../src/io/search/store.ts'
import { candidates } from '../../../src/read/search.ts'
import { FEATURES } from '../../../src/read/search/features.ts'
import type { Query } from './queries.ts'
import type { Subject } from './subjects.ts'

/** A document's pages. `fold`: which of the folds its query's document is in. */
export type Example = {
  corpus: string
  kind: string
  query: string
  asked: QueryKind
  fold: number
  pages: { document: string; kind: string; isRight: boolean; values: number[] }[]
}

export const FOLDS = 5
const QUERY_WORDS_MAX = 64
const KINDS = new Set(['source', 'pages', 'summary', 'tree'])

export async function examplesOf({ name, kb, documents, queries }: Subject, perKind: number): Promise<Example[]> {
  // Brings the store up to the commit.
  await kb.search('anything')
  using index = PageIndex.open(join(kb.root, '.git/kbgit/pageindex.db'), { access: 'write' })
  const lookup = new PageLookup(index)
  const languages = await searchLanguages(lookup.languages())
  const pageSet = { table: 'page' as const, id: Number(index.db.one('SELECT max(id) AS id FROM view')?.['id']) }
  const positions = new Map(documents.map((document, at) => [document.name, at]))
  return sampled(queries, perKind).map(({ kind, query, expected }) => {
    const asked = readQuery(query, languages, QUERY_WORDS_MAX)
    const pages = candidates(lookup, pageSet, { query, limit: 30, languages }, asked)
    return {
      corpus: name,
      kind,
      query,
      asked: asked.kind,
      fold: (positions.get(expected[0] ?? '') ?? 0) % FOLDS,
      pages: pages
        .filter(({ page }) => KINDS.has(page.kind))
        .map(({ page, features }) => {
          const document = pageName(page.path)
          return {
            document,
            kind: page.kind,
            isRight: expected.includes(document),
            values: FEATURES.map((feature) => features[feature]),
          }
        }),
    }
  })
}

/** The same number of each kind, evenly from all. */
function sampled(queries: Query[], perKind: number): Query[] {
  return [...new Set(queries.map(({ kind }) => kind))].flatMap((kind) => {
    const same = queries.filter((query) => query.kind === kind)
    const step = Math.max(1, same.length / perKind)
    return Array.from({ length: Math.min(perKind, same.length) }, (_, at) => same[Math.floor(at * step)]).filter(
      (query) => query !== undefined,
    )
  })
}
