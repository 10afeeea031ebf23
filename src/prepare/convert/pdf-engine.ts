// PDFium as WebAssembly: opens a PDF and reads values out of its memory. Starting an instance takes as long as reading a
// short document, so documents are read by one instance in turn. One that failed, grew large or read many documents is
// not used again, and its memory is freed at once.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { init, type WrappedPdfiumModule } from '@embedpdf/pdfium'
import { DocumentError } from '../../core/errors.ts'

/** PDFium functions by their names in its headers, without the checks and conversions of the wrapper. */
export type Pdfium = WrappedPdfiumModule
export type Rect = { left: number; top: number; right: number; bottom: number }

export type Engine = {
  pdfium: Pdfium
  /** Pointer to the document. */
  document: number
  /** Pointer to the form environment, 0 if the document has no forms. */
  form: number
  /** As the document claims. */
  pages: number
  /** `count` floats that `fill` writes to the given addresses, or undefined if it returns false. */
  floats: (count: number, fill: (...places: number[]) => unknown) => number[] | undefined
  /** A UTF-16 string that `read` writes into a buffer of the given size, returning the size that it needs. */
  utf16: (read: (buffer: number, bytes: number) => number) => string
  utf8: (read: (buffer: number, bytes: number) => number) => string
  /** Where PDFium may write up to 64 bytes. */
  scratch: number
  /** Closes the document. Only for one that was read without an error: what failed is left to the garbage collector. */
  close: () => void
}

/** Error codes of `FPDF_GetLastError` (fpdfview.h). */
const ERROR_PASSWORD = 4
const ERROR_SECURITY = 5
/** Bytes per string; longer ones are cut. */
const STRING_BYTES_MAX = 4 * 1024 ** 2
const SCRATCH_BYTES = 64
/** An instance with more memory is not used again: it never becomes smaller. */
const INSTANCE_BYTES_MAX = 64 * 1024 ** 2
/** Documents per instance: bounds what is lost if PDFium forgets to free something. */
const INSTANCE_DOCUMENTS_MAX = 100

/** The part of WebAssembly used here: Node's types leave it to those of browsers. */
type WebAssembly = {
  compile: (bytes: Uint8Array) => Promise<object>
  Instance: new (module: object, imports: object) => object
  RuntimeError: new () => Error
}
const wasm = (globalThis as unknown as { WebAssembly: WebAssembly }).WebAssembly

let compiled: Promise<object> | undefined

async function compile(): Promise<object> {
  const path = createRequire(import.meta.url).resolve('@embedpdf/pdfium/pdfium.wasm')
  return wasm.compile(await readFile(path))
}

/** Errors that a damaged file causes inside PDFium: they end its instance, and nothing else. */
export function isEngineFailure(error: unknown): error is Error {
  return error instanceof wasm.RuntimeError || error instanceof RangeError
}

type Instance = { pdfium: Pdfium; reading: ReturnType<typeof reading>; documents: number }

/** The instance that waits for the next document. */
let idle: Instance | undefined

async function startInstance(): Promise<Instance> {
  const module = await (compiled ??= compile())
  const pdfium = await init({
    // The compiled module is shared between instances.
    instantiateWasm: (imports: object, done: (instance: object) => void) => {
      const instance = new wasm.Instance(module, imports)
      // Emscripten cannot take the instance before this function returns.
      queueMicrotask(() => done(instance))
      return {}
    },
    print: () => {},
    printErr: () => {},
  } as unknown as Parameters<typeof init>[0])
  callDirectly(pdfium)
  pdfium.PDFiumExt_Init()
  return { pdfium, reading: reading(pdfium), documents: 0 }
}

