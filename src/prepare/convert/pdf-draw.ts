// Draws a page of a PDF as a PNG, for a model that sees.
import { crc32, deflateSync } from 'node:zlib'
import type { Engine } from './pdf-engine.ts'

/** Pixels of the longer side: larger pictures are made smaller by providers, which take it for about 1,600 tokens. */
const SIDE_PIXELS = 1_568
/** Formats of a bitmap, and flags of the renderer (fpdfview.h). */
const BGRX = 3
const WITH_ANNOTATIONS = 1
/** Coloured pages that take more are drawn in grey: providers take little more than this. */
const PNG_BYTES_MAX = 3_500_000
const WHITE = 0xff_ff_ff_ff

/** The page as displayed; undefined if it is too damaged. `index` is counted from 0. */
export function drawPage({ pdfium, document }: Engine, index: number): Buffer | undefined {
  const page = pdfium.FPDF_LoadPage(document, index)
  if (page === 0) return undefined
  try {
    const [across, down] = [pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)]
    const longer = Math.max(across, down)
    if (!(longer > 0)) return undefined
    const pixels = (points: number): number => Math.max(1, Math.round((points / longer) * SIDE_PIXELS))
    const [width, height] = [pixels(across), pixels(down)]
    const bitmap = pdfium.FPDFBitmap_CreateEx(width, height, BGRX, 0, 0)
    if (bitmap === 0) return undefined
    pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, width, height, WHITE)
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, WITH_ANNOTATIONS)
    const start = pdfium.FPDFBitmap_GetBuffer(bitmap)
    const { HEAPU8 } = pdfium.pdfium as unknown as { HEAPU8: Uint8Array }
    const drawn = HEAPU8.subarray(start, start + width * height * 4)
    const coloured = isGrey(drawn) ? undefined : pngOf(drawn, width, height, 3)
    const png = coloured !== undefined && coloured.length <= PNG_BYTES_MAX ? coloured : pngOf(drawn, width, height, 1)
    pdfium.FPDFBitmap_Destroy(bitmap)
    return png
  } finally {
    pdfium.FPDF_ClosePage(page)
  }
}

function isGrey(pixels: Uint8Array): boolean {
  for (let at = 0; at < pixels.length; at += 4)
    if (pixels[at] !== pixels[at + 1] || pixels[at] !== pixels[at + 2]) return false
  return true
}

/**
 * Of pixels of blue, green, red and a spare byte each. Grey, for one sample, is their green, which the eye sees most of
 * (PNG, second edition, sections 4 and 11).
 */
function pngOf(pixels: Uint8Array, width: number, height: number, samples: 1 | 3): Buffer {
  const rows = Buffer.alloc(height * (1 + width * samples))
  let to = 0
  for (let y = 0, at = 0; y < height; y++) {
    // No filter.
    rows[to++] = 0
    for (let x = 0; x < width; x++, at += 4) {
      if (samples === 3) rows[to++] = pixels[at + 2] ?? 0
      rows[to++] = pixels[at + 1] ?? 0
      if (samples === 3) rows[to++] = pixels[at] ?? 0
    }
  }
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, samples === 1 ? 0 : 2], 8)
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', head),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(type: string, data: Buffer): Buffer {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const whole = Buffer.alloc(named.length + 8)
  whole.writeUInt32BE(data.length, 0)
  named.copy(whole, 4)
  whole.writeUInt32BE(crc32(named), named.length + 4)
  return whole
}
