// `kbgit query`: answers a question from the base, with a model and tools or by search alone.
import { posix } from 'node:path'
import type { QueryOptions } from '../../api.ts'
import { openModelOf } from '../open-model.ts'
import { DocumentError, KbError } from '../../core/errors.ts'
import { documentPaths, shardOf } from '../../core/layout.ts'
import type { QueryResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { parsePages, parseTree } from '../../core/document/stored-text.ts'
import { pageName } from '../../core/page/page-kind.ts'
import { splitFrontMatter } from '../../core/page/page.ts'
import type { IndexItem, IndexKind, QuerySources } from '../../read/query-sources.ts'
import { query, type HistoryTurn } from '../../read/query.ts'
import { Searcher } from './search.ts'

/** Answers from the base as of `at`. Throws `DocumentError` or `KbError` if the model cannot answer. */
export async function queryBase(
  base: Base,
  question: string,
  options: QueryOptions = {},
  history: HistoryTurn[] = [],
): Promise<QueryResult> {
  const signal = options.signal ?? new AbortController().signal
  await using searcher = await Searcher.open(base, options.at, signal)
  const model = await openModelOf(base, { signal })
  const result = await answered({
    question,
    at: searcher.commit,
    sources: sourcesOf(searcher),
    model,
    language: base.config.language,
    history,
    budget: { stepsMax: base.config.querySteps, tokensMax: base.config.queryTokens },
    signal,
    onText: options.onText,
  })
  if (options.save !== true) return result
  const { saveExploration } = await import('../save-exploration.ts')
  return { ...result, ...(await saveExploration(base, result)) }
}

/** A model failure ends the command: there is no other document to continue with. */
async function answered(options: Parameters<typeof query>[0]): Promise<QueryResult> {
  try {
    return await query(options)
  } catch (error) {
    if (!(error instanceof DocumentError)) throw error
    const { message, hint } = error.failure
    throw new KbError('modelUnavailable', message, hint === undefined ? { cause: error } : { hint, cause: error })
  }
}

function sourcesOf(searcher: Searcher): QuerySources {
  const summaryOf = (document: string): string | undefined =>
    searcher
      .hits(document, { limit: 20, kinds: ['summary'] })
      .find(({ name, document: of }) => name === document || of === document)?.page
  const filesOf = (document: string) => documentPaths(document, shardOf(summaryOf(document) ?? ''), '')
  return {
    search: (words, limit) => searcher.found(words, { limit }),
    found: (words, limit) => searcher.found(words, { limit }),
    weights: (question) => searcher.weights(question),
    page: async (path) => (posix.normalize(path).startsWith('wiki/') ? searcher.page(path) : undefined),
    index: (kind, from, limit) => indexOf(searcher, kind, from, limit),
    tree: async (document) => {
      const text = await searcher.page(filesOf(document).tree)
      return text === undefined ? undefined : parseTree(text)
    },
    pageText: async (document, pageNumber) => {
      const { sourceLong } = filesOf(document)
      const text = await searcher.page(sourceLong)
      const found = parsePages(text ?? '')?.find(({ page }) => page === pageNumber)
      return found === undefined ? undefined : { page: sourceLong, text: found.content }
    },
  }
}

async function indexOf(
  searcher: Searcher,
  kind: IndexKind,
  from: number,
  limit: number,
): Promise<{ total: number; items: IndexItem[] }> {
  const { total, paths } = searcher.paths(kind === 'documents' ? ['summary'] : ['concept', 'entity'], { from, limit })
  const items = paths.map(async (page): Promise<IndexItem> => {
    const { title, description } = splitFrontMatter((await searcher.page(page)) ?? '').front
    const brief = [title, description].filter((part) => typeof part === 'string' && part !== '').join(': ')
    return { page, ...(kind === 'documents' ? { document: pageName(page) } : {}), brief }
  })
  return { total, items: await Promise.all(items) }
}
