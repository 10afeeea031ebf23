// Files that are an older committed version of themselves: left behind by a transaction that never finished. They are
// not the user's work, so they are brought up to date instead of being committed as an edit.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseIntent } from '../core/transaction/intent.ts'
import type { Base } from '../io/base.ts'
import { lockIndex } from '../io/git/index.ts'
import type { ObjectReader } from '../io/git/objects.ts'
import { pathVersions } from '../io/git/path-versions.ts'
import type { CheckedPath } from './check-paths.ts'
import type { Journal } from './journal.ts'
import { publish, type PublishPath } from './publish.ts'

/** Milliseconds to wait for the user's git to release the index. */
const INDEX_WAIT_MS = 10_000

export type StaleTools = { base: Base; objects: ObjectReader; journal: Journal }

/** A path as it is on disk and in the index (`before`, `staged`), and in HEAD (`after`). */
export type StaleFile = PublishPath

/**
 * Of the paths that differ from HEAD, those whose index entry, or both disk and index, are an older version of the
 * path. This includes files edited on top of an older version: `publish` merges the edit into HEAD's version.
 */
export async function findStale(tools: StaleTools, head: string, found: CheckedPath[]): Promise<StaleFile[]> {
  const candidates: { found: CheckedPath; oids: string[] }[] = []
  for (const one of found) {
    const oids = one.disk.kind === 'file' ? await one.disk.ids() : []
    const known = await Promise.all(oids.map((oid) => tools.objects.header(oid)))
    // Content that git has never stored cannot be in history: this lookup alone recognises most edits.
    const isKnown = one.disk.kind === 'absent' || known.some((header) => header !== undefined)
    if (isKnown || (one.index !== null && one.index.oid !== one.path.before)) candidates.push({ found: one, oids })
  }
  if (candidates.length === 0) return []
  const paths = candidates.map((candidate) => candidate.found.path.repoPath)
  const versions = await pathVersions(tools.base.git, head, paths)
  const unpublished = candidates.some(({ found: { disk } }) => disk.kind === 'absent')
    ? await unpublishedFiles(tools.journal)
    : new Map<string, string>()
  return candidates.flatMap(({ found: { path, disk, index }, oids }): StaleFile[] => {
    const { repoPath, before: after, mode } = path
    if (after === null) return []
    const isOlder = (oid: string): boolean => oid === after || versions.get(repoPath)?.has(oid) === true
    if (index === null) {
      const isUnpublished = disk.kind === 'absent' && unpublished.get(repoPath) === after
      return isUnpublished ? [{ path: repoPath, before: null, after, mode }] : []
    }
    const file = { path: repoPath, after, mode: index.mode, staged: index.oid }
    if (!isOlder(index.oid) || disk.kind !== 'file') return []
    const onDisk = oids.find(isOlder)
    if (onDisk !== undefined) return [{ ...file, before: onDisk }]
    return index.oid === after ? [] : [{ ...file, before: index.oid }]
  })
}

/** Brings disk and index to HEAD's version. Idempotent, so it needs no intent. */
export async function refreshStale(
  { base }: StaleTools,
  id: string,
  files: StaleFile[],
  scratch: string,
): Promise<void> {
  const folder = join(scratch, id)
  await mkdir(folder, { recursive: true })
  await using lock = await lockIndex(base.repository, id, Math.min(INDEX_WAIT_MS, base.config.lockWaitMs))
  await publish(base, lock, files, folder)
  await rm(folder, { recursive: true, force: true })
}

/** Files that quarantined transactions committed but could not put in place, with their object ids. */
async function unpublishedFiles(journal: Journal): Promise<Map<string, string>> {
  const files = new Map<string, string>()
  for (const text of await journal.quarantinedTexts()) {
    const parsed = parseIntent(text)
    if (parsed.kind !== 'intent') continue
    for (const { path, before, after } of parsed.intent.paths)
      if (before === null && after !== null) files.set(path, after)
  }
  return files
}
