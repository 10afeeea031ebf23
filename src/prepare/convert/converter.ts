// What turns one file into Markdown: one function per family of formats, run in a thread or a process of its own.
import type { Limits } from '../../core/config.ts'
import type { OutlineEntry } from '../../core/document/compiled.ts'
import type { Format } from '../../core/document/document.ts'
import type { Properties } from '../../core/document/prepared.ts'
import type { Seen } from '../../core/document/seen.ts'
import type { Failure } from '../../core/errors.ts'
import type { PlainPart } from '../coverage.ts'

/**
 * A converter. Its output is still untrusted: the worker then sanitizes, cuts and writes it. It throws `DocumentError`
 * (`encrypted`, `corrupt`, `bomb`, `unsupported`, …) naming `task.label`; any other error is reported as `corrupt`. It
 * writes files only through `task.images`, and reads only `task.path` and what `task.sibling` returns.
 */
export type Converter = (task: ConvertTask) => Promise<Converted>

export type ConvertTask = {
  /** The document's name in messages. */
  label: string
  /** Absolute path of the staged copy: a regular file that nothing else changes. */
  path: string
  /** Size of that file in bytes, at least 1. */
  size: number
  /** The recognised format of the content; the converter never decides it. */
  format: Format
  /** Lower-case extension with its dot, or ''. */
  extension: string
  /** `--encoding`: a label of the Encoding Standard, for text formats. */
  encoding?: string | undefined
  /** For a fetched page: its address, as the base of relative links. */
  url?: string | undefined
  limits: Limits
  images: ImageSink
  /** Takes pages of a PDF that were drawn because it does not have their text as letters. */
  scans?: ScanSink | undefined
  /** What a model saw on pictures of this document. */
  seen?: Seen | undefined
  /** Stores a picture next to the document, given its relative address as written in the text; see `siblings.ts`. */
  sibling?: ((address: string) => string | undefined) | undefined
  /** Takes a file inside this document, such as an attachment; see `parts.ts`. */
  part?: ReadPart
}

/** A file inside a document. Its text is still untrusted. `notes` are about this part alone. */
export type ReadPart = (bytes: Uint8Array, name: string) => Promise<PartText>

export type PartText =
  /** Becomes a document of its own. */
  | { kind: 'document' }
  | { kind: 'text'; format: Format; markdown: string; title?: string | undefined; notes: string[] }
  | { kind: 'failed'; failure: Failure }

/** Stores the document's images. Names are generated here, never taken from the document. */
export type ImageSink = {
  /**
   * Stores an image and returns its link target: `![alt](${target})`, `kbgit-image:1.png`. Equal bytes are stored once.
   * Returns undefined for an image that is not shown: one whose content is not a raster image (PNG, JPEG, GIF, WebP,
   * BMP, AVIF), or a small decoration. Throws `DocumentError` (`bomb`) beyond the limits.
   */
  add: (bytes: Uint8Array) => string | undefined
}

export type ScanSink = {
  /** Pages that are wanted. */
  readonly pagesMax: number
  /** `images`: the link targets of pictures on the page. */
  add: (page: number, png: Uint8Array, images: string[]) => void
}

export type Converted = {
  body: ConvertedBody
  /** If absent, built from the headings in the Markdown. Titles are plain text. */
  outline?: OutlineEntry[]
  /** The document's own metadata: plain text, every field optional. */
  title?: string
  author?: string
  /** As written in the document; later normalised to ISO 8601 or dropped. */
  date?: string
  /** BCP 47. */
  language?: string
  /** Canonical address. */
  url?: string
  from?: string
  to?: string
  subject?: string
  /** Other names and tags, and everything else that the front matter of a note says: see `note-properties.ts`. */
  aliases?: string[]
  tags?: string[]
  properties?: Properties
  /** Sentences that a reader should know, e.g. "Pages 3 and 4 have no text." Final once the body is consumed. */
  notes?: string[]
  /**
   * A plain extraction of the original, by code independent of what makes the body: all words that the result must
   * have, in reading order. Missing words are put back or recorded (`conserve.ts`). Final once the body is consumed.
   */
  plain?: Iterable<PlainPart>
  /** Words of `plain` that are omitted on purpose: running heads, page numbers, navigation, duplicates, hidden text. */
  dropped?: Iterable<string>
}

/**
 * The text: a string if all of it fits in memory many times over, otherwise a stream. Each piece of a stream is whole
 * blocks of Markdown, pieces are joined by a blank line, and memory use must not grow with the file.
 *
 * Markdown is CommonMark with GFM. Text from the document is escaped if it would mean something in Markdown. Remote
 * images are allowed: they are later turned into links.
 */
export type ConvertedBody =
  | { kind: 'flow'; markdown: string | AsyncIterable<string> }
  /** `physical`: pages, slides or sheets of the document; otherwise cuts made by the converter, e.g. of rows. */
  | { kind: 'pages'; physical: boolean; pages: Iterable<ConvertedPage> | AsyncIterable<ConvertedPage> }

/** One page, in order from 1. Its images are found through their links in `content`. */
export type ConvertedPage = {
  /** Markdown; may be empty. */
  content: string
}
