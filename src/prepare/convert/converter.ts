// What turns one file into Markdown: one function a family of formats, run in a thread or a process of its own.
import type { Limits } from '../../core/config.ts'
import type { OutlineEntry } from '../../core/document/compiled.ts'
import type { Format } from '../../core/document/document.ts'
import type { Failure } from '../../core/errors.ts'
import type { PlainPart } from '../coverage.ts'

/**
 * A converter. What it gives is untrusted still: the worker makes all text inert afterwards, cuts and writes it.
 * It throws `DocumentError` (`encrypted`, `corrupt`, `bomb`, `unsupported`, …) naming `task.label`; what else it throws
 * becomes `corrupt`. It writes no file but through `task.images`, and reads none but `task.path` and through `task.sibling`.
 */
export type Converter = (task: ConvertTask) => Promise<Converted>

export type ConvertTask = {
  /** What the user sees in messages. */
  label: string
  /** Absolute path of the staged copy: a regular file that nobody changes. */
  path: string
  /** Bytes of that file, at least 1. */
  size: number
  /** What the content was recognised as; never decided by the converter. */
  format: Format
  /** Lower-case extension with its dot, or ''. */
  extension: string
  /** `--encoding`: a label of the Encoding Standard, for text formats. */
  encoding?: string | undefined
  /** Of a fetched page: its address, for relative links. */
  url?: string | undefined
  limits: Limits
  images: ImageSink
  /** Takes a picture that lies beside the document, by its relative address as it stands there; see `beside.ts`. */
  sibling?: (address: string) => string | undefined
  /** Converts a document that is inside of this one, such as an attachment; see `parts.ts`. */
  part?: ReadPart
}

/** A document inside of another one. What it gives is untrusted still. `notes` are of the part alone. */
export type ReadPart = (bytes: Uint8Array, name: string) => Promise<PartText>

export type PartText =
  | { kind: 'text'; format: Format; markdown: string; title?: string; notes: string[] }
  | { kind: 'failed'; failure: Failure }

/** Takes the document's images. Names are made here, never taken from the document. */
export type ImageSink = {
  /**
   * Stores an image and gives what stands in a Markdown link: `![alt](${target})`, `kbgit-image:1.png`. Equal bytes
   * are stored once. Gives undefined for what is not shown: no raster image (PNG, JPEG, GIF, WebP, BMP, AVIF) by its
   * content, or a small decoration. Throws `DocumentError` (`bomb`) past the limits.
   */
  add: (bytes: Uint8Array) => string | undefined
}

export type Converted = {
  body: ConvertedBody
  /** Absent: made of the headings that the Markdown has. Titles are plain text. */
  outline?: OutlineEntry[]
  /** What the document tells of itself: plain text, any of it absent. */
  title?: string
  author?: string
  /** As the document has it; made ISO 8601 or dropped afterwards. */
  date?: string
  /** BCP 47. */
  language?: string
  /** Canonical address. */
  url?: string
  from?: string
  to?: string
  subject?: string
  /** Sentences that a reader should know, e.g. "Pages 3 and 4 have no text." Read when the body was consumed. */
  notes?: string[]
  /**
   * A plain extraction of the original, by other code than the one that makes the body: every word that the result must
   * have, in reading order. What the result lacks is put back or recorded (`conserve.ts`). Read when the body was consumed.
   */
  plain?: Iterable<PlainPart>
  /** Words of `plain` that are left out on purpose: running heads, page numbers, navigation, duplicates, hidden text. */
  dropped?: Iterable<string>
}

/**
 * The text. Give a string where all of it fits in memory many times over, and a stream where it may not: then every
 * piece is whole blocks of Markdown, pieces are joined by a blank line, and the memory used must not grow with the file.
 *
 * Markdown is CommonMark with GFM. Text from the document is escaped where it would mean something in Markdown.
 * Remote images may stand as images: they become links afterwards.
 */
export type ConvertedBody =
  | { kind: 'flow'; markdown: string | AsyncIterable<string> }
  /** `physical`: pages, slides or sheets that the document has; else cuts that the converter made, e.g. of rows. */
  | { kind: 'pages'; physical: boolean; pages: Iterable<ConvertedPage> | AsyncIterable<ConvertedPage> }

/** One page, in order from 1. Its images are found by their links in `content`. */
export type ConvertedPage = {
  /** Markdown; may be empty. */
  content: string
}
