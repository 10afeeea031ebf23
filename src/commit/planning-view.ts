// The tip of the branch as planning sees it: files that were read once are kept, folders are listed once.
import { treePath, type Base } from '../io/base.ts'
import type { CatalogStore } from '../io/catalog/store.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import type { TipPages } from './head-cache.ts'
import type { View } from './work.ts'

type ViewTools = { base: Base; catalog: CatalogStore; objects: ObjectReader; pages: TipPages }

/** The object id at a path relative to the base, at the tip. */
export async function oidAt(
  { objects, base, pages }: ViewTools,
  tip: string | null,
  path: string,
): Promise<string | null> {
  if (tip === null) return null
  return pages.oid(tip, path, (folder) =>
    objects.listing(`${tip}:${treePath(base, folder === '.' ? '' : folder).replace(/\/$/, '')}`),
  )
}

export function viewOf(tools: ViewTools, tip: string | null, pages: Map<string, string | null>): View {
  const { catalog, objects, pages: cache } = tools
  return {
    catalog,
    read: async (path) => {
      const planned = pages.get(path)
      if (planned !== undefined) return planned ?? undefined
      if (tip === null) return undefined
      return cache.read(tip, path, async () => {
        const oid = await oidAt(tools, tip, path)
        return oid === null ? undefined : (await objects.read(oid))?.toString()
      })
    },
  }
}
