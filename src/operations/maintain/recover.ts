// `kbgit recover`: finishes or undoes interrupted runs, and brings the sidecar in line with HEAD.
import { openWriter } from '../../commit/open-writer.ts'
import { KbError, messageOf } from '../../core/errors.ts'
import type { RecoverResult } from '../../core/results.ts'
import { snapshotKey, type Base } from '../../io/base.ts'
import { alignPageIndex } from '../../io/search/align.ts'
import { PageIndex } from '../../io/search/store.ts'
import { renewAttributes } from '../merge/attributes.ts'
import { bringIn } from '../merge/bring-in.ts'
import { registerMergeDriver } from '../merge/register.ts'
import { migrateOriginals } from './migrate-originals.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'

export type RecoverOptions = {
  /** Rebuilds the search store from git alone. What is not in HEAD leaves no trace in it. */
  rebuild?: boolean
  /** Called from a git hook: waits for no lock, and skips what is locked. */
  hook?: boolean
  /** The command that git should run to call kbgit; a clone without the merge driver gets it configured. */
  command?: readonly string[]
}

/** Failures that a hook leaves to the next command. */
const LATER: ReadonlySet<string> = new Set(['locked', 'repositoryBusy'])

/** Idempotent. Throws `KbError` (`locked`) if another kbgit is running, unless called from a hook. */
export async function recoverBase(base: Base, options: RecoverOptions = {}): Promise<RecoverResult> {
  const nothing: RecoverResult = {
    rolledForward: 0,
    rolledBack: 0,
    quarantined: 0,
    reaped: 0,
    indexed: 0,
    broughtIn: [],
  }
  const patient = options.hook === true ? { ...base, config: { ...base.config, lockWaitMs: 0 } } : base
  if (options.command !== undefined && options.hook !== true) await registerMergeDriver(base, options.command)
  try {
    const result = await recoverLocked()
    const embedded = options.hook === true ? 0 : await fillVectors(base)
    return embedded === 0 ? result : { ...result, embedded }
  } catch (error) {
    if (options.hook === true && error instanceof KbError && LATER.has(error.code)) return nothing
    throw error
  }

  async function recoverLocked(): Promise<RecoverResult> {
    await using tools = await openWriter({ base: patient, command: 'recover' })
    return await tools.writer.locked(async (session) => {
      const { rolledForward, rolledBack, quarantined, reaped } = session.recovered
      const before = await tools.tip()
      if (before !== undefined) await tools.align(before)
      const migrated =
        before === undefined || options.hook === true
          ? 0
          : await migrateOriginals(base, tools, session, options.command ?? [])
      const head = await tools.tip()
      if (head === undefined) return { ...nothing, rolledForward, rolledBack, quarantined, reaped }
      await tools.align(head)
      const broughtIn = (await unlessBusy(() => bringIn(base, tools, session))) ?? []
      if (options.hook !== true) await unlessBusy(() => renewAttributes(session))
      const tip = (await tools.tip()) ?? head
      await tools.align(tip)
      using pageIndex = PageIndex.open(sidecarPath(base, 'pageIndex'), { access: 'write' })
      if (options.rebuild === true) await pageIndex.dropExcept(() => false)
      const indexed = await alignPageIndex(pageIndex, snapshotKey(base), tip, tools.content)
      if (options.rebuild === true) {
        pageIndex.compact()
        tools.catalog.compact()
      }
      return {
        rolledForward,
        rolledBack,
        quarantined,
        reaped,
        indexed,
        broughtIn,
        ...(migrated === 0 ? {} : { migrated }),
      }
    })
  }
}

/** After the lock is released: a model takes its time. Its failure is logged, because search does without. */
async function fillVectors(base: Base): Promise<number> {
  if (base.config.embeddings === undefined) return 0
  try {
    const { Searcher } = await import('../ask/search.ts')
    await using searcher = await Searcher.open(base)
    return await searcher.fillVectors()
  } catch (error) {
    base.logger.warn({ error: messageOf(error) }, 'some passages have no vectors yet')
    return 0
  }
}

/** What can wait does not keep a base from being recovered in the middle of a merge, or with HEAD detached. */
async function unlessBusy<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof KbError) || !['repositoryBusy', 'noBase'].includes(error.code)) throw error
    return undefined
  }
}
