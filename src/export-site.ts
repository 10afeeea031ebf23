// `kbgit export site`: the viewer's pages, written into a folder.
import type { Kb } from './api.ts'
import type { ExportOptions } from './core/options.ts'
import type { ExportResult } from './core/results.ts'
import { writeExport } from './io/export-folder.ts'
import { siteFiles } from './view/site/site-files.ts'

/** @param kb opened with `held` */
export async function exportSite(kb: Kb, target: string, options: ExportOptions): Promise<ExportResult> {
  const { commit: at } = await kb.moment(options)
  const header = { kind: 'site', at } as const
  return { ...header, target, ...(await writeExport(target, header, siteFiles(kb, { ...options, at }))) }
}
