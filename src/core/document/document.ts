// The registry: what the base knows about its documents. One small JSON file per document, `documents/<name>.json`.

export const FORMATS = [
  'pdf',
  'docx',
  'pptx',
  'xlsx',
  'xls',
  'html',
  'md',
  'txt',
  'csv',
  'tsv',
  'json',
  'jsonl',
  'xml',
  'rss',
  'epub',
  'ipynb',
  'odt',
  'ods',
  'odp',
  'rtf',
  'eml',
  'msg',
  'png',
  'jpg',
  'webp',
  'tiff',
] as const
export type Format = (typeof FORMATS)[number]

/** Attachments of one message that become documents. */
export const ATTACHMENTS_MAX = 200

/** A term that a document uses without enough weight for a page. A second document that shares it creates the page. */
export type Mention = {
  key: string
  name: string
  kind: TopicKind
  type?: string | undefined
  says: string
  place?: Place | undefined
}
export type TopicKind = 'concept' | 'entity'

/** A location in a document: a physical page from 1, or the text of a heading. */
export type Place = { page?: number | undefined; heading?: string | undefined }

/**
 * A link in a document's text that may lead to another document. Where it leads is looked up by the names that documents
 * have now, so it is not part of the record.
 */
export type DocumentLink = {
  /** As written, decoded: a name, or a path with `/`; it begins with `./` or `../` if it is relative. '' is the document itself. */
  to: string
  /** The heading or block after `#`. */
  part?: string | undefined
  /** What is displayed, as Markdown: all that is left of a link that leads nowhere. */
  text: string
  /** Where that begins in the text without links, in UTF-16 units. */
  at: number
  /** The page of a long document, from 1. */
  page?: number | undefined
}

export type DocumentRecord = {
  version: 1
  name: string
  title: string
  /** Of the original's bytes, hex. */
  sha256: string
  format: Format
  kind: 'short' | 'long'
  pages?: number | undefined
  /** Absolute path of the file it came from (bytes that are not UTF-8 as `\xNN`), or its URL. */
  origin: string
  /** Folder path of the file below the input that the user named, `/`-separated. */
  context?: string | undefined
  /** Of a message: the names of the documents that are its attachments. */
  attachments?: string[] | undefined
  /** Of a document that is attached to messages: their names. It goes with the last of them, unless it is `standalone`. */
  attachedTo?: string[] | undefined
  /** It is attached to messages, but came into the base on its own. */
  standalone?: true | undefined
  /** Paths relative to the base. */
  raw: string
  source: string
  tree?: string | undefined
  summary: string
  /** Extracted images, relative to the base. */
  images?: string[]
  /** Other names that the document gives itself. */
  aliases?: string[] | undefined
  /** In the order of the text. */
  links?: DocumentLink[] | undefined
  /** The listing page that has its entry, relative to the base. */
  listed: string
  language?: string | undefined
  /** Share of the original's words that the text has, if it lacks some: 0 to below 1. */
  coverage?: number | undefined
  compiler: string
  model?: string | undefined
  /** ISO 8601, UTC, seconds. */
  addedAt: string
  /** Paths, relative to the base, of the topic pages that have a section of this document. */
  topics: string[]
  mentions?: Mention[]
  /** Digests of the sections that kbgit wrote on `topics`: a section with another digest was edited by a person. */
  sections?: string[]
  /** Digests of the parts of `summary` that kbgit wrote and commits of other documents do not change. */
  summaryParts?: string[]
  /** Pages on which a person edited the document's section, with the section as kbgit wrote it. */
  edited?: { page: string; generated: string }[]
  /** After a merge, until its files are there: documents that had the same name on the other side. */
  displaced?: Displaced[] | undefined
}

/** A document that a merge gave another name: it has `name` now, and in `commit` still the one of this record. */
export type Displaced = {
  name: string
  sha256: string
  commit: string
  /** The merge base, if both sides had the document: then the changes since are merged. */
  base?: string | undefined
}

/** The file's bytes: stable key order, so that equal records are equal files. */
export function serializeRecord(record: DocumentRecord): string {
  return `${JSON.stringify(record, null, 1)}\n`
}
