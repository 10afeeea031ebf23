// Sidecar data for `status`, `list` and `fsck`.
import { stat } from 'node:fs/promises'
import type { HookStates } from '../../core/results.ts'
import { snapshotKey, type Base } from '../../io/base.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'
import { CatalogStore } from '../../io/catalog/store.ts'
import { PageIndex } from '../../io/search/store.ts'
import { tryAcquire } from '../../io/sidecar/lock.ts'
import { unfinishedWork } from '../../io/sidecar/run-record.ts'
import type { FsckSources } from '../../read/fsck.ts'
import type { ListSources } from '../../read/list.ts'
import type { StatusSources } from '../../read/status.ts'

/** Maximum number of due overviews to list. */
const DUE_MAX = 1_000

/** The catalog is opened once and held, so that everything read from it is from one commit. */
export function statusSources(base: Base, hooks: () => Promise<HookStates>): StatusSources & Disposable {
  const catalog = openCatalog(base)
  const at = catalog.hold()
  return {
    hooks,
    sidecar: async () => {
      using index = PageIndex.open(sidecarPath(base, 'pageIndex'), { access: 'read' })
      const { documents } = index.stats()
      return { ok: index.state === 'kept', documents, bytes: await bytesOf(base) }
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
    [Symbol.dispose]: () => catalog[Symbol.dispose](),
  }
}

export function listSources(base: Base): ListSources {
  return {
    records: (commit) => {
      using catalog = openCatalog(base)
      // Held: a writer may move it to another commit meanwhile.
      return catalog.hold() === commit ? catalog.records() : undefined
    },
  }
}

/** At no commit if there is no catalog, as in a fresh clone. */
function openCatalog(base: Base): CatalogStore {
  return CatalogStore.open(sidecarPath(base, 'catalog'), {
    access: 'read',
    key: snapshotKey(base),
  })
}

/** A text that is not indexed yet is not a problem: search indexes missing texts first. */
export function fsckSources(base: Base): FsckSources {
  return {
    writing: async () => {
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
    [pages, `${pages}-wal`, catalog, `${catalog}-wal`, stats].map(async (file) => {
      const found = await stat(file).catch(() => undefined)
      return found?.size ?? 0
    }),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}
