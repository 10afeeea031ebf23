// What the writer and its sessions work with, opened by `open-writer.ts`.
import type { StepTimes } from '../core/logger.ts'
import type { CatalogStore } from '../io/catalog/store.ts'
import type { PageIndexer } from '../io/search/indexer.ts'
import type { Filters } from './filters.ts'
import type { HeadCache } from './head-cache.ts'
import type { TransactionTools } from './transaction.ts'

export type WriterTools = TransactionTools & {
  catalog: CatalogStore
  filters: Filters
  pages: HeadCache
  indexer: Pick<PageIndexer, 'update'>
  /** Aligns the catalog with a commit. */
  align: (commit: string) => Promise<void>
  /** Shown to other processes that wait. */
  command: string
  times: StepTimes
  signal?: AbortSignal | undefined
  /** Allows a base that is not committed yet: `init` creates it. */
  unborn: boolean
  /** Number of commits made by this run. */
  commits: number
}
