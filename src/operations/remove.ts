// `kbgit remove`: removes a document, its contributions to shared pages, and its files, in one commit.
import type { Planned } from '../commit/change.ts'
import { openWriter } from '../commit/open-writer.ts'
import { planRemoval } from '../wiki/plan-pages.ts'
import { forgetDocument } from '../wiki/forget-document.ts'
import { KbError } from '../core/errors.ts'
import { documentPaths, shardOf } from '../core/layout.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import type { RemoveOptions } from '../api.ts'
import type { RemoveResult } from '../core/results.ts'
import { filesOf } from './ingest/document-work.ts'
import { pagesLinkingTo } from './pages-linking-to.ts'
import { timestamp, type Base } from '../io/base.ts'

/** `name` is the exact name of a document at HEAD. Throws `KbError` (`notFound`) if it no longer exists. */
export async function remove(base: Base, name: string, options: RemoveOptions = {}): Promise<RemoveResult> {
  await using tools = await openWriter({
    base,
    command: 'remove',
    signal: options.signal,
  })
  const result: RemoveResult = { name, commit: null, deleted: [], changed: [], dryRun: options.dryRun ?? false }
  await tools.writer.locked(async (session) => {
    const head = await session.head()
    if (options.dryRun === true) {
      const record = required(session.snapshot(head).catalog.documentByName(name), name)
      const planned = await planRemove(base, record, session.snapshot(head), options)
      describe(planned, result)
      return
    }
    const { outcomes, unfinished } = await session.commit([
      {
        label: name,
        plan: async (snapshot) => {
          const planned = await planRemove(
            base,
            required(snapshot.catalog.documentByName(name), name),
            snapshot,
            options,
          )
          describe(planned, result)
          return planned
        },
      },
    ])
    const outcome = outcomes[0]
    if (outcome?.kind === 'failed') {
      const { message, hint } = outcome.failure
      throw new KbError('rolledBack', message, { hint })
    }
    if (outcome?.kind === 'committed') result.commit = outcome.commit
    if (unfinished !== undefined) throw unfinished
  })
  return result
}

async function planRemove(
  base: Base,
  record: DocumentRecord,
  snapshot: Parameters<typeof planRemoval>[1],
  options: RemoveOptions,
): Promise<Planned> {
  const { edits } = await planRemoval(record, snapshot, {
    date: timestamp(base.clock),
    keepEmpty: options.keepEmpty ?? false,
    overviewsStayDue: base.config.model !== 'builtin',
  })
  const edited = new Set(edits.map(({ path }) => path))
  const linking = (await pagesLinkingTo(base, record)).filter((path) => !edited.has(path))
  for (const path of linking) {
    const text = await snapshot.read(path)
    const content = text === undefined ? undefined : forgetDocument(text, record)
    if (content !== undefined && content !== text) edits.push({ path, content })
  }
  const registry = documentPaths(record.name, shardOf(record.summary), '').registry
  const own = [registry, ...filesOf(record)].filter((path) => options.keepRaw !== true || path !== record.raw)
  for (const { path } of edits) edited.add(path)
  return {
    label: record.name,
    subject: `remove: ${record.name}`,
    trailers: [
      ['Kbgit-Document', record.name],
      ['Kbgit-Digest', `sha256:${record.sha256}`],
    ],
    changes: [
      ...own.filter((path) => !edited.has(path)).map((path) => ({ path, content: null })),
      ...edits.map(({ path, content }) => ({ path, content: content === null ? null : { bytes: content } })),
    ],
  }
}

function describe({ changes }: Planned, result: RemoveResult): void {
  result.deleted = changes.filter(({ content }) => content === null).map(({ path }) => path)
  result.changed = changes.filter(({ content }) => content !== null).map(({ path }) => path)
}

function required(record: DocumentRecord | undefined, name: string): DocumentRecord {
  if (record === undefined)
    throw new KbError('notFound', `There is no document "${name}".`, { hint: 'See "kbgit list" for names.' })
  return record
}
