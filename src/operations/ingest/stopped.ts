// The reason why a run ended early, as reported in its result.
import { KbError } from '../../core/errors.ts'
import type { Stopped } from '../../core/results.ts'

/** Rethrows anything but an interruption or a `KbError`. */
export function stoppedBy(error: unknown, signal: AbortSignal | undefined): Stopped {
  if (signal?.aborted === true)
    return {
      code: 'interrupted',
      message: 'Interrupted. Committed documents are kept; the rest is unchanged.',
      hint: 'Run the same command again to continue.',
    }
  if (!(error instanceof KbError)) throw error
  return { code: error.code, message: error.message, hint: error.hint }
}
