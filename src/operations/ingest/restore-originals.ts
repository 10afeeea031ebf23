// Puts back originals that are missing or altered in this clone, from files of known content that `add` was given.
import type { Planned } from '../../commit/change.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { WorkItem } from '../../commit/work.ts'
import { serializePointer } from '../../core/document/pointer.ts'
import { DocumentError, type Failure } from '../../core/errors.ts'
import { isPointerPath, RAW } from '../../core/layout.ts'
import type { Base } from '../../io/base.ts'
import { openHistory } from '../../io/open-history.ts'
import { LargeStore } from '../../io/sidecar/large-store.ts'
import { takeOriginal, type StagedOriginal } from '../../prepare/original.ts'
import { originalStates, type OriginalFile } from '../../read/originals.ts'
import { knownDigests } from '../maintain/known-digests.ts'
import { documentTrailers } from './plan-files.ts'
import type { Candidate } from './url-candidate.ts'

/** A file whose content is that of the document `name`. */
export type KnownSource = { name: string; candidate: Candidate }

export type Restored = KnownSource & { commit?: string | undefined; failure?: Failure | undefined }

type RestoreTools = Pick<OpenWriter, 'writer' | 'catalog' | 'tip' | 'staging'>
/** `place`: where the bytes go. */
type Lost = OriginalFile & KnownSource & { place: 'git' | 'store' }

/** From this many documents on, their originals are listed instead of being looked up one by one. */
const LIST_FROM = 200

/**
 * Restores the originals of known documents that are not sound. What is known of an original is kept, so that a folder
 * that is added again costs no reads. With `dryRun` nothing is written.
 */
export async function restoreOriginals(
  base: Base,
  tools: RestoreTools,
  known: readonly KnownSource[],
  { dryRun = false }: { dryRun?: boolean | undefined } = {},
): Promise<Restored[]> {
  const lost = await findLost(base, tools, known)
  if (dryRun || lost.length === 0) return lost
  const restored: Restored[] = []
  for (const each of lost) restored.push({ ...each, ...(await restore(base, tools, each)) })
  return restored
}

/**
 * Remembers the digests of originals that were just committed, so that they need not be read to be checked. Returns how
 * many of them are large.
 */
export async function rememberOriginals(
  base: Base,
  { catalog, objects, tip }: Pick<OpenWriter, 'catalog' | 'objects' | 'tip'>,
  added: readonly { name: string; sha256: string }[],
): Promise<{ large: number }> {
  let large = 0
  using digests = knownDigests(base)
  const head = (await tip()) ?? ''
  const found = added.map(async ({ name, sha256 }) => {
    const record = catalog.documentByName(name)
    if (record?.sha256 !== sha256) return
    if (isPointerPath(record.raw)) return void large++
    const header = await objects.header(`${head}:${base.prefix}${record.raw}`)
    if (header !== undefined) digests.keepObject(header.oid, sha256)
  })
  await Promise.all(found)
  return { large }
}

async function findLost(base: Base, { catalog, tip }: RestoreTools, known: readonly KnownSource[]): Promise<Lost[]> {
  const head = known.length === 0 ? undefined : await tip()
  if (head === undefined) return []
  const byName = new Map(known.toReversed().map((source) => [source.name, source]))
  await using history = await openHistory(base)
  const oids = new Map<string, string>()
  if (byName.size >= LIST_FROM) for await (const { path, oid } of history.list(head, [RAW])) oids.set(path, oid)
  const files: (OriginalFile & KnownSource)[] = []
  const lost: Lost[] = []
  for (const source of byName.values()) {
    const record = catalog.documentByName(source.name)
    if (record?.sha256 !== source.candidate.sha256) continue
    const { raw, sha256 } = record
    const oid = byName.size >= LIST_FROM ? oids.get(raw) : await history.fileAt(head, raw)
    if (oid === undefined) lost.push({ ...source, raw, sha256, oid: '', place: 'git' })
    else files.push({ ...source, raw, sha256, oid })
  }
  using digests = knownDigests(base)
  for await (const { file, state } of originalStates({ ...base, history }, files, { known: digests, kept: digests })) {
    if (state.kind === 'altered') lost.push({ ...file, place: 'git' })
    if (state.kind === 'absent' || state.kind === 'damaged') lost.push({ ...file, place: 'store' })
  }
  return lost
}

async function restore(
  base: Base,
  { writer, staging }: RestoreTools,
  { name, raw, sha256, place, candidate }: Lost,
): Promise<{ commit?: string; failure?: Failure }> {
  let taken: StagedOriginal
  try {
    const { path, origin: label } = candidate
    taken = takeOriginal({ staging: staging.folder(), path, label, sha256, limits: base.config.limits })
  } catch (error) {
    if (error instanceof DocumentError) return { failure: error.failure }
    throw error
  }
  const { path, size } = taken
  const isPointer = isPointerPath(raw)
  return await writer.locked(async (session) => {
    if (place === 'store') {
      await new LargeStore(base).put(path, sha256)
      return {}
    }
    const work: WorkItem = {
      label: candidate.origin,
      plan: async ({ catalog }): Promise<Planned | undefined> => {
        const record = catalog.documentByName(name)
        if (record?.raw !== raw || record.sha256 !== sha256) return undefined
        const content = isPointer ? { bytes: serializePointer({ sha256, size }) } : { file: path, size }
        return {
          label: candidate.origin,
          subject: `update: ${name}`,
          trailers: documentTrailers(record, {}),
          changes: [{ path: raw, content }],
          ...(isPointer ? { blobs: [{ sha256, file: path }] } : {}),
        }
      },
    }
    const { outcomes, unfinished } = await session.commit([work])
    if (unfinished !== undefined) throw unfinished
    const [outcome] = outcomes
    if (outcome?.kind === 'failed') return { failure: outcome.failure }
    return outcome?.kind === 'committed' ? { commit: outcome.commit } : {}
  })
}
