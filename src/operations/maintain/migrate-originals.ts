// Large originals of earlier versions: `.pointer` files and a store of kbgit's own become what git-lfs works with, in
// one commit. Killed at any point, the base is as before or as after: readers look in both stores.
import type { Change, Planned } from '../../commit/change.ts'
import type { OpenWriter } from '../../commit/open-writer.ts'
import type { Session } from '../../commit/session.ts'
import type { Snapshot } from '../../commit/work.ts'
import { serializeRecord, type DocumentRecord } from '../../core/document/document.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import { documentPaths, isPointerPath, registryPathOf, shardOf } from '../../core/layout.ts'
import type { Base } from '../../io/base.ts'
import { LargeStore } from '../../io/sidecar/large-store.ts'
import { originalLine } from '../../wiki/summary-page.ts'
import { largeAttributes } from '../large-attributes.ts'
import { noteUnsent, setUpLfs } from '../lfs.ts'

/**
 * Also sets git-lfs up for those that are in their present form. Returns how many documents were migrated. What stands in the way, such as a merge in progress, is logged: the base
 * works as it is, and the next recovery tries again.
 */
export async function migrateOriginals(
  base: Base,
  { catalog }: Pick<OpenWriter, 'catalog'>,
  session: Session,
  command: readonly string[],
): Promise<number> {
  const large = [...catalog.originals()].filter(({ raw }) => isPointerPath(raw))
  const names = large.filter(({ raw }) => raw.endsWith('.pointer')).map(({ name }) => name)
  const store = new LargeStore(base)
  try {
    const gitLfs = large.length > 0 ? await setUpLfs(base, command) : 'ready'
    if (names.length > 0) {
      if (gitLfs === 'unhooked') await noteUnsent(base)
      await commitMigration(base, session, store, names)
    }
    await store.gather()
    return names.length
  } catch (error) {
    if (!(error instanceof KbError)) throw error
    base.logger.warn({ error: messageOf(error) }, `Large originals stay in their earlier form: ${error.message}`)
    return 0
  }
}

async function commitMigration(base: Base, session: Session, store: LargeStore, names: string[]): Promise<void> {
  const label = 'large originals'
  await session.head()
  const plan = async (snapshot: Snapshot): Promise<Planned | undefined> => {
    const documents = names.flatMap((name) => snapshot.catalog.documentByName(name) ?? [])
    const earlier = documents.filter(({ raw }) => raw.endsWith('.pointer'))
    if (earlier.length === 0) return undefined
    const changes: Change[] = await largeAttributes(base, snapshot)
    const blobs: NonNullable<Planned['blobs']> = []
    for (const record of earlier) {
      changes.push(...(await migrated(record, snapshot)))
      // An object that is in place already is left there.
      if (await store.has(record.sha256)) blobs.push({ sha256: record.sha256, file: await store.path(record.sha256) })
    }
    const count = `${earlier.length} large ${earlier.length === 1 ? 'original' : 'originals'}`
    const trailers = earlier.map(({ name }): [string, string] => ['Kbgit-Document', name])
    return { label, subject: `update: ${count} for git-lfs`, trailers, changes, blobs }
  }
  const { outcomes, unfinished } = await session.commit([{ label, plan }])
  if (unfinished !== undefined) throw unfinished
  const [outcome] = outcomes
  if (outcome?.kind === 'failed')
    throw new KbError('rolledBack', outcome.failure.message, { hint: outcome.failure.hint })
}

/** The pointer is the same, at another path. */
async function migrated(record: DocumentRecord, snapshot: Snapshot): Promise<Change[]> {
  const { name, raw, summary } = record
  const shard = shardOf(summary)
  const stem = documentPaths(name, shard, '').raw
  const moved = documentPaths(name, shard, raw.slice(stem.length).replace(/\.pointer$/, '')).rawLarge
  const after: DocumentRecord = { ...record, raw: moved }
  const pointer = await snapshot.read(raw)
  const page = await snapshot.read(summary)
  const relinked = page?.replace(originalLine(record), () => originalLine(after))
  return [
    { path: registryPathOf(summary), content: { bytes: serializeRecord(after) } },
    { path: raw, content: null },
    ...(pointer === undefined ? [] : [{ path: moved, content: { bytes: pointer } }]),
    ...(relinked === undefined || relinked === page ? [] : [{ path: summary, content: { bytes: relinked } }]),
  ]
}
