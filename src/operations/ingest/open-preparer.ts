// Where a run has its documents prepared: by workers of its own, or by those at a queue.
import type { Base } from '../../io/base.ts'
import { PreparePool } from '../../prepare/pool.ts'
import type { Preparer } from '../../prepare/protocol.ts'

export type PreparerOptions = { jobs?: number | undefined; queue?: string | undefined; dryRun?: boolean }

/** Throws `KbError`: `config` for an address that cannot be used, `queueUnavailable`. */
export async function openPreparer(base: Base, { jobs, queue, dryRun }: PreparerOptions): Promise<Preparer> {
  const { config, env } = base
  const address = dryRun === true ? undefined : (queue ?? (env['KBGIT_QUEUE'] || config.queue))
  if (address === undefined) return new PreparePool(jobs ?? config.fileProcessingJobs)
  const isOfBase = queue === undefined && !env['KBGIT_QUEUE']
  return (await import('../queue/open-queue.ts')).openQueuePreparer(base, { address, isOfBase, jobs })
}
