// The converters alone, compared with common programs if they are installed: pandoc for its formats, pdftotext for PDF.
// One process of kbgit converts all files of a format, as a worker does; the others are started once per file.
import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { dirname, extname, join, resolve } from 'node:path'
import { formatOfExtension } from '../../src/prepare/convert/formats.ts'
import type { Bench, Place } from './support/bench.ts'
import { bundleConverters } from './support/bundle-converters.ts'
import { writeOfficeFiles, writeTexts } from './support/office-files.ts'
import type { Bar, Row } from './support/report.ts'
import { run } from './support/run.ts'

/** Maximum CPU time, as a multiple of the other program's. */
const BARS: Record<string, number> = { docx: 2.5, odt: 2.5, pdf: 4 }
/** A large web page, and the maximum CPU time for it, start included. */
const HTML_BYTES = 400_000
const HTML_MS_MAX = 1_000
const PANDOC = new Set(['docx', 'odt', 'epub', 'html', 'rtf', 'ipynb', 'csv', 'tsv'])

export const convert: Bench = {
  name: 'convert',
  about: "kbgit's converters beside pandoc and pdftotext",
  run: async (place) => {
    const rows: Row[] = []
    const bars: Bar[] = []
    const child = await bundleConverters(join(dirname(dirname(place.options.command)), 'bench'))
    for (const [format, files] of filesByFormat(place)) {
      const own = await run([process.execPath, child, format], {
        cwd: place.dir,
        env: place.env,
        input: files.join('\n'),
      })
      const other = await timeOther(place, format, files)
      const failed = Number(own.stdout)
      const row: Row = { format, files: files.length, failed, 'CPU ms': own.cpuMs, 'wall ms': own.ms }
      if (other !== undefined) {
        Object.assign(row, {
          beside: other.program,
          'its CPU ms': other.cpuMs,
          'CPU ratio': own.cpuMs / other.cpuMs,
          'wall ratio': own.ms / other.ms,
        })
        const atMost = BARS[format]
        if (atMost !== undefined)
          bars.push({ what: `${format}: CPU by ${other.program}'s`, value: own.cpuMs / other.cpuMs, atMost })
      }
      if (format === 'html' && place.options.folder === undefined)
        bars.push({ what: 'html: ms of CPU for a page of 0.4 MB', value: own.cpuMs, atMost: HTML_MS_MAX })
      rows.push(row)
    }
    return { bench: 'convert', about: convert.about, tables: [{ title: 'All files of a format, once', rows }], bars }
  },
}

/** The files of `--folder`, or else generated ones. */
function filesByFormat(place: Place): Map<string, string[]> {
  const { folder } = place.options
  const root = folder === undefined ? join(place.dir, 'files') : resolve(folder)
  if (folder === undefined) {
    writeOfficeFiles(root, place.size(20, 2), place.size(10, 2))
    writeTexts(root, place.size(20, 2), place.size(10, 2), place.size(HTML_BYTES, HTML_BYTES))
  }
  const byFormat = new Map<string, string[]>()
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const format = formatOfExtension(extname(entry.name).toLowerCase())
    if (!entry.isFile() || format === undefined) continue
    byFormat.set(format, [...(byFormat.get(format) ?? []), join(entry.parentPath, entry.name)].sort())
  }
  return byFormat
}

type Timed = { program: string; cpuMs: number; ms: number }

/**
 * The sum over the files that the program can read; undefined if it is not installed or does not support the format.
 */
async function timeOther(place: Place, format: string, files: string[]): Promise<Timed | undefined> {
  const program = format === 'pdf' ? 'pdftotext' : PANDOC.has(format) ? 'pandoc' : undefined
  if (program === undefined || spawnSync(program, ['-v']).error !== undefined) return undefined
  const timed = { program, cpuMs: 0, ms: 0 }
  for (const file of files) {
    const command =
      program === 'pandoc'
        ? [program, '-f', format, '-t', 'gfm', '-o', '/dev/null', file]
        : [program, file, '/dev/null']
    const { cpuMs, ms } = await run(command, { cwd: place.dir, env: place.env, mayFail: true })
    timed.cpuMs += cpuMs
    timed.ms += ms
  }
  return timed
}
