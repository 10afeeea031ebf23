// What a document has left in the history: its files under each of its names, its digests, and the words that only it has.
import { KbError } from '../../core/errors.ts'
import { DOCUMENTS, registryPathOf } from '../../core/layout.ts'
import { RECORD_BYTES_MAX, parseRecord } from '../../core/document/record.ts'
import type { DocumentRecord } from '../../core/document/document.ts'
import { eachWordRun, wordRuns } from '../../core/page/word-runs.ts'
import { repoPathOf, type Base } from '../../io/base.ts'
import type { ObjectReader } from '../../io/git/objects.ts'
import { pastCommits } from '../../io/git/past-commits.ts'
import { filesOf } from '../ingest/plan-files.ts'
import { Holders, placeOf } from './holders.ts'
import { chooseLineage, type Wanted } from './choose-lineage.ts'
import { Lineages, type PastRecords } from './lineages.ts'

export type Traces = {
  /** One for each place that one of the documents has had. */
  documents: DocumentRecord[]
  /** SHA-256 of originals, hex. */
  digests: ReadonlySet<string>
  /** Files that belonged to the documents, relative to the work tree; `holders` says at which commits they did not. */
  files: ReadonlySet<string>
  holders: Holders
  /** Hashes of runs of words that no other document has. */
  runs: ReadonlySet<number>
  /** Other files that had the same bytes as an original at some time, relative to the work tree. */
  copies: string[]
  /** Documents that had the same name in another clone: they stay. */
  others: string[]
}

/** Texts up to this size are looked into. */
const TEXT_BYTES_MAX = 64 * 1024 ** 2

/** Versions of the paths that matter, by object id. */
type Past = {
  records: Map<string, string>
  updates: [before: string, after: string][]
  texts: Map<string, Set<string>>
  paths: Map<string, Set<string>>
}

/**
 * Looks at every version that is reachable from `tips`, of which the first is HEAD. The document may be gone from there;
 * attachments that only it has are included. Throws `KbError`: `notFound` if no commit has a document of that name, `usage`
 * if it is attached to a message or `digest` does not say which of several documents of that name is meant.
 */
export async function findTraces(
  base: Base,
  objects: ObjectReader,
  tips: string[],
  { name, digest }: Wanted,
): Promise<Traces> {
  const past = await findPast(base, objects, tips)
  const records = await readRecords(base, objects, past.records)
  const { digests, others } = await digestsOf(base, objects, { records, updates: past.updates }, tips, { name, digest })
  // A merge may have given it another name since.
  const documents = [...records.values()].filter((record) => digests.has(record.sha256))
  const files = new Set(
    documents
      .flatMap((record) => [registryPathOf(record.summary), ...filesOf(record)])
      .map((path) => repoPathOf(base, path)),
  )
  const holders = new Holders(base, records, digests)
  const versions = await versionsOf(base, objects, past, { files, holders, tips })
  const runs = await ownRuns(objects, versions)
  const originals = new Set(documents.flatMap(({ raw }) => [...(versions.own.get(repoPathOf(base, raw)) ?? [])]))
  const copies = [...past.paths].filter(([path, oids]) => !files.has(path) && !oids.isDisjointFrom(originals))
  return {
    documents: onePerPlace(documents),
    digests,
    files,
    holders,
    runs,
    copies: copies.map(([path]) => path).sort(),
    others,
  }
}

/** The documents at a commit whose places no other document had then. */
export function documentsAt(base: Base, { documents, holders }: Traces, commit: string): DocumentRecord[] {
  const others = holders.others(commit)
  return others.size === 0 ? documents : documents.filter((record) => !others.has(placeOf(base, record)))
}

async function findPast(base: Base, objects: ObjectReader, tips: string[]): Promise<Past> {
  const past: Past = { records: new Map(), updates: [], texts: new Map(), paths: new Map() }
  const own = (path: string): string | undefined =>
    path.startsWith(base.prefix) ? path.slice(base.prefix.length) : undefined
  for await (const { parents, changes } of pastCommits(base.git, objects, tips)) {
    for (const { path, oid, oldOid } of changes) {
      if (oid === null) continue
      const basePath = own(path)
      if (basePath === undefined || !basePath.startsWith('wiki/')) note(past.paths, path, oid)
      if (basePath === undefined) continue
      if (/^documents\/.*\.json$/.test(basePath)) {
        past.records.set(oid, basePath)
        if (oldOid !== null && parents.length === 1) past.updates.push([oldOid, oid])
      }
      if (isSource(basePath)) note(past.texts, path, oid)
    }
  }
  return past
}

/** Texts and originals: where the words of documents are. */
function isSource(basePath: string): boolean {
  return /^wiki\/sources\/.*\.(?:md|json)$/.test(basePath) || basePath.startsWith('raw/')
}

function note(map: Map<string, Set<string>>, path: string, oid: string): void {
  const known = map.get(path)
  if (known === undefined) map.set(path, new Set([oid]))
  else known.add(oid)
}

