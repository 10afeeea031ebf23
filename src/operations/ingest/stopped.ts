// Why a run over many documents ended before its end, as it is told in the result.
import { KbError } from '../../core/errors.ts'
import type { Stopped } from '../../core/results.ts'

/** Throws on what is neither an interruption nor a `KbError`. */
export function stoppedBy(error: unknown, signal: AbortSignal | undefined): Stopped {
  if (signal?.aborted === true)
    return {
      code: 'interrupted',
      message: 'Interrupted: what was committed is in, the rest is as it was.',
      hint: 'Run the same command again to go on.',
    }
  if (!(error instanceof KbError)) throw error
  return { code: error.code, message: error.message, hint: error.hint }
}
