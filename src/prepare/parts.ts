// Files inside a message: one of a known format is staged, to become a document of its own; an attached message is read
// here, as a section of the message that has it.
import { createHash } from 'node:crypto'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { extname } from 'node:path'
import { ATTACHMENTS_MAX, type Format } from '../core/document/document.ts'
import type { PreparedAttachment } from '../core/document/prepared.ts'
import { damageOf, DocumentError, type Failure } from '../core/errors.ts'
import { conserve, piecesOf } from './conserve.ts'
import type { Converter, ConvertTask, PartText } from './convert/converter.ts'
import { isDecoration } from './images.ts'
import { recognise } from './recognise.ts'

/** Maximum nesting of attached messages. */
const DEPTH_MAX = 4
const NAME_CHARACTERS_MAX = 200
const MESSAGES = new Set<Format>(['eml', 'msg'])

type Place = { staging: string; converterOf: (format: Format) => Promise<Converter> }

/** The files inside one document. */
export class Parts {
  readonly #place: Place
  readonly #attachments = new Map<string, PreparedAttachment>()
  readonly #names = new Set<string>()
  #count = 0

  constructor(place: Place) {
    this.#place = place
  }

  /** In the order of the message. */
  get attachments(): PreparedAttachment[] {
    return [...this.#attachments.values()]
  }

  /** The task of the document's converter; `depth` is its nesting. */
  taskOf(task: Omit<ConvertTask, 'part'>, depth = 0): ConvertTask {
    return { ...task, part: (bytes, name) => this.#read({ ...task, size: bytes.length }, bytes, name, depth + 1) }
  }

  async #read(task: ConvertTask, bytes: Uint8Array, name: string, depth: number): Promise<PartText> {
    if (depth > DEPTH_MAX) return refused(`Parts of a document are read up to ${DEPTH_MAX} levels deep.`)
    const label = fileName(name)
    if (isDecoration(bytes))
      return failed({ code: 'unsupported', message: `${label} is too small for a picture with text.` })
    if (bytes.length === 0) return failed({ code: 'empty', message: `${label} is empty.` })
    mkdirSync(`${this.#place.staging}/attachments`, { recursive: true })
    const file = `attachments/${++this.#count}`
    const path = `${this.#place.staging}/${file}`
    writeFileSync(path, bytes, { flag: 'wx', mode: 0o600 })
    try {
      const extension = extname(label).toLowerCase()
      const format = await recognise(path, bytes.length, { label, extension, named: true })
      if (!MESSAGES.has(format)) return this.#keep(file, bytes, label)
      return await this.#section({ ...task, path, label, extension, format }, depth)
    } catch (error) {
      return failed(error instanceof DocumentError ? error.failure : { code: 'corrupt', message: damageOf(error) })
    } finally {
      if (!this.attachments.some((kept) => kept.file === file)) rmSync(path)
    }
  }

  /** Equal bytes are one document. */
  #keep(file: string, bytes: Uint8Array, label: string): PartText {
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    if (this.#attachments.has(sha256)) return { kind: 'document' }
    if (this.#attachments.size >= ATTACHMENTS_MAX) return refused(`At most ${ATTACHMENTS_MAX} attachments are read.`)
    this.#attachments.set(sha256, { file, name: this.#free(label), sha256, size: bytes.length })
    return { kind: 'document' }
  }

  async #section(task: ConvertTask, depth: number): Promise<PartText> {
    const convert = await this.#place.converterOf(task.format)
    const { converted, outcome } = conserve(
      await convert({ ...this.taskOf(task, depth), url: undefined, encoding: undefined }),
    )
    const pieces: string[] = []
    for await (const piece of piecesOf(converted.body)) pieces.push(piece)
    return {
      kind: 'text',
      format: task.format,
      markdown: pieces.filter((piece) => piece.trim() !== '').join('\n\n'),
      notes: [...(converted.notes ?? []), ...outcome.notes],
      title: converted.title,
    }
  }

  /** `boats.docx`, then `boats-2.docx`. */
  #free(label: string): string {
    const extension = extname(label)
    const stem = label.slice(0, label.length - extension.length)
    let name = label
    for (let n = 2; this.#names.has(name); n++) name = `${stem}-${n}${extension}`
    this.#names.add(name)
    return name
  }
}

/** The last part of a file name in a message, on one line. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  const clean = last.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  const extension = extname(clean)
  const short = clean.slice(0, clean.length - extension.length).slice(0, NAME_CHARACTERS_MAX)
  return `${short}${extension.slice(0, 20)}` || 'unnamed'
}

function refused(message: string): PartText {
  return failed({ code: 'bomb', message })
}

function failed(failure: Failure): PartText {
  return { kind: 'failed', failure }
}
