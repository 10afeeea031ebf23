// What a program passes to `Kb.watch`, and what it is told.
import type { KbError } from './errors.ts'
import type { AddResult, Progress, VisitedSource } from './results.ts'

export type WatchOptions = {
  /** Default: `raw/inbox/` of the base. */
  folder?: string | undefined
  /** More folders. */
  folders?: string[] | undefined
  /** Adds what is there and visits the sources that are due, and ends. */
  once?: boolean | undefined
  /** Fetches from private and local addresses too. */
  allowPrivate?: boolean | undefined
  jobs?: number | undefined
  /** Stops watching. Without a signal, watching never stops. */
  signal?: AbortSignal | undefined
  onProgress?: ((progress: Progress) => void) | undefined
  onEvent?: (event: WatchEvent) => void
}

/**
 * `error` concerns one round: watching continues. `visited` has the documents of this visit; `remarks` are sentences
 * about what was not as expected.
 */
export type WatchEvent =
  | { kind: 'watching'; folder: string }
  | { kind: 'added'; result: AddResult }
  | { kind: 'visited'; source: VisitedSource; remarks: string[] }
  | { kind: 'error'; error: KbError }
