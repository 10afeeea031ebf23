// The head of the branch as planning sees it: files are read once, folders are listed once.
import { repoPathOf, type Base } from '../io/base.ts'
import { pathVersions } from '../io/git/path-versions.ts'
import type { CatalogStore } from '../io/catalog/store.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import type { HeadCache } from './head-cache.ts'
import type { Snapshot } from './work.ts'

type SnapshotTools = { base: Base; catalog: CatalogStore; objects: ObjectReader; pages: HeadCache }

/** The object id at a path relative to the base, at `commit`. */
export async function oidAt(
  { objects, base, pages }: SnapshotTools,
  commit: string | null,
  path: string,
): Promise<string | null> {
  if (commit === null) return null
  return pages.oid(commit, path, (folder) =>
    objects.listing(`${commit}:${repoPathOf(base, folder === '.' ? '' : folder).replace(/\/$/, '')}`),
  )
}

export function snapshotOf(tools: SnapshotTools, commit: string | null, pages: Map<string, string | null>): Snapshot {
  const { catalog, objects, pages: cache } = tools
  return {
    commit,
    catalog,
    read: async (path) => {
      const planned = pages.get(path)
      if (planned !== undefined) return planned ?? undefined
      if (commit === null) return undefined
      return cache.read(commit, path, async () => {
        const oid = await oidAt(tools, commit, path)
        return oid === null ? undefined : (await objects.read(oid))?.toString()
      })
    },
    async *versions(path) {
      if (commit === null) return
      const repoPath = repoPathOf(tools.base, path)
      for (const oid of (await pathVersions(tools.base.git, commit, [repoPath])).get(repoPath) ?? []) {
        const text = await objects.read(oid)
        if (text !== undefined) yield text.toString()
      }
    },
  }
}
