// `kbgit recover`: end what dead runs left, and bring the sidecar in line with HEAD.
import { openWriter } from '../../commit/open-writer.ts'
import { KbError } from '../../core/errors.ts'
import type { RecoverResult } from '../../core/results.ts'
import { snapshotKey, type Base } from '../../io/base.ts'
import { alignPageIndex } from '../../io/search/align.ts'
import { PageIndex } from '../../io/search/store.ts'
import { registerMergeDriver } from '../merge/register.ts'
import { sidecarPath } from '../../io/sidecar/paths.ts'

export type RecoverOptions = {
  /** Makes the search store again from git alone. */
  rebuild?: boolean
  /** Called from a git hook: waits for nobody, and leaves what it cannot have. */
  hook?: boolean
  /** How git is told to call kbgit: a clone that does not know how kbgit's files merge is taught so. */
  command?: readonly string[]
}

/** What a hook leaves to the next command. */
const LATER: ReadonlySet<string> = new Set(['locked', 'repositoryBusy'])

/** Idempotent. Throws `KbError` (`locked`) where another kbgit works, unless called from a hook. */
export async function recoverBase(base: Base, options: RecoverOptions = {}): Promise<RecoverResult> {
  const nothing: RecoverResult = { rolledForward: 0, rolledBack: 0, quarantined: 0, reaped: 0, indexed: 0 }
  const patient = options.hook === true ? { ...base, config: { ...base.config, lockWaitMs: 0 } } : base
  if (options.command !== undefined && options.hook !== true) await registerMergeDriver(base, options.command)
  try {
    await using tools = await openWriter({ base: patient, command: 'recover' })
    return await tools.writer.locked(async ({ recovered }) => {
      const { rolledForward, rolledBack, quarantined, reaped } = recovered
      const head = await tools.objects.resolve('HEAD')
      if (head === undefined) return { ...nothing, rolledForward, rolledBack, quarantined, reaped }
      await tools.align(head)
      using pageIndex = PageIndex.open(sidecarPath(base, 'pageIndex'), { access: 'write' })
      if (options.rebuild === true) await pageIndex.dropExcept(() => false)
      const indexed = await alignPageIndex(pageIndex, snapshotKey(base), head, tools.content)
      return { rolledForward, rolledBack, quarantined, reaped, indexed }
    })
  } catch (error) {
    if (options.hook === true && error instanceof KbError && LATER.has(error.code)) return nothing
    throw error
  }
}
