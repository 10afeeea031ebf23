// What is known of each feed and page of `sources.yaml`: a file per source, replaced as a whole. Losing one means that
// the source is visited as if for the first time.
import { createHash } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { FAILURE_CODES, type Failure } from '../../core/errors.ts'
import { fields, fits, integer, list, oneOf, shapeOf, text } from '../../core/shape.ts'
import type { ScheduledSource } from '../../core/sources-yaml.ts'
import { headRevision, snapshotKey, type Base } from '../base.ts'
import { writeDurable } from '../durable-fs.ts'
import { readKeptJson } from './kept-json.ts'
import { sidecarPath } from './paths.ts'

/** An entry of a feed that is not in the base yet. Its texts are untrusted. */
export type PendingEntry = {
  /** A digest of the feed's own identifier. */
  id: string
  link?: string | undefined
  title: string
  /** HTML. */
  content: string
  /** How often it could not be added. */
  failures: number
}

export type Visits = {
  version: 1
  kind: ScheduledSource['kind']
  url: string
  /** Milliseconds since the epoch: the last complete visit, and when the next one is due. */
  visitedAt?: number | undefined
  nextAt: number
  /** Visits in a row that failed, and why the last one did. */
  failures: number
  error?: Failure | undefined
  /** Answered as not found or gone for good, or failed too often. */
  gone: boolean
  /** Of the last answer whose content is in the base as a whole. */
  validators?: { url: string; etag?: string | undefined; lastModified?: string | undefined } | undefined
  /** Of a page: the digest of what was added. */
  sha256?: string | undefined
  /** Of a feed, from its first visit on: ids of entries that are done, the oldest first. */
  seen?: string[] | undefined
  pending?: PendingEntry[] | undefined
}

/** Ids of one feed, the newest ones: more than a feed may have entries. */
export const SEEN_MAX = 20_000
export const PENDING_MAX = 500

const line = text('a text', 10_000)
const long = text('a text', 16 * 1024 * 1024)
const header = text('a header', 1_000, /^[\t\x20-\x7e\x80-\xff]*$/)
const id = text('an id', 32, /^[0-9a-f]{32}$/)
const VISITS = shapeOf<Visits>()(
  fields(
    {
      version: oneOf(1),
      kind: oneOf('feed', 'url'),
      url: line,
      nextAt: integer(0),
      failures: integer(0),
      gone: oneOf(true, false),
    },
    {
      visitedAt: integer(0),
      error: fields({ code: oneOf(...FAILURE_CODES), message: line }, { hint: line }),
      validators: fields({ url: line }, { etag: header, lastModified: header }),
      sha256: text('a SHA-256', 64, /^[0-9a-f]{64}$/),
      seen: list(id, SEEN_MAX),
      pending: list(fields({ id, title: line, content: long, failures: integer(0) }, { link: line }), PENDING_MAX),
    },
  ),
)

/** As before the first visit if nothing is kept, or nothing that kbgit writes. */
export async function readVisits(base: Base, { kind, url }: ScheduledSource): Promise<Visits> {
  const kept = await readKeptJson(pathOf(base, kind, url))
  if (fits(VISITS, kept) && kept.kind === kind && kept.url === url) return kept
  return { version: 1, kind, url, nextAt: 0, failures: 0, gone: false }
}

/** Call it with the lock of the visits held. */
export async function writeVisits(base: Base, visits: Visits): Promise<void> {
  const path = pathOf(base, visits.kind, visits.url)
  await mkdir(sidecarPath(base, 'visits'), { recursive: true })
  await writeDurable(path, JSON.stringify(visits), base.config.durability)
}

/** Short and of one length, whatever a feed says. */
export function entryId(declared: string): string {
  return createHash('sha256').update(declared).digest('hex').slice(0, 32)
}

/** Bases and branches of one repository have documents of their own. */
function pathOf(base: Base, kind: string, url: string): string {
  const id = entryId([snapshotKey(base), headRevision(base), kind, url].join('\n'))
  return sidecarPath(base, 'visits', `${id}.json`)
}
