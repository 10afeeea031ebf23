// What the parts of a watch share.
import type { WatchEvent } from '../../api.ts'
import { KbError, knownError, messageOf } from '../../core/errors.ts'
import type { AddResult, Progress } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import type { Semaphore } from '../ingest/pipeline.ts'

export type WatchTools = {
  base: Base
  /** One run at a time. */
  turn: Semaphore
  tell: (event: WatchEvent) => void
  signal: AbortSignal
  /** Milliseconds that a file must stay unchanged to count as complete. */
  settleMs: number
  /** Fetches from private and local addresses too. */
  allowPrivate: boolean
  /** Milliseconds since the epoch. */
  now: () => number
  /** Of each run. */
  adding: {
    cwd: string
    command?: readonly string[] | undefined
    jobs?: number | undefined
    signal: AbortSignal
    onProgress?: ((progress: Progress) => void) | undefined
  }
}

/** Counts a run's documents. */
export function tally(counts: { added: number; updated: number; failed: number }, taken: AddResult): void {
  for (const kind of ['added', 'updated', 'failed'] as const) counts[kind] += taken[kind].length
}

export function throwIfStopped({ stopped }: AddResult): void {
  if (stopped !== undefined) throw new KbError(stopped.code, stopped.message, { hint: stopped.hint })
}

export function asKbError(error: unknown, watched: string): KbError {
  return knownError(error) ?? new KbError('unexpected', `Watching ${watched}: ${messageOf(error)}`, { cause: error })
}
