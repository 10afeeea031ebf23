// Documents inside a document, such as the attachments of a mail: each converted by the converter for its format.
import { rmSync, writeFileSync } from 'node:fs'
import { basename, extname } from 'node:path'
import type { Format } from '../core/document/document.ts'
import { DocumentError, messageOf } from '../core/errors.ts'
import { conserve, piecesOf } from './conserve.ts'
import type { Converter, ConvertTask, PartText, ReadPart } from './convert/converter.ts'
import { FORMAT_TABLE, type ConverterRuntime } from './convert/formats.ts'
import { recognise } from './recognise.ts'

/** Parts per document, over all levels. */
const PARTS_MAX = 200
/** Maximum nesting of parts. */
const DEPTH_MAX = 4

/** A part needs a converter that must not run in this worker. Caught only by the worker. */
export class RuntimeNeeded extends Error {
  readonly runtime: ConverterRuntime
  constructor(runtime: ConverterRuntime) {
    super(`A part needs a ${runtime}.`)
    this.runtime = runtime
  }
}

type Place = { staging: string; runtime: ConverterRuntime; converterOf: (format: Format) => Promise<Converter> }

/** Reads the parts of one document. The files that converters need are in the staging folder while they run. */
export function partReader(task: Omit<ConvertTask, 'part' | 'beside'>, place: Place): ReadPart {
  let count = 0
  const at =
    (depth: number): ReadPart =>
    async (bytes, name) => {
      if (depth > DEPTH_MAX || ++count > PARTS_MAX) {
        const bound = depth > DEPTH_MAX ? `parts ${DEPTH_MAX} deep` : `${PARTS_MAX} parts`
        return { kind: 'failed', failure: { code: 'bomb', message: `At most ${bound} of a document are read.` } }
      }
      const path = `${place.staging}/part-${count}`
      writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 })
      try {
        return await readPart({ ...task, path, size: bytes.length, part: at(depth + 1) }, name, place)
      } catch (error) {
        if (error instanceof RuntimeNeeded) throw error
        const failure =
          error instanceof DocumentError ? error.failure : { code: 'corrupt' as const, message: messageOf(error) }
        return { kind: 'failed', failure }
      } finally {
        rmSync(path)
      }
    }
  return at(1)
}

async function readPart(task: ConvertTask, name: string, { runtime, converterOf }: Place): Promise<PartText> {
  const label = basename(name) || 'the part'
  if (task.size === 0) throw new DocumentError('empty', `${label} is empty.`)
  const extension = extname(label).toLowerCase()
  const format = await recognise(task.path, task.size, { label, extension, named: true })
  if (FORMAT_TABLE[format].runtime === 'process' && runtime === 'thread') throw new RuntimeNeeded('process')
  const convert = await converterOf(format)
  const { converted, outcome } = conserve(
    await convert({ ...task, label, extension, format, url: undefined, encoding: undefined }),
  )
  const pieces: string[] = []
  for await (const piece of piecesOf(converted.body)) pieces.push(piece)
  return {
    kind: 'text',
    format,
    markdown: pieces.filter((piece) => piece.trim() !== '').join('\n\n'),
    notes: [...(converted.notes ?? []), ...outcome.notes],
    ...(converted.title === undefined ? {} : { title: converted.title }),
  }
}
