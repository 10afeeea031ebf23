// What a document has left in the history: its files under each of its names, its digests, and the words that only it has.
import { KbError } from '../../core/errors.ts'
import { registryPathOf } from '../../core/layout.ts'
import { RECORD_BYTES_MAX, parseRecord } from '../../core/document/record.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { eachWordRun, wordRuns } from '../../core/page/word-runs.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import type { ObjectReader } from '../../io/git/objects.ts'
import { pastCommits } from '../../io/git/past-commits.ts'
import { filesOf } from '../ingest/plan-files.ts'

export type Traces = {
  /** One for each place that one of the documents has had. */
  documents: DocumentRecord[]
  /** SHA-256 of originals, hex. */
  digests: ReadonlySet<string>
  /** Files that belonged to the documents alone, relative to the work tree. */
  files: ReadonlySet<string>
  /** Hashes of runs of words that no other document has. */
  runs: ReadonlySet<number>
  /** Other files that had the same bytes as an original at some time, relative to the work tree. */
  copies: string[]
}

/** Texts up to this size are looked into. */
const TEXT_BYTES_MAX = 64 * 1024 ** 2

/** Versions of the paths that matter, by object id. */
type Past = { records: Map<string, string>; texts: Map<string, Set<string>>; paths: Map<string, Set<string>> }

/**
 * Looks at every version that is reachable from `tips`. The document may be gone from HEAD; attachments that only it has
 * are included. Throws `KbError`: `notFound` if no commit has a document of that name, `usage` if it is attached to a
 * message.
 */
export async function findTraces(base: Base, objects: ObjectReader, tips: string[], name: string): Promise<Traces> {
  const past = await findPast(base, objects, tips)
  const records = await readRecords(base, objects, past.records)
  const names = withAttachments(records, name)
  const digests = new Set(records.filter((record) => names.has(record.name)).map(({ sha256 }) => sha256))
  // A merge may have given it another name since.
  const documents = records.filter((record) => names.has(record.name) || digests.has(record.sha256))
  const files = new Set(
    documents
      .flatMap((record) => [registryPathOf(record.summary), ...filesOf(record)])
      .map((path) => repoPathOf(base, path)),
  )
  const runs = await ownRuns(objects, past.texts, files)
  const originals = new Set(documents.flatMap(({ raw }) => [...(past.paths.get(repoPathOf(base, raw)) ?? [])]))
  const copies = [...past.paths].filter(([path, oids]) => !files.has(path) && !oids.isDisjointFrom(originals))
  return {
    documents: onePerPlace(documents),
    digests: new Set(documents.map(({ sha256 }) => sha256)),
    files,
    runs,
    copies: copies.map(([path]) => path).sort(),
  }
}

async function findPast(base: Base, objects: ObjectReader, tips: string[]): Promise<Past> {
  const past: Past = { records: new Map(), texts: new Map(), paths: new Map() }
  const own = (path: string): string | undefined =>
    path.startsWith(base.prefix) ? path.slice(base.prefix.length) : undefined
  for await (const { changes } of pastCommits(base.git, objects, tips)) {
    for (const { path, oid } of changes) {
      if (oid === null) continue
      const basePath = own(path)
      if (basePath === undefined || !basePath.startsWith('wiki/')) note(past.paths, path, oid)
      if (basePath === undefined) continue
      if (/^documents\/.*\.json$/.test(basePath)) past.records.set(oid, basePath)
      if (/^wiki\/sources\/.*\.(?:md|json)$/.test(basePath) || basePath.startsWith('raw/')) note(past.texts, path, oid)
    }
  }
  return past
}

function note(map: Map<string, Set<string>>, path: string, oid: string): void {
  const known = map.get(path)
  if (known === undefined) map.set(path, new Set([oid]))
  else known.add(oid)
}

/** Files that are not records are left out: `fsck` reports them. */
async function readRecords(base: Base, objects: ObjectReader, paths: Map<string, string>): Promise<DocumentRecord[]> {
  const records: DocumentRecord[] = []
  const read = objects.readMany(paths, ([oid]) => oid, { bytesMax: RECORD_BYTES_MAX, skipLarger: true })
  for await (const { item, body } of read) {
    try {
      records.push(parseRecord(body.toString(), item[1]))
    } catch (error) {
      base.logger.debug({ path: item[1], error: String(error) }, 'not a record')
    }
  }
  return records
}

/** The name, and those of attachments that came with the document and belong to no other message. */
function withAttachments(records: DocumentRecord[], name: string): Set<string> {
  const known = records.filter((record) => record.name === name)
  if (known.length === 0)
    throw new KbError('notFound', `No commit has a document called "${name}".`, {
      hint: 'See "kbgit list" for those of now and "kbgit log" for earlier ones. The whole name is needed here.',
    })
  const messages = [...new Set(known.flatMap(({ attachedTo = [] }) => attachedTo))]
  if (messages.length > 0)
    throw new KbError('usage', `"${name}" is attached to ${messages.join(', ')}, whose original contains it.`, {
      hint: `Purge the message, or remove the attachment alone from the present: kbgit remove ${name}.`,
    })
  const attached = new Set(known.flatMap(({ attachments = [] }) => attachments))
  const shared = records.filter(
    ({ attachedTo = [], standalone }) => standalone === true || attachedTo.some((message) => message !== name),
  )
  for (const record of shared) attached.delete(record.name)
  return new Set([name, ...attached])
}

function onePerPlace(records: DocumentRecord[]): DocumentRecord[] {
  return [...new Map(records.map((record) => [`${record.name}\n${record.summary}\n${record.source}`, record])).values()]
}

/** The runs of words in the documents' texts that no other text of the base has. */
async function ownRuns(
  objects: ObjectReader,
  texts: Map<string, Set<string>>,
  files: ReadonlySet<string>,
): Promise<Set<number>> {
  const runs = new Set<number>()
  const oidsOf = (mine: boolean): string[] => [
    ...new Set([...texts].filter(([path]) => files.has(path) === mine).flatMap(([, oids]) => [...oids])),
  ]
  const options = { bytesMax: TEXT_BYTES_MAX, skipLarger: true }
  for await (const { body } of objects.readMany(oidsOf(true), (oid) => oid, options))
    if (isText(body)) for (const run of wordRuns(body.toString())) runs.add(run)
  if (runs.size === 0) return runs
  const own = new Set(oidsOf(true))
  for await (const { body } of objects.readMany(
    oidsOf(false).filter((oid) => !own.has(oid)),
    (oid) => oid,
    options,
  ))
    if (isText(body)) eachWordRun(body.toString(), (run) => void runs.delete(run))
  return runs
}

/** Whether it can be a text: git's own rule, no NUL at the beginning. */
export function isText(body: Buffer): boolean {
  return !body.subarray(0, 8_000).includes(0)
}
