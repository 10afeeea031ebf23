// `kbgit export site`: the viewer's pages, written into a folder.
import type { Kb } from './api.ts'
import type { ExportOptions } from './core/options.ts'
import type { ExportResult, FailedExport } from './core/results.ts'
import { writeExport } from './io/export-folder.ts'
import { siteFiles } from './view/site/site-files.ts'

/** @param kb opened with `held` */
export async function exportSite(kb: Kb, target: string, options: ExportOptions): Promise<ExportResult> {
  const { commit: at } = await kb.moment(options)
  const header = { kind: 'site', at } as const
  const failed: FailedExport[] = []
  const files = siteFiles(kb, { ...options, at, onFailure: (failure) => failed.push(failure) })
  const written = await writeExport(target, header, files)
  return { ...header, target, ...written, ...(failed.length === 0 ? {} : { failed }) }
}
