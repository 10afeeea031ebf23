// Pictures with text on them: pages of a PDF, drawn by PDFium.
import { openEngine } from '../../src/prepare/convert/pdf-engine.ts'
import { pngOf } from './documents.ts'
import { pdf, type PdfLine } from './pdf.ts'

/** `pixels`: red, green and blue of each, row by row. */
export type Drawn = { width: number; height: number; pixels: Buffer }

const WHITE = 0xff_ff_ff_ff
const BGRX = 3

/** Lines of text in black on white, three pixels per point. */
export async function drawText(...lines: string[]): Promise<Drawn> {
  return drawLines(lines.map((text, index) => ({ text, y: 100 + index * 40 })))
}

/** The upper 300 points of a letter-sized page in black on white, three pixels per point. */
export async function drawLines(lines: PdfLine[]): Promise<Drawn> {
  const { pdfium, document } = await openEngine(pdf([{ lines }]), 'x')
  const page = pdfium.FPDF_LoadPage(document, 0)
  const [width, height] = [1_800, 900]
  const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, BGRX, 0, 0)
  pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE)
  pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, (width * 792) / 612, 0, 0)
  const buffer = pdfium.FPDFBitmap_GetBuffer(bitmap)
  const memory = (pdfium.pdfium as unknown as { HEAPU8: Uint8Array }).HEAPU8
  const drawn = Buffer.from(memory.slice(buffer, buffer + width * height * 4))
  const pixels = Buffer.alloc(width * height * 3)
  for (let offset = 0; offset < width * height; offset++) {
    const [blue = 0, green = 0, red = 0] = drawn.subarray(offset * 4, offset * 4 + 3)
    pixels.set([red, green, blue], offset * 3)
  }
  return { width, height, pixels }
}

export function pngWith({ width, height, pixels }: Drawn): Buffer {
  return pngOf(width, height, pixels)
}

/** A TIFF without compression, with the same picture on each page (TIFF 6.0, sections 2 and 6). */
export function tiffWith({ width, height, pixels }: Drawn, pages = 1): Buffer {
  const bits = 8 + pixels.length
  const first = bits + 6
  const directory = (next: number): Buffer => {
    const entries: [tag: number, type: number, count: number, value: number][] = [
      [256, 4, 1, width],
      [257, 4, 1, height],
      [258, 3, 3, bits],
      [259, 3, 1, 1],
      [262, 3, 1, 2],
      [273, 4, 1, 8],
      [277, 3, 1, 3],
      [278, 4, 1, height],
      [279, 4, 1, pixels.length],
    ]
    const bytes = Buffer.alloc(2 + entries.length * 12 + 4)
    bytes.writeUInt16LE(entries.length, 0)
    for (const [offset, [tag, type, count, value]] of entries.entries()) {
      bytes.writeUInt16LE(tag, 2 + offset * 12)
      bytes.writeUInt16LE(type, 4 + offset * 12)
      bytes.writeUInt32LE(count, 6 + offset * 12)
      bytes.writeUInt32LE(value, 10 + offset * 12)
    }
    bytes.writeUInt32LE(next, bytes.length - 4)
    return bytes
  }
  const size = directory(0).length
  const header = Buffer.from('49492a0000000000', 'hex')
  header.writeUInt32LE(first, 4)
  return Buffer.concat([
    header,
    pixels,
    Buffer.from('080008000800', 'hex'),
    ...Array.from({ length: pages }, (_, index) => directory(index + 1 === pages ? 0 : first + (index + 1) * size)),
  ])
}
