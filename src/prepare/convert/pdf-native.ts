// PDFium through liteparse: positioned text, Markdown a page, images. Native code: run it where its crash hurts nobody.
import type { LiteParse as Parser, TextItem } from '@llamaindex/liteparse'
import { DocumentError, messageOf } from '../../core/errors.ts'
import type { PlacedText } from './pdf-words.ts'

export type NativeImage = { name: string; page: number; bytes: Uint8Array }

export type NativePage = {
  page: number
  width: number
  height: number
  /** Reconstructed by liteparse; images as `![](<name of a NativeImage>)`. */
  markdown: string
  items: PlacedText[]
  /** Nothing but a picture stands on the page: a scan. */
  scanned: boolean
}

export type NativeBatch = { pages: NativePage[]; images: NativeImage[] }

/** What is laid out again by liteparse: runs of text with even boxes. */
export type LaidOut = {
  width: number
  height: number
  items: { text: string; x: number; y: number; width: number; size: number; font: string; bold: boolean }[]
}

export type Native = {
  read: (pdf: Buffer, first: number, last: number, label: string) => Promise<NativeBatch>
  /** Markdown of each, in order. */
  layOut: (pages: LaidOut[]) => string[]
  /** Positioned words of pages that are pictures, by Tesseract with the language data in `tessdata`. */
  recognise: (pdf: Buffer, page: number, tessdata: string) => Promise<PlacedText[]>
}

/** PDFium, or undefined where its native part does not load on this machine. */
export async function loadNative(): Promise<Native | undefined> {
  let LiteParse: typeof Parser
  try {
    LiteParse = (await import('@llamaindex/liteparse')).LiteParse
    // The native part is loaded by the first parser, not by the import.
    void new LiteParse({ ocrEnabled: false, quiet: true })
  } catch {
    return undefined
  }
  return {
    read: async (pdf, first, last, label) => {
      const parser = new LiteParse({
        ocrEnabled: false,
        quiet: true,
        outputFormat: 'markdown',
        targetPages: `${first}-${last}`,
        maxPages: last - first + 1,
        extractImages: true,
        extractTextMetadata: true,
        emitWordBoxes: true,
        includeComplexity: true,
        continueOnPageError: true,
      })
      const result = await parser.parse(pdf).catch((error: unknown) => {
        const message = messageOf(error)
        if (/password|encrypt|security/i.test(message)) {
          throw new DocumentError(
            'encrypted',
            `${label} is encrypted: it opens with a password alone.`,
            'Save a copy without the password and add that.',
          )
        }
        throw new DocumentError(
          'corrupt',
          `${label} cannot be read as a PDF: ${message}`,
          'Download or export it again.',
        )
      })
      return {
        pages: result.pages.map((page) => ({
          page: page.pageNum,
          width: page.width,
          height: page.height,
          markdown: page.markdown,
          items: page.textItems,
          scanned: page.complexity?.fullPageImage === true || page.complexity?.reasons.includes('scanned') === true,
        })),
        images: result.images.map(({ name, page, bytes }) => ({ name, page, bytes })),
      }
    },
    layOut: (pages) => {
      const parser = new LiteParse({
        ocrEnabled: false,
        quiet: true,
        outputFormat: 'markdown',
        keepHeadersFooters: true,
      })
      const result = parser.parsePages(
        pages.map(({ width, height, items }, at) => ({
          pageNumber: at + 1,
          pageWidth: width,
          pageHeight: height,
          textItems: items.map((item): TextItem => ({
            text: item.text,
            x: item.x,
            y: item.y,
            width: item.width,
            height: item.size,
            fontName: item.font === '' ? 'Unnamed' : item.font,
            fontSize: item.size,
            fontHeight: item.size,
            fontWeight: item.bold ? 700 : 400,
            rotation: 0,
            words: [],
          })),
        })),
      )
      return result.pages.map((page) => page.markdown)
    },
    recognise: async (pdf, page, tessdata) => {
      const parser = new LiteParse({
        ocrEnabled: true,
        ocrLanguage: 'eng',
        tessdataPath: tessdata,
        ocrFailureFatal: true,
        quiet: true,
        numWorkers: 1,
        dpi: 300,
        targetPages: String(page),
        outputFormat: 'json',
      })
      const result = await parser.parse(pdf)
      return result.pages[0]?.textItems ?? []
    },
  }
}
