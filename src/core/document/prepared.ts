// The result of preparing one document: plain data that names files in a private staging folder.
import type { OutlineEntry } from './compiled.ts'
import { ATTACHMENTS_MAX, FORMATS, type DocumentLink, type Format } from './document.ts'
import { LINK } from './record.ts'
import { fields, fits, integer, list, oneOf, shapeOf, share, text, type Shape } from '../shape.ts'

export type PreparedImage = {
  /** File name inside `<staging>/images/`, chosen by the converter, never taken from the document. */
  file: string
  sha256: string
  /** Bytes. */
  size: number
}

/** A page that shows text or drawings which the PDF does not have as letters, drawn for a model that sees. */
export type PreparedScan = {
  /** Physical, from 1. */
  page: number
  /** PNG inside the staging folder, named by kbgit. */
  file: string
  sha256: string
  /** Bytes. */
  size: number
  /** Files of `images` that are on the page, and therefore seen with it. */
  images: string[]
}

/** A file inside the document that becomes a document of its own. */
export type PreparedAttachment = {
  /** File inside the staging folder, named by kbgit. */
  file: string
  /** The name that the message gives it, without folders. */
  name: string
  sha256: string
  /** Bytes. */
  size: number
}

export type Prepared = {
  sha256: string
  /** Bytes of the original. */
  size: number
  format: Format
  kind: 'short' | 'long'
  /** Pages, slides or sheets, if the format has them; for a long document without pages, the parts it was cut into. */
  pages?: number | undefined
  /** All file names below are inside the staging folder. `original` is the one consistent copy that was hashed. */
  original: 'original'
  /**
   * Short: `source.md`, Markdown whose image links are `kbgit-image:<file>`.
   * Long: `source.json`, `[{"page":1,"content":"…","images":["<file>"]}]`, one page per line.
   */
  text: 'source.md' | 'source.json'
  /** Bytes of the text file. */
  textSize: number
  /** Long documents: `tree.json`, `{"structure":[{title,node_id,start_index,end_index,nodes}]}`. */
  tree?: 'tree.json' | undefined
  images: PreparedImage[]
  /** Only if they were asked for. */
  scans?: PreparedScan[] | undefined
  attachments?: PreparedAttachment[]
  outline: OutlineEntry[]
  /** The document's own metadata. */
  title?: string
  author?: string
  /** ISO 8601 date or time. */
  date?: string
  /** BCP 47. */
  language?: string | undefined
  url?: string | undefined
  from?: string | undefined
  to?: string
  subject?: string
  /** Other names, tags without `#`, and everything else that the front matter of a note says. */
  aliases?: string[] | undefined
  tags?: string[] | undefined
  properties?: Properties | undefined
  /** Links that may lead to other documents; the text has only what they display. */
  links?: DocumentLink[] | undefined
  /** Warnings for the reader, e.g. "pages 3 and 4 have no text". */
  notes: string[]
  /** Share of the original's words that the text has; absent if it has all of them or they were not counted. */
  coverage?: number | undefined
  /** Words that the converter lost and that were put back; absent if there were none. */
  putBack?: number | undefined
  warnings?: DocumentWarning[]
}

/** Values of YAML, bounded; texts are single lines. */
export type Property = string | number | boolean | Property[] | Properties
export type Properties = { [key: string]: Property }

/** Pages that are drawn per document, whatever the configuration says. */
export const SCANS_MAX = 1_000

/** What `add` reports about a document that it added. */
export type DocumentWarning = {
  code: 'textLost' | 'attachmentFailed' | 'pictureFailed'
  message: string
  page?: number | undefined
}

/**
 * What compiling and planning read of it: everything but the original's bytes, the pictures and the attachments, which are
 * stored unchanged or not at all.
 */
export type PreparedText = Omit<Prepared, 'original' | 'sha256' | 'size' | 'images' | 'scans' | 'attachments'>

const anyText = text('a text', Number.MAX_SAFE_INTEGER)
const sha256 = text('a SHA-256', 64, /^[0-9a-f]{64}$/)
const imageFile = text('a file name', 20, /^\d{1,9}\.[a-z]{2,5}$/)

/** Written by a worker of the same version, whose values are bounded. */
const PROPERTIES: Shape<Properties> = (value, field) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? undefined : { field, expected: 'an object' }

const PREPARED = shapeOf<Prepared>()(
  fields(
    {
      sha256,
      size: integer(0),
      format: oneOf(...FORMATS),
      kind: oneOf('short', 'long'),
      original: oneOf('original'),
      text: oneOf('source.md', 'source.json'),
      textSize: integer(0),
      images: list(fields({ file: imageFile, sha256, size: integer(0) }, {}), Number.MAX_SAFE_INTEGER),
      outline: list(
        fields({ title: anyText, level: integer(0) }, { startPage: integer(0), endPage: integer(0) }),
        Number.MAX_SAFE_INTEGER,
      ),
      notes: list(anyText, Number.MAX_SAFE_INTEGER),
    },
    {
      scans: list(
        fields(
          {
            page: integer(1),
            file: text('a file name', 30, /^scans\/\d{1,9}\.png$/),
            sha256,
            size: integer(1),
            images: list(imageFile, Number.MAX_SAFE_INTEGER),
          },
          {},
        ),
        SCANS_MAX,
      ),
      attachments: list(
        fields(
          {
            file: text('a file name', 30, /^attachments\/\d{1,9}$/),
            name: text('a name', 1_000, /^[^\p{Cc}/\\]+$/u),
            sha256,
            size: integer(1),
          },
          {},
        ),
        ATTACHMENTS_MAX,
      ),
      pages: integer(0),
      tree: oneOf('tree.json'),
      title: anyText,
      author: anyText,
      date: anyText,
      language: anyText,
      url: anyText,
      from: anyText,
      to: anyText,
      subject: anyText,
      aliases: list(anyText, Number.MAX_SAFE_INTEGER),
      tags: list(anyText, Number.MAX_SAFE_INTEGER),
      properties: PROPERTIES,
      links: list(LINK, Number.MAX_SAFE_INTEGER),
      coverage: share,
      putBack: integer(0),
      warnings: list(
        fields(
          { code: oneOf('textLost', 'attachmentFailed', 'pictureFailed'), message: anyText },
          { page: integer(0) },
        ),
        10_000,
      ),
    },
  ),
)

/** Whether a value read from disk is complete and names only files of its own staging folder. */
export function isPrepared(value: unknown): value is Prepared {
  return fits(PREPARED, value)
}
