// The registry at a commit, as a stream.
import { DOCUMENTS } from '../core/layout.ts'
import { parseRecord, type DocumentRecord } from '../core/document/document.ts'
import { KbError } from '../core/errors.ts'
import type { TreeEntry } from '../io/git/objects.ts'
import type { BaseReader } from './base-reader.ts'

export type RegistryFile = { path: string; oid: string; record: DocumentRecord }

/** A registry file is far smaller; a larger one is not kbgit's. */
export const RECORD_BYTES_MAX = 4 * 1024 ** 2

export function isRegistryFile({ path }: Pick<TreeEntry, 'path'>): boolean {
  return path.startsWith(`${DOCUMENTS}/`) && path.endsWith('.json')
}

/** Every document at a commit, in the order of the registry's paths. Throws naming a registry file that is none. */
export async function* recordsAt({ history }: BaseReader, commit: string): AsyncGenerator<RegistryFile> {
  yield* recordsOf(history, registryEntries(history.list(commit, [DOCUMENTS])))
}

export async function* recordsOf(
  history: BaseReader['history'],
  entries: Iterable<TreeEntry> | AsyncIterable<TreeEntry>,
): AsyncGenerator<RegistryFile> {
  for await (const { item, body } of history.contents(entries, ({ oid }) => oid, { bytesMax: RECORD_BYTES_MAX })) {
    try {
      yield { path: item.path, oid: item.oid, record: parseRecord(body.toString(), item.path) }
    } catch (cause) {
      if (!(cause instanceof KbError)) throw cause
      if (isForeign(body)) continue
      throw new KbError(cause.code, cause.message, { hint: 'Run "kbgit fsck" to see all that is wrong.', cause })
    }
  }
}

/**
 * JSON without a digest was never a registry file: a base may be made in a repository that has a `documents` folder of
 * its own.
 */
export function isForeign(body: Buffer): boolean {
  try {
    const value = JSON.parse(body.toString()) as { sha256?: unknown } | null
    return typeof value?.sha256 !== 'string'
  } catch {
    return false
  }
}

async function* registryEntries(entries: AsyncIterable<TreeEntry>): AsyncGenerator<TreeEntry> {
  for await (const entry of entries) if (isRegistryFile(entry)) yield entry
}
