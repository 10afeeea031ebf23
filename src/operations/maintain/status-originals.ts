// For status: originals that were altered and committed, or that are not in this clone.
import { hash } from 'node:crypto'
import { RAW } from '../../core/layout.ts'
import { parseRecord } from '../../core/document/record.ts'
import type { StatusResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import type { CatalogReader } from '../../io/catalog/reader.ts'
import type { BaseReader } from '../../read/base-reader.ts'
import { originalStates } from '../../read/originals.ts'
import { largeOriginals } from '../lfs.ts'
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
  if (digests.ofObject(commit) === soundMark(base)) return { altered: [], absent: 0 }
  const oids = new Map<string, string>()
  for await (const { path, oid } of reader.history.list(commit, [RAW])) oids.set(path, oid)
  const files = [...catalog.originals()].flatMap(({ name, raw, sha256, path }) => {
    const oid = oids.get(raw)
    return oid === undefined ? [] : [{ name, raw, sha256, oid, path }]
  })
  let here = 0
  let isSettled = isCurrent
  const found: NonNullable<StatusResult['originals']> = { altered: [], absent: 0 }
  const options = { known: digests, kept: digests, readsMax: READS_MAX, readBytesMax: READ_BYTES_MAX }
  for await (const { file, state } of originalStates(reader, files, options)) {
    if (state.kind === 'absent') found.absent++
    else if (state.kind === 'sound' && state.pointer !== undefined) here++
    // The catalog may be of an earlier commit: the record that the commit has decides.
    else if ((state.kind === 'altered' || state.kind === 'damaged') && (await isRecorded(reader, commit, file)))
      found.altered.push({ name: file.name, path: file.raw })
    if (state.kind !== 'sound' || state.pointer !== undefined) isSettled = false
  }
  if (here > 0 && base.driver !== 'in-process') found.large = await largeOriginals(base, here)
  if (isSettled) digests.keepObject(commit, soundMark(base))
  return found
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

/** Kept in place of a digest for a commit whose originals are all in git and sound. */
function soundMark({ prefix }: Pick<Base, 'prefix'>): string {
  return hash('sha256', `the originals in ${prefix} are sound`, 'hex')
}
