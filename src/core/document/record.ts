// Reading the registry. A base may come from a stranger, so a record must be what kbgit itself could have written at
// that path. Everything that becomes a path follows from the record's own location.
import { KbError } from '../errors.ts'
import { documentPaths, DOCUMENTS, listingPath } from '../layout.ts'
import { isSlug } from '../page/slug.ts'
import { pathFault } from '../safe-path.ts'
import { fields, integer, list, misfitText, oneOf, shapeOf, share, text, type Misfit, type Shape } from '../shape.ts'
import { entryAt } from './base-entry.ts'
import {
  ATTACHMENTS_MAX,
  FORMATS,
  type Displaced,
  type DocumentLink,
  type DocumentRecord,
  type Mention,
  type Place,
} from './document.ts'

/** A registry file is far smaller than this; a larger one was not written by kbgit. */
export const RECORD_BYTES_MAX = 4 * 1024 ** 2
const TEXT_CHARS_MAX = 64 * 1024
const LINE_CHARS_MAX = 1_000
const ITEMS_MAX = 10_000

const plainText = text('a text', TEXT_CHARS_MAX)
const path = text('a path', TEXT_CHARS_MAX)
const line = text('one line', LINE_CHARS_MAX, /^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)

/** The name of another document: it leads to that document's files, so it must be one that kbgit makes. */
const slug: Shape<string> = (value, field) =>
  typeof value === 'string' && isSlug(value) ? undefined : { field, expected: 'the name of a document' }

const isTrue: Shape<true> = (value, field) => (value === true ? undefined : { field, expected: 'true' })

export const PLACE: Shape<Place> = fields({}, { page: integer(0), heading: plainText })

export const MENTION: Shape<Mention> = fields(
  { key: plainText, name: plainText, kind: oneOf('concept', 'entity'), says: plainText },
  { type: line, place: PLACE },
)

export const LINK: Shape<DocumentLink> = fields(
  { to: text('a name or path', LINE_CHARS_MAX), text: plainText, at: integer(0) },
  { part: text('a heading', LINE_CHARS_MAX), page: integer(1) },
)

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z$/
const time: Shape<string> = (value, field) =>
  typeof value === 'string' && TIME.test(value) && !Number.isNaN(Date.parse(value))
    ? undefined
    : { field, expected: 'a time' }

const sha256 = text('a SHA-256', 64, /^[0-9a-f]{64}$/)
const commit = text('a commit', 64, /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/)

export const DISPLACED: Shape<Displaced> = fields({ name: slug, sha256, commit }, { base: commit })

const RECORD = shapeOf<DocumentRecord>()(
  fields(
    {
      version: oneOf(1),
      name: text('a name', LINE_CHARS_MAX),
      title: plainText,
      sha256,
      format: oneOf(...FORMATS),
      kind: oneOf('short', 'long'),
      origin: plainText,
      raw: path,
      source: path,
      summary: path,
      listed: path,
      compiler: line,
      addedAt: time,
      topics: list(path, ITEMS_MAX),
    },
    {
      pages: integer(0),
      coverage: share,
      context: plainText,
      attachments: list(slug, ATTACHMENTS_MAX),
      attachedTo: list(slug, ITEMS_MAX),
      standalone: isTrue,
      tree: path,
      images: list(path, ITEMS_MAX),
      aliases: list(line, ITEMS_MAX),
      links: list(LINK, ITEMS_MAX),
      language: text('a language', 100, /^[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*$/),
      model: line,
      mentions: list(MENTION, ITEMS_MAX),
      sections: list(text('a digest', 16, /^[0-9a-f]{16}$/), ITEMS_MAX),
      summaryParts: list(text('a digest', 16, /^[0-9a-f]{16}$/), ITEMS_MAX),
      edited: list(fields({ page: path, generated: plainText }, {}), ITEMS_MAX),
      displaced: list(DISPLACED, ITEMS_MAX),
    },
  ),
)

/** The first misfit of a value that kbgit could not have written at `registryPath`, or undefined. */
export function recordMisfit(value: unknown, registryPath: string): Misfit | undefined {
  return RECORD(value, '') ?? misplaced(value as DocumentRecord, registryPath)
}

/** Parses a registry file. Throws `KbError` (`unexpected`) that names `registryPath` and the field. */
export function parseRecord(json: string, registryPath: string): DocumentRecord {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch (cause) {
    throw new KbError('unexpected', `${registryPath} is not a registry file: it is not JSON.`, { cause })
  }
  const version = (value as { version?: unknown } | null)?.version
  if (typeof version === 'number' && version > 1)
    throw new KbError('unexpected', `${registryPath} was written by a newer kbgit (version ${version}).`)
  const misfit = recordMisfit(value, registryPath)
  if (misfit !== undefined)
    throw new KbError('unexpected', `${registryPath} is not a registry file that kbgit writes: ${misfitText(misfit)}.`)
  return value as DocumentRecord
}

/** A path other than those that follow from the document's name and shard. */
function misplaced(record: DocumentRecord, registryPath: string): Misfit | undefined {
  const entry = entryAt(registryPath)
  if (entry?.kind !== 'document' || record.name !== entry.stem || !isSlug(record.name))
    return { field: 'name', expected: `the name of ${registryPath}` }
  const own = documentPaths(entry.stem, entry.shard, '')
  if (own.registry !== registryPath) return { field: '', expected: `in a folder of ${DOCUMENTS}/ that kbgit makes` }
  const source = record.kind === 'long' ? own.sourceLong : own.sourceShort
  if (!isRaw(record.raw, own.raw) && !isLarge(record.raw, own.rawLarge))
    return { field: 'raw', expected: `${own.raw} with an extension` }
  if (record.source !== source) return { field: 'source', expected: source }
  if (record.summary !== own.summary) return { field: 'summary', expected: own.summary }
  if (record.tree !== undefined && record.tree !== own.tree) return { field: 'tree', expected: own.tree }
  if (!isListing(record.listed, entry.shard)) return { field: 'listed', expected: 'a listing page of its shard' }
  const image = record.images?.findIndex((file) => !isImage(file, own.images)) ?? -1
  if (image !== -1) return { field: `images[${image}]`, expected: `an image in ${own.images}/` }
  const topic = record.topics.findIndex((page) => !isTopicPage(page))
  return topic === -1 ? undefined : { field: `topics[${topic}]`, expected: 'a concept or entity page' }
}

function isRaw(file: string, stem: string): boolean {
  return file.startsWith(stem) && /^(?:\.[a-z0-9]{1,16})?(?:\.pointer)?$/.test(file.slice(stem.length))
}

function isLarge(file: string, stem: string): boolean {
  return file.startsWith(stem) && /^(?:\.[a-z0-9]{1,16})?$/.test(file.slice(stem.length))
}

function isImage(file: string, folder: string): boolean {
  return file.startsWith(`${folder}/`) && /^\d{1,9}\.[a-z]{2,5}$/.test(file.slice(folder.length + 1))
}

/** A person may have named the page, and put it into a folder of their own. */
function isTopicPage(file: string): boolean {
  return entryAt(file)?.kind === 'topic' && pathFault(file) === undefined
}

function isListing(file: string, shard: number): boolean {
  const entry = entryAt(file)
  return (
    entry?.kind === 'listing' &&
    entry.listing === 'documents' &&
    entry.shard === shard &&
    file === listingPath(entry.listing, entry.shard, entry.part)
  )
}
