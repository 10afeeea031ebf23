// Sidecar data for `status`, `list` and `fsck`.
import { stat } from 'node:fs/promises'
import type { HookStates } from '../../core/results.ts'
import { isHeadless, snapshotKey, type Base } from '../../io/base.ts'
import { operationInProgress } from '../../io/git/in-progress.ts'
import { hasMergeDriver } from '../../io/git/merge-driver.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { CatalogReader } from '../../io/catalog/reader.ts'
import { PageIndex } from '../../io/search/store.ts'
import { unfinishedWork } from '../../io/sidecar/run-record.ts'
import type { BaseReader, Listing } from '../../read/base-reader.ts'
import { knownDigests } from './known-digests.ts'
import type { FsckSources } from '../../read/fsck.ts'
import type { StatusSources } from '../../read/status.ts'

/** Maximum number of due overviews to list. */
const DUE_MAX = 1_000

/** The catalog is opened once and held, so that everything read from it is from one commit. */
export function statusSources(
  base: Base,
  reader: BaseReader,
  hooks: () => Promise<HookStates>,
): StatusSources & Disposable {
  const catalog = openCatalog(base)
  const at = catalog.hold()
  return {
    hooks,
    sidecar: async () => {
      using index = PageIndex.open(sidecarPath(base, 'pageIndex'), { access: 'read' })
      const { documents } = index.stats()
      return { ok: index.state === 'kept', documents, bytes: await bytesOf(base) }
    },
    vectors: async (commit) => {
      if (base.config.embeddings === undefined) return undefined
      return (await import('./status-vectors.ts')).vectorsAt(base, commit)
    },
    unfinished: async () => {
      const { pending, failed } = await unfinishedWork(base, (sha256) => catalog.documentByDigest(sha256) !== undefined)
      return { pending: pending.map(({ path: origin }) => ({ path: origin })), failed }
    },
    counts: (commit) => {
      if (at !== commit) return undefined
      const { unreadable, ...counts } = catalog.counts()
      return unreadable === 0 ? counts : undefined
    },
    overviewDue: async () => catalog.overviewsDue(DUE_MAX).map(({ path: page }) => page),
    waiting: async (commit) => {
      if (base.config.model !== 'agent') return undefined
      return (await import('../agents/waiting.ts')).countWaiting(base, catalog, commit)
    },
    displaced: async (commit) => {
      const records =
        at === commit || base.driver === 'in-process'
          ? catalog.displacing()
          : await (await import('../../read/displaced.ts')).displacedAt(reader, commit)
      return records.flatMap(({ displaced }) => displaced.map(({ name, commit: from }) => ({ name, commit: from })))
    },
    git: () => ({
      mergeDriver: hasMergeDriver(base.repository),
      inProgress: base.branch === undefined ? operationInProgress(base.repository) : undefined,
      ...(isHeadless(base) ? { headless: true as const } : {}),
    }),
    disk: async () => {
      const [{ worktreeChanges }, { sourceChanges }] = await Promise.all([
        import('./status-disk.ts'),
        import('./source-changes.ts'),
      ])
      // Only git knows what is the same after its filters.
      const worktree = base.driver === 'in-process' || base.branch !== undefined ? undefined : worktreeChanges(base)
      const [changes, sources] = await Promise.all([worktree, sourceChanges(base, reader, catalog, at)])
      return changes === undefined ? { sources } : { worktree: changes, sources }
    },
    watch: async () => (await import('../watch/watch-status.ts')).watchStatus(base),
    originals: async (commit) => {
      if (at === undefined) return undefined
      const { committedOriginals } = await import('./status-originals.ts')
      return committedOriginals(base, reader, commit, { catalog, isCurrent: at === commit })
    },
    [Symbol.dispose]: () => catalog[Symbol.dispose](),
  }
}

/** What the catalog knows of a commit, as `BaseReader` has it. */
export function catalogListing(base: Base, commit: string): Listing | undefined {
  using catalog = openCatalog(base)
  // Held: a writer may move it to another commit meanwhile.
  return catalog.hold() === commit ? { files: catalog.registryFiles(), topics: catalog.topicPages() } : undefined
}

/** The pages of topics that the catalog knows by a key (`topicKey`); undefined if it is at another commit. */
export function catalogTopics(base: Base, commit: string, key: string): string[] | undefined {
  using catalog = openCatalog(base)
  if (catalog.hold() !== commit) return undefined
  return [...new Set(catalog.topicsNamed([key]).map(({ path }) => path))]
}

/** At no commit if there is no catalog, as in a fresh clone. */
function openCatalog(base: Base): CatalogReader {
  return new CatalogReader(sidecarPath(base, 'catalog'), {
    access: 'read',
    key: snapshotKey(base),
  })
}

/** A text that is not indexed yet is not a problem: search indexes missing texts first. */
export function fsckSources(base: Base): FsckSources & Disposable {
  const digests = knownDigests(base)
  return {
    digests,
    [Symbol.dispose]: () => digests[Symbol.dispose](),
    writing: async () => {
      const { tryAcquire } = await import('../../io/sidecar/lock.ts')
      using lock = tryAcquire(sidecarPath(base, 'lock'), 'shared')
      return lock === undefined
    },
  }
}

async function bytesOf(base: Base): Promise<number> {
  const [pages, catalog, stats] = [
    sidecarPath(base, 'pageIndex'),
    sidecarPath(base, 'catalog'),
    sidecarPath(base, 'statCache'),
  ]
  const sizes = await Promise.all(
    [pages, `${pages}-wal`, catalog, `${catalog}-wal`, stats, sidecarPath(base, 'vectors')].map(async (file) => {
      const found = await stat(file).catch(() => undefined)
      return found?.size ?? 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
