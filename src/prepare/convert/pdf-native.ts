// Pictures of a PDF, and text recognition, with liteparse. It is native code: run it where a crash does no harm.
import type { LiteParse as Parser } from '@llamaindex/liteparse'
import type { PlacedText } from './pdf-words.ts'

/** `x`, `y` and `right` are on the page as displayed, in points from its top left corner. */
export type NativeImage = { page: number; bytes: Uint8Array; x: number; y: number; right: number }

export type Native = {
  /** Pictures of the given pages, in order. */
  images: (pdf: Buffer, pages: number[]) => Promise<NativeImage[]>
  /** Positioned words of a page of a PDF, or of a picture, recognised by Tesseract with the language data in `tessdata`. */
  recognise: (
    file: Buffer,
    page: number,
    tessdata: string,
  ) => Promise<{ items: PlacedText[]; width: number; height: number }>
}

/** liteparse, or undefined if its native part cannot be loaded on this machine. */
export async function loadNative(): Promise<Native | undefined> {
  let LiteParse: typeof Parser
  try {
    LiteParse = (await import('@llamaindex/liteparse')).LiteParse
    // The native part is loaded by the first parser, not by the import.
    void new LiteParse({ ocrEnabled: false, quiet: true })
  } catch {
    return undefined
  }
  const options = { quiet: true, outputFormat: 'json' as const, continueOnPageError: true }
  return {
    images: async (pdf, pages) => {
      const parser = new LiteParse({
        ...options,
        ocrEnabled: false,
        targetPages: pages.join(','),
        maxPages: pages.length,
        extractImages: true,
      })
      const { images } = await parser.parse(pdf)
      return images.map(({ page, bytes, bbox }) => ({ page, bytes, x: bbox.x, y: bbox.y, right: bbox.x + bbox.width }))
    },
    recognise: async (file, page, tessdata) => {
      const parser = new LiteParse({
        ...options,
        ocrEnabled: true,
        ocrLanguage: 'eng',
        tessdataPath: tessdata,
        ocrFailureFatal: true,
        numWorkers: 1,
        dpi: 300,
        targetPages: String(page),
      })
      const [read] = (await parser.parse(file)).pages
      return { items: read?.textItems ?? [], width: read?.width ?? 0, height: read?.height ?? 0 }
    },
  }
}
