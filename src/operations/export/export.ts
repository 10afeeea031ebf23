// `kbgit export`: a base at a commit in the formats of others.
import type { ExportOptions } from '../../core/options.ts'
import type { ExportKind, ExportResult } from '../../core/results/export.ts'

import { writeExport, type ExportFile } from '../../io/export-folder.ts'
import { commitAt, type BaseReader } from '../../read/base-reader.ts'

/** The site is made of the viewer's pages, by the public API. */
type OwnKind = Exclude<ExportKind, 'site'>

/** @param target absolute path of a folder; of a graph also of a file */
export async function exportBase(
  reader: BaseReader,
  kind: OwnKind,
  target: string,
  options: ExportOptions,
): Promise<ExportResult> {
  const at = await commitAt(reader, options)
  return { kind, target, at, ...(await write(reader, kind, target, at, options)) }
}

async function write(
  reader: BaseReader,
  kind: OwnKind,
  target: string,
  at: string,
  options: ExportOptions,
): Promise<{ files: number; bytes: number }> {
  const folder = (files: AsyncIterable<ExportFile>) => writeExport(target, { kind, at }, files)
  switch (kind) {
    case 'graph': {
      const { graph } = await import('../../read/graph.ts')
      return (await import('./graph.ts')).exportGraph(await graph(reader, { at }), target)
    }
    case 'llms':
      return folder((await import('./llms.ts')).llmsFiles(reader, at, options))
    case 'okf':
      return folder((await import('./okf.ts')).okfFiles(reader, at))
  }
}
