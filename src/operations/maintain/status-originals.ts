// For status: originals that were altered and committed, or that are not in this clone.
import { DOCUMENTS, isLargePath, LARGE, RAW } from '../../core/layout.ts'
import { parseRecord } from '../../core/document/record.ts'
import type { StatusResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import type { CatalogReader } from '../../io/catalog/reader.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { originalStates, type OriginalFile } from '../../read/originals.ts'
import { largeOriginals, type LargeHere } from '../lfs.ts'
import { knownDigests } from './known-digests.ts'

/** Originals of which nothing is known yet are read up to this many and this many bytes each; `fsck` reads all. */
const READS_MAX = 100
const READ_BYTES_MAX = 1024 * 1024

/** `isCurrent`: the catalog is at `commit`, not at an earlier one. */
export async function committedOriginals(
  base: Base,
  reader: BaseReader,
  commit: string,
  { catalog, isCurrent }: { catalog: Pick<CatalogReader, 'originals'>; isCurrent: boolean },
): Promise<NonNullable<StatusResult['originals']>> {
  using digests = knownDigests(base)
  const originals = await unsettled(reader, catalog, { from: digests.soundCommit(), commit })
  const files = originals.filter((file): file is CommittedOriginal => file.oid !== undefined)
  const here: LargeHere[] = []
  let isSettled = isCurrent
  const found: NonNullable<StatusResult['originals']> = { altered: [], missing: [], absent: 0 }
  for (const file of originals) {
    if (file.oid !== undefined || !(await isRecorded(reader, commit, file))) continue
    found.missing.push({ name: file.name, path: file.raw })
    isSettled = false
  }
  const options = { known: digests, kept: digests, readsMax: READS_MAX, readBytesMax: READ_BYTES_MAX }
  for await (const { file, state } of originalStates(reader, files, options)) {
    if (state.kind === 'absent') found.absent++
    else if (state.kind === 'sound' && state.pointer !== undefined) here.push(file)
    // The catalog may be of an earlier commit: the record that the commit has decides.
    else if ((state.kind === 'altered' || state.kind === 'damaged') && (await isRecorded(reader, commit, file)))
      found.altered.push({ name: file.name, path: file.raw })
    // Pointer files of earlier versions are looked at until they are migrated.
    const isSound = state.kind === 'sound' && state.pointer === undefined
    if (!isSound && !isLargePath(file.raw)) isSettled = false
  }
  if (here.length > 0 && base.driver !== 'in-process') found.large = await largeOriginals(base, here)
  if (isSettled && commit !== digests.soundCommit()) digests.keepSoundCommit(commit)
  return found
}

type CommittedOriginal = OriginalFile & { name: string; path: string }

/**
 * The originals at `commit` that have to be looked at: those that are outside of git, and those that changed since
 * `from`, of which all in git were sound. Without an id, the commit does not have the file.
 */
async function unsettled(
  { history }: BaseReader,
  catalog: Pick<CatalogReader, 'originals'>,
  { from, commit }: { from: string | undefined; commit: string },
): Promise<(Omit<CommittedOriginal, 'oid'> & { oid: string | undefined })[]> {
  const oids = new Map<string, string>()
  const changed = from === undefined ? undefined : await changedFiles(history, from, commit)
  if (changed?.size === 0) {
    for await (const { path, oid } of history.list(commit, [LARGE])) oids.set(path, oid)
    if (oids.size === 0) return []
  } else {
    for await (const { path, oid } of history.list(commit, [RAW])) oids.set(path, oid)
  }
  const concerns = (path: string, raw: string): boolean =>
    changed === undefined || changed.has(path) || changed.has(raw) || isLargePath(raw)
  return [...catalog.originals()].flatMap(({ name, raw, sha256, path }) => {
    return concerns(path, raw) ? [{ name, raw, sha256, oid: oids.get(raw), path }] : []
  })
}

/** Files of `raw/` and `documents/` that differ between two commits; undefined if the first is no longer there. */
async function changedFiles(
  history: BaseReader['history'],
  from: string,
  commit: string,
): Promise<Set<string> | undefined> {
  const changed = new Set<string>()
  if (from === commit) return changed
  try {
    for await (const { path } of history.diff(from, commit))
      if (path.startsWith(`${RAW}/`) || path.startsWith(`${DOCUMENTS}/`)) changed.add(path)
    return changed
  } catch {
    return undefined
  }
}

async function isRecorded(
  { history }: BaseReader,
  commit: string,
  { path, raw, sha256 }: { path: string; raw: string; sha256: string },
): Promise<boolean> {
  const text = (await history.page(commit, path))?.toString()
  if (text === undefined) return false
  try {
    const record = parseRecord(text, path)
    return record.raw === raw && record.sha256 === sha256
  } catch {
    return false
  }
}
