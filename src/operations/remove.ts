// `kbgit remove`: removes a document, its contributions to shared pages, and its files, in one commit.
import type { Planned } from '../commit/change.ts'
import type { WorkItem } from '../commit/work.ts'
import { openWriter } from '../commit/open-writer.ts'
import { KbError } from '../core/errors.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import type { RemoveOptions } from '../api.ts'
import type { RemoveResult } from '../core/results.ts'
import type { Base } from '../io/base.ts'
import { planRemove } from './plan-removal.ts'

/** `name` is the exact name of a document at HEAD. Throws `KbError` (`notFound`) if it no longer exists. */
export async function remove(base: Base, name: string, options: RemoveOptions = {}): Promise<RemoveResult> {
  await using tools = await openWriter({
    base,
    command: 'remove',
    signal: options.signal,
  })
  const result: RemoveResult = { name, commit: null, deleted: [], changed: [], dryRun: options.dryRun ?? false }
  await tools.writer.locked(async (session) => {
    const work: WorkItem = {
      label: name,
      plan: async (snapshot, apply) => {
        const record = required(snapshot.catalog.documentByName(name), name)
        const planned = await planRemove(base, record, snapshot, apply, options)
        describe(planned, result)
        return planned
      },
    }
    if (options.dryRun === true) return void (await session.preview(work))
    const { outcomes, unfinished } = await session.commit([work])
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

function describe({ changes }: Planned, result: RemoveResult): void {
  result.deleted = changes.filter(({ content }) => content === null).map(({ path }) => path)
  result.changed = changes.filter(({ content }) => content !== null).map(({ path }) => path)
}

function required(record: DocumentRecord | undefined, name: string): DocumentRecord {
  if (record === undefined)
    throw new KbError('notFound', `There is no document "${name}".`, { hint: 'See "kbgit list" for names.' })
  return record
}
