// `kbgit add --prune`: removes the documents whose source in a folder is gone, each in a commit of its own.
import { lstatSync, readdirSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { PruneOptions } from '../api.ts'
import { openWriter } from '../commit/open-writer.ts'
import type { WorkItem } from '../commit/work.ts'
import { KbError } from '../core/errors.ts'
import type { DocumentRecord } from '../core/document/document.ts'
import type { PruneResult } from '../core/results.ts'
import type { Base } from '../io/base.ts'
import { MovedOrigins } from '../io/sidecar/moved-origins.ts'
import { planRemove } from './plan-removal.ts'
import { asFolder } from '../core/platform.ts'

/** Documents removed in one transaction. */
const GROUP = 50

/**
 * Documents that were added from below one of the folders. A source that was found under another path is not gone. Throws
 * `KbError`: `notFound` for a folder that is not there, `usage` for one that is empty though documents came from it.
 */
export async function prune(
  base: Base,
  folders: string[],
  { cwd = '.', dryRun = false, signal }: PruneOptions & { cwd?: string } = {},
): Promise<PruneResult> {
  const roots = await Promise.all(folders.map((folder) => rootsOf(resolve(cwd, folder))))
  await using tools = await openWriter({ base, command: 'prune', signal })
  const result: PruneResult = { removed: [], dryRun }
  await tools.writer.locked(async (session) => {
    await session.head()
    const places = (await MovedOrigins.open(base)).places()
    const gone: DocumentRecord[] = []
    for (const { folder, names } of roots) {
      const from = tools.catalog.allDocuments().filter(({ origin }) => names.some((name) => origin.startsWith(name)))
      if (from.length > 0 && readdirSync(folder).length === 0)
        throw new KbError(
          'usage',
          `${folder} is empty, and ${from.length} documents came from it. Nothing was removed.`,
          {
            hint: 'Is it a disk that is not mounted? Use kbgit remove for single documents.',
          },
        )
      gone.push(...from.filter((record) => isGone(record) && !places.has(record.sha256)))
    }
    const named = [...new Map(gone.map((record) => [record.name, record])).values()]
    if (dryRun) {
      result.removed = named.map(({ name, origin }) => ({ name, path: origin, commit: null }))
      return
    }
    for (let first = 0; first < named.length; first += GROUP) {
      const group = named.slice(first, first + GROUP)
      const { outcomes, unfinished } = await session.commit(group.map((record) => removal(base, record.name)))
      for (const [index, outcome] of outcomes.entries()) {
        const record = group[index]
        if (record !== undefined && outcome.kind === 'committed')
          result.removed.push({ name: record.name, path: record.origin, commit: outcome.commit })
      }
      if (unfinished !== undefined) throw unfinished
      if (signal?.aborted === true) throw new KbError('interrupted', `${result.removed.length} documents were removed.`)
    }
  })
  return result
}

function removal(base: Base, name: string): WorkItem {
  return {
    label: name,
    plan: async (snapshot, apply) => {
      const record = snapshot.catalog.documentByName(name)
      return record === undefined ? undefined : planRemove(base, record, snapshot, apply, {})
    },
  }
}

/** An attachment goes with its message. */
function isGone({ origin, attachedTo }: DocumentRecord): boolean {
  return attachedTo === undefined && lstatSync(origin, { throwIfNoEntry: false }) === undefined
}

/** The beginnings of paths below a folder, as it was named and as it is without links. */
async function rootsOf(folder: string): Promise<{ folder: string; names: string[] }> {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined)
    throw new KbError('notFound', `${folder} does not exist. Nothing was removed.`, {
      hint: 'Is it on a disk that is not mounted? Use kbgit remove for single documents.',
    })
  const names = new Set([folder, await realpath(folder)].map((path) => asFolder(path)))
  return { folder, names: [...names] }
}
