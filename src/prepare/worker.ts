// What runs in a worker: one document from its file to its staging folder. Failures are returned, not thrown.
import type { CompileReply } from '../core/document/compiled.ts'
import type { Format } from '../core/document/document.ts'
import { damageOf, DocumentError, systemCode, type Failure } from '../core/errors.ts'
import type { Prepared } from '../core/document/prepared.ts'
import { siblingPictures } from './siblings.ts'
import { DocumentLinks } from './document-links.ts'
import { conserve } from './conserve.ts'
import type { Converted, Converter } from './convert/converter.ts'
import { FORMAT_TABLE, type ConverterRuntime } from './convert/formats.ts'
import { ImageStore } from './images.ts'
import { sanitize } from './sanitize.ts'
import { ScanStore } from './scans.ts'
import { SeenPictures } from './seen-pictures.ts'
import { takeOriginal } from './original.ts'
import { Parts } from './parts.ts'
import type { PrepareReply, PrepareTask } from './protocol.ts'
import { recognise } from './recognise.ts'
import { plainTitle } from './tree.ts'
import { writeConverted, type Written } from './write.ts'

/** `runtime` is where this worker runs. */
export type WorkerTask = PrepareTask & { runtime: ConverterRuntime }
/** `elsewhere`: the content needs a converter that must not run here; the staging folder is empty again. */
export type WorkerReply = PrepareReply | { elsewhere: ConverterRuntime }

/** A larger original or text (in bytes) is compiled in another worker, so that this one's memory is freed first. */
const GO_ON_BYTES_MAX = 8 * 1024 ** 2

export default async function prepare(task: WorkerTask): Promise<WorkerReply> {
  const start = performance.now()
  if (task.runtime === 'process' && process.listenerCount('disconnect') === 0) {
    // Without its parent the process has no one to reply to, and nothing else would end it.
    process.once('disconnect', () => process.kill(process.pid, 'SIGKILL'))
  }
  try {
    const outcome = await prepareDocument(task)
    if ('elsewhere' in outcome || 'ok' in outcome) return outcome
    const reply = { ok: true as const, prepared: outcome, elapsedMs: performance.now() - start }
    if (task.compile === undefined || Math.max(outcome.size, outcome.textSize) > GO_ON_BYTES_MAX) return reply
    return { ...reply, compiled: await goOn(task.compile, { prepared: outcome, staging: task.staging }) }
  } catch (error) {
    return { ok: false, failure: failureOf(error, task.label) }
  }
}

/**
 * Compiles in the same worker: it has the text in memory, and another thread would load and warm up the same libraries.
 */
async function goOn(
  { module, input }: NonNullable<PrepareTask['compile']>,
  made: { prepared: Prepared; staging: string },
): Promise<{ reply: CompileReply; elapsedMs: number }> {
  const compile = await compileOf(module)
  const start = performance.now()
  return { reply: compile({ ...input, ...made }), elapsedMs: performance.now() - start }
}

type Compile = (input: object) => CompileReply

// Importing a module that is already loaded still takes a tenth of the time of a small note.
const compiles = new Map<string, Compile>()
const converters = new Map<Format, Converter>()

async function compileOf(module: string): Promise<Compile> {
  const known = compiles.get(module)
  if (known !== undefined) return known
  const { default: compile } = (await import(module)) as { default: Compile }
  compiles.set(module, compile)
  return compile
}

async function converterOf(format: Format): Promise<Converter> {
  const known = converters.get(format)
  if (known !== undefined) return known
  const { convert } = await FORMAT_TABLE[format].load()
  converters.set(format, convert)
  return convert
}

type Undone = Exclude<WorkerReply, { ok: true }>

async function prepareDocument(task: WorkerTask): Promise<Prepared | Undone> {
  const original = takeOriginal(task)
  const format = await recognise(original.path, original.size, task)
  const entry = FORMAT_TABLE[format]
  if (entry.runtime === 'process' && task.runtime === 'thread') return elsewhere(task.staging, entry.runtime)
  const convert = await converterOf(format)
  const images = new ImageStore(task.staging, task.label, task.limits)
  const scans = new ScanStore(task.staging, task.scansMax ?? 0)
  let missed = false
  const sibling = siblingPictures(task, format, images, () => (missed = true))
  const options = {
    label: task.label,
    limits: task.limits,
    images,
    encoding: task.encoding,
    url: task.url,
    path: original.path,
    size: original.size,
    format,
    extension: task.extension,
    scans,
    seen: task.seen,
  }
  const described = new SeenPictures(task.seen?.pictures ?? [], images, format)
  const parts = new Parts({ staging: task.staging, converterOf })
  const result = await convert(parts.taskOf({ ...options, sibling }))
  const { converted, outcome } = conserve(result)
  const url = converted.url ?? task.url
  const links = DocumentLinks.of(format, task.url)
  let unreadable = 0
  const written = await writeConverted(converted, {
    staging: task.staging,
    longPages: task.longPages,
    links,
    // A PDF has a note of its own about letters that its fonts do not identify.
    inspect: (piece) => {
      if (format !== 'pdf') unreadable += piece.split('\ufffd').length - 1
    },
    sanitize: async (markdown, linked = true) => {
      const safe = await sanitize(markdown, {
        hasImage: (file) => images.has(file),
        url,
        sibling,
        link: links === undefined || !linked ? undefined : (target) => links.add(target),
        wikilinks: format === 'md' && links !== undefined && linked,
      })
      return linked ? described.insert(safe) : safe
    },
  })
  if (missed) return needsFolder(task.label)
  return {
    sha256: original.sha256,
    size: original.size,
    format,
    original: 'original',
    ...written,
    images: images.stored,
    ...(scans.stored.length === 0 ? {} : { scans: scans.stored }),
    ...(parts.attachments.length === 0 ? {} : { attachments: parts.attachments }),
    ...metadataOf(converted, written, format, url),
    links: links === undefined || links.kept.length === 0 ? undefined : links.kept,
    aliases: converted.aliases,
    tags: converted.tags,
    properties: converted.properties,
    notes: [...(converted.notes ?? []), ...unreadableNote(unreadable), ...outcome.notes]
      .map(plainTitle)
      .filter((note) => note !== ''),
    coverage: outcome.coverage,
    ...(outcome.putBack === 0 ? {} : { putBack: outcome.putBack }),
    ...(outcome.warnings.length === 0 ? {} : { warnings: outcome.warnings }),
  }
}