/** Opens a PDF without running anything in it. Throws `DocumentError` (`encrypted`, `corrupt`) naming `label`. */
export async function openEngine(bytes: Uint8Array, label: string): Promise<Engine> {
  const waiting = idle
  idle = undefined
  const instance = waiting ?? (await startInstance())
  const { pdfium } = instance
  const { wasmExports } = memoryOf(pdfium)
  const data = wasmExports['malloc']?.(bytes.length) ?? 0
  if (data === 0) throw corrupt(label, 'it does not fit into memory')
  // The views are replaced when memory grows.
  memoryOf(pdfium).HEAPU8.set(bytes, data)
  let document = 0
  try {
    document = pdfium.FPDF_LoadMemDocument(data, bytes.length, '')
  } catch (error) {
    throw corrupt(label, error instanceof Error ? error.message : String(error))
  }
  if (document === 0) throw openFailure(pdfium.FPDF_GetLastError(), label)
  const { form, closeForm } = openForm(pdfium, document)
  const close = (): void => {
    try {
      closeForm()
      pdfium.FPDF_CloseDocument(document)
      wasmExports['free']?.(data)
    } catch {
      // What was read stays right; the instance is given up.
      return
    }
    instance.documents++
    const fresh = instance.documents < INSTANCE_DOCUMENTS_MAX
    if (fresh && memoryOf(pdfium).HEAPU8.length <= INSTANCE_BYTES_MAX) idle = instance
  }
  return { pdfium, document, form, pages: pdfium.FPDF_GetPageCount(document), ...instance.reading, close }
}

type Memory = {
  HEAPU8: Uint8Array
  HEAPF32: Float32Array
  wasmExports: Record<string, (...args: number[]) => number>
}

function memoryOf(pdfium: Pdfium): Memory {
  return pdfium.pdfium as unknown as Memory
}

/** Functions of numbers alone that are called for each object of a page. */
const DIRECT = [
  'FPDFText_GetMatrix',
  'FPDFText_GetFontSize',
  'FPDFTextObj_GetFont',
  'FPDFPage_GetObject',
  'FPDFPageObj_GetType',
  'FPDFPageObj_GetBounds',
  'FPDFFormObj_CountObjects',
  'FPDFFormObj_GetObject',
] as const

/** The wrapper looks each function up and copies its arguments: that takes longer than most of these functions. */
function callDirectly(pdfium: Pdfium): void {
  const { wasmExports } = memoryOf(pdfium)
  for (const name of DIRECT) Object.assign(pdfium, { [name]: wasmExports[name] })
}

function openFailure(code: number, label: string): DocumentError {
  if (code === ERROR_PASSWORD || code === ERROR_SECURITY) {
    return new DocumentError(
      'encrypted',
      `${label} is encrypted and cannot be opened without its password.`,
      'Save a copy without the password and add that.',
    )
  }
  return corrupt(label, 'its structure is damaged')
}

export function corrupt(label: string, reason: string): DocumentError {
  return new DocumentError('corrupt', `${label} cannot be read as a PDF: ${reason}`, 'Download or export it again.')
}

function openForm(pdfium: Pdfium, document: number): { form: number; closeForm: () => void } {
  const info = pdfium.FPDF_GetFormType(document) > 0 ? pdfium.PDFiumExt_OpenFormFillInfo() : 0
  const form = info === 0 ? 0 : pdfium.PDFiumExt_InitFormFillEnvironment(document, info)
  const closeForm = (): void => {
    if (form !== 0) pdfium.PDFiumExt_ExitFormFillEnvironment(form)
    if (info !== 0) pdfium.PDFiumExt_CloseFormFillInfo(info)
  }
  return { form, closeForm }
}

function reading(pdfium: Pdfium): Pick<Engine, 'floats' | 'utf16' | 'utf8' | 'scratch'> {
  // When memory grows its views are replaced, so they are fetched for every read.
  const memory = memoryOf(pdfium)
  const allocate = (bytes: number): number => memory.wasmExports['malloc']?.(bytes) ?? 0
  const release = (index: number): unknown => memory.wasmExports['free']?.(index)
  const scratch = allocate(SCRATCH_BYTES)
  const places = Array.from({ length: SCRATCH_BYTES / 4 }, (_, index) => scratch + index * 4)
  const text = (read: (buffer: number, bytes: number) => number, encoding: 'utf16le' | 'utf8'): string => {
    const bytes = Math.min(read(0, 0), STRING_BYTES_MAX)
    if (bytes <= 0) return ''
    const buffer = allocate(bytes)
    read(buffer, bytes)
    const value = Buffer.from(memory.HEAPU8.buffer, buffer, bytes).toString(encoding)
    release(buffer)
    return value.replace(/\0[^]*$/u, '')
  }
  return {
    scratch,
    floats: (count, fill) => {
      if (!fill(...places.slice(0, count))) return undefined
      const heap = memory.HEAPF32
      const values: number[] = []
      for (let i = scratch >> 2; i < (scratch >> 2) + count; i++) values.push(heap[i] ?? 0)
      return values
    },
    utf16: (read) => text(read, 'utf16le'),
    utf8: (read) => text(read, 'utf8'),
  }
}