/** By object id. Files that are not records are left out: `fsck` reports them. */
async function readRecords(
  base: Base,
  objects: ObjectReader,
  paths: Map<string, string>,
): Promise<Map<string, DocumentRecord>> {
  const records = new Map<string, DocumentRecord>()
  const read = objects.readMany(paths, ([oid]) => oid, { bytesMax: RECORD_BYTES_MAX, skipLarger: true })
  for await (const { item, body } of read) {
    try {
      records.set(item[0], parseRecord(body.toString(), item[1]))
    } catch (error) {
      base.logger.debug({ path: item[1], error: String(error) }, 'not a record')
    }
  }
  return records
}

/** Of all versions of the document, and of attachments that came with it alone. */
async function digestsOf(
  base: Base,
  objects: ObjectReader,
  past: Pick<PastRecords, 'records' | 'updates'>,
  tips: string[],
  { name, digest }: Wanted,
): Promise<{ digests: Set<string>; others: string[] }> {
  const at = async (commit: string): Promise<DocumentRecord[]> => {
    const found: DocumentRecord[] = []
    for await (const { oid } of objects.tree(commit, base.prefix, [DOCUMENTS])) {
      const record = past.records.get(oid)
      if (record !== undefined) found.push(record)
    }
    return found
  }
  const living: DocumentRecord[][] = []
  for (const tip of tips) living.push(await at(tip))
  const lineages = new Lineages({ ...past, head: living[0] ?? [], living: living.flat() })
  const { candidates, others } = lineages.meant(name)
  const named = [...past.records.values()].filter((record) => record.name === name)
  if (candidates.length === 0)
    throw new KbError('notFound', `No commit has a document called "${name}".`, {
      hint:
        others.length === 0
          ? 'See "kbgit list" for those of now and "kbgit log" for earlier ones. The whole name is needed here.'
          : `What was called so is called ${others.join(', ')} now.`,
    })
  const digests = chooseLineage({ name, digest }, candidates, named)
  const known = named.filter(({ sha256 }) => digests.has(sha256))
  const attachments = attachmentsOf([...past.records.values()], known, name)
  const isAttached = ({ attachedTo = [] }: DocumentRecord): boolean => attachedTo.includes(name)
  const attached = attachments.flatMap((one) => lineages.meant(one, isAttached).candidates)
  return { digests: attached.reduce<Set<string>>((all, one) => all.union(one), new Set(digests)), others }
}

/** Names of attachments that came with the document and belong to no other message. */
function attachmentsOf(records: DocumentRecord[], known: DocumentRecord[], name: string): string[] {
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
  return [...attached]
}

function onePerPlace(records: DocumentRecord[]): DocumentRecord[] {
  return [...new Map(records.map((record) => [`${record.name}\n${record.summary}\n${record.source}`, record])).values()]
}

/** Object ids by path: of the documents' own texts and originals, and of all other documents'. */
type Versions = Record<'own' | 'other', Map<string, Set<string>>>

async function versionsOf(
  base: Base,
  objects: ObjectReader,
  { texts }: Past,
  { files, holders, tips }: Pick<Traces, 'files' | 'holders'> & { tips: string[] },
): Promise<Versions> {
  const versions: Versions = { own: new Map(), other: new Map() }
  for (const [path, oids] of texts)
    if (!holders.isShared(path)) versions[files.has(path) ? 'own' : 'other'].set(path, oids)
  if (!holders.isNeeded) return versions
  for await (const commit of pastCommits(base.git, objects, tips)) {
    holders.note(commit)
    const others = holders.others(commit.oid)
    for (const { path, oid } of commit.changes)
      if (oid !== null && holders.isShared(path) && isSource(path.slice(base.prefix.length)))
        note(versions[holders.isOthers(path, others) ? 'other' : 'own'], path, oid)
  }
  return versions
}

/** The runs of words in the documents' texts that no other text of the base has. */
async function ownRuns(objects: ObjectReader, { own, other }: Versions): Promise<Set<number>> {
  const runs = new Set<number>()
  const options = { bytesMax: TEXT_BYTES_MAX, skipLarger: true }
  const mine = new Set([...own.values()].flatMap((oids) => [...oids]))
  for await (const { body } of objects.readMany(mine, (oid) => oid, options))
    if (isText(body)) for (const run of wordRuns(body.toString())) runs.add(run)
  if (runs.size === 0) return runs
  const theirs = new Set([...other.values()].flatMap((oids) => [...oids])).difference(mine)
  for await (const { body } of objects.readMany(theirs, (oid) => oid, options))
    if (isText(body)) eachWordRun(body.toString(), (run) => void runs.delete(run))
  return runs
}

/** Whether it can be a text: git's own rule, no NUL at the beginning. */
export function isText(body: Buffer): boolean {
  return !body.subarray(0, 8_000).includes(0)
}