/** Bytes that are invalid in the encoding of the text. */
function unreadableNote(count: number): string[] {
  return count === 0
    ? []
    : [`${count} ${count === 1 ? 'character' : 'characters'} could not be decoded (shown as \ufffd).`]
}

function needsFolder(label: string): Undone {
  const failure = { code: 'internal' as const, message: `${label} links pictures beside it.` }
  return { ok: false, failure, needsFolder: true }
}

/** Leaves the document to another kind of worker, with the staging folder empty again. */
async function elsewhere(staging: string, runtime: ConverterRuntime): Promise<{ elsewhere: ConverterRuntime }> {
  const { readdir, rm } = await import('node:fs/promises')
  for (const name of await readdir(staging)) await rm(`${staging}/${name}`, { recursive: true })
  return { elsewhere: runtime }
}

/** The document's own metadata, as single lines. */
function metadataOf(
  converted: Converted,
  written: Written,
  format: Format,
  url: string | undefined,
): Partial<Prepared> {
  const facts: Partial<Prepared> = {}
  // The heading of a sheet is its own name, not the workbook's.
  const titled = !['xlsx', 'xls', 'ods'].includes(format)
  const title = converted.title ?? (titled ? written.outline.find((entry) => entry.level === 1)?.title : undefined)
  const { author, from, to, subject } = converted
  for (const [key, value] of Object.entries({ title, author, from, to, subject })) {
    const line = plainTitle(value ?? '')
    if (line !== '') facts[key as 'title'] = line
  }
  const date = isoDate(converted.date)
  if (date !== undefined) facts.date = date
  const language = languageTag(converted.language)
  if (language !== undefined) facts.language = language
  if (url !== undefined && URL.canParse(url) && /^https?:/.test(url)) facts.url = new URL(url).href
  return facts
}

/** ISO 8601 unchanged, or a date that JavaScript parses without guessing a time zone. */
function isoDate(date: string | undefined): string | undefined {
  const text = date?.trim() ?? ''
  const iso = /^\d{4}(?:-\d{2}(?:-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?)?)?$/.exec(text)
  // Fractions of a second come from programs, and say nothing about a document.
  if (iso !== null) return text.replace(/\.\d+/, '')
  const time = Date.parse(/\d:\d/.test(text) ? text : `${text} UTC`)
  if (text === '' || !/\d{4}/.test(text) || Number.isNaN(time)) return undefined
  const whole = new Date(time).toISOString()
  return /\d:\d/.test(text) ? whole.replace(/\.\d+Z$/, 'Z') : whole.slice(0, 10)
}

function languageTag(language: string | undefined): string | undefined {
  try {
    return language === undefined ? undefined : Intl.getCanonicalLocales(language.trim().replaceAll('_', '-'))[0]
  } catch {
    return undefined
  }
}

function failureOf(error: unknown, label: string): Failure {
  if (error instanceof DocumentError) return error.failure
  if (error instanceof RangeError && (systemCode(error) === undefined || systemCode(error) === 'ERR_STRING_TOO_LONG')) {
    const deep = /call stack/i.test(error.message)
    return deep
      ? { code: 'bomb', message: `${label} is nested too deeply.`, hint: 'Simplify it, or add a simpler version.' }
      : {
          code: 'convertMemory',
          message: `${label} needs more memory than a single value can use.`,
          hint: 'Split it into smaller files.',
        }
  }
  const system = systemCode(error)
  if (system !== undefined && /^E(?:NOSPC|DQUOT|IO|ROFS|MFILE|NFILE|FBIG|ACCES|PERM)$/.test(system)) {
    return {
      code: 'internal',
      message: `${label} could not be staged (${system}).`,
      hint: 'Check the free space on the disk of the base.',
    }
  }
  return {
    code: 'corrupt',
    message: `${label} could not be converted: ${damageOf(error)}.`,
    hint: 'Open it in the program that made it, and save it again.',
  }
}
