// The registry at a commit, as a stream.
import { DOCUMENTS } from '../core/layout.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import { parseRecord, RECORD_BYTES_MAX } from '../core/document/record.ts'
import { KbError } from '../core/errors.ts'
import type { TreeEntry } from '../io/git/objects.ts'
import type { BaseReader } from './base-reader.ts'

export type RegistryFile = { path: string; oid: string; record: DocumentRecord }

export function isRegistryFile({ path }: Pick<TreeEntry, 'path'>): boolean {
  return path.startsWith(`${DOCUMENTS}/`) && path.endsWith('.json')
}

/** Called with each registry file that is left out, and why. */
export type OnBroken = (path: string, message: string) => void

/** Every document at a commit, in the order of the registry's paths. `fsck` reports what is left out here. */
export async function* recordsAt(
  { history }: BaseReader,
  commit: string,
  onBroken?: OnBroken,
): AsyncGenerator<RegistryFile> {
  yield* recordsOf(history, registryEntries(history.list(commit, [DOCUMENTS])), onBroken)
}

export async function* recordsOf(
  history: BaseReader['history'],
  entries: Iterable<TreeEntry> | AsyncIterable<TreeEntry>,
  onBroken?: OnBroken,
): AsyncGenerator<RegistryFile> {
  const options = { bytesMax: RECORD_BYTES_MAX, skipLarger: true }
  for await (const { item, body } of history.contents(entries, ({ oid }) => oid, options)) {
    try {
      yield { path: item.path, oid: item.oid, record: parseRecord(body.toString(), item.path) }
    } catch (error) {
      if (!(error instanceof KbError)) throw error
      onBroken?.(item.path, error.message)
    }
  }
}

const RECORD_KEYS = new Set(['sha256', 'origin', 'raw', 'source', 'summary', 'listed', 'compiler', 'addedAt', 'topics'])
/** Number of record keys that make a JSON file a damaged record rather than a user's own file. */
const RECORD_KEYS_MIN = 3

/**
 * JSON with hardly any of a record's keys was never a registry file: a base may be created in a repository that has a
 * `documents` folder of its own.
 */
export function isForeign(body: Buffer): boolean {
  try {
    const value: unknown = JSON.parse(body.toString())
    const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
    return keys.filter((key) => RECORD_KEYS.has(key)).length < RECORD_KEYS_MIN
  } catch {
    return false
  }
}

async function* registryEntries(entries: AsyncIterable<TreeEntry>): AsyncGenerator<TreeEntry> {
  for await (const entry of entries) if (isRegistryFile(entry)) yield entry
}
