// The registry at a commit.
import { DOCUMENTS } from '../core/layout.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import { parseRecord, RECORD_BYTES_MAX } from '../core/document/record.ts'
import { KbError } from '../core/errors.ts'
import type { BaseReader, RegistryEntry } from './base-reader.ts'

export type RegistryFile = { path: string; record: DocumentRecord }

export function isRegistryFile({ path }: { path: string }): boolean {
  return path.startsWith(`${DOCUMENTS}/`) && path.endsWith('.json')
}

/** Called with each registry file that is left out, and why. */
export type OnBroken = (path: string, message: string) => void

/** The documents of some registry files. Other files, and damaged ones, are left out: `fsck` reports them. */
export async function* recordsIn(
  history: BaseReader['history'],
  commit: string,
  files: RegistryEntry[],
  onBroken?: OnBroken,
): AsyncGenerator<RegistryFile> {
  const unread: { path: string; oid: string }[] = []
  for (const { path, oid, record } of files) {
    if (record !== undefined) yield { path, record }
    else unread.push({ path, oid: oid ?? (await history.fileAt(commit, path)) ?? '' })
  }
  const options = { bytesMax: RECORD_BYTES_MAX, skipLarger: true }
  for await (const { item, body } of history.contents(unread, ({ oid }) => oid, options)) {
    try {
      yield { path: item.path, record: parseRecord(body.toString(), item.path) }
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
