// The times of the steps of an add, taken from its log.
import type { AddResult } from '../../../src/core/results.ts'
import type { Ran } from './run.ts'

export type Steps = Record<string, number>

/** Milliseconds of each step. The run must have been started with `--verbose`. */
export function stepsOf({ stderr }: Ran): Steps {
  for (const line of stderr.split('\n')) {
    if (!line.includes('"add is done"')) continue
    const { steps } = JSON.parse(line.slice(line.indexOf('{'))) as { steps: Record<string, { ms: number } | number> }
    return Object.fromEntries(
      Object.entries(steps).map(([step, time]) => [step, typeof time === 'number' ? time : time.ms]),
    )
  }
  return {}
}

/** From the output of `add --json`. Throws if a document failed: a benchmark of failures measures nothing. */
export function added({ stdout }: Ran, expected: number): AddResult {
  const result = JSON.parse(stdout) as AddResult
  if (result.added.length !== expected || result.failed.length > 0) {
    throw new Error(
      `${result.added.length} of ${expected} documents were added: ${JSON.stringify(result.failed[0] ?? result.stopped)}`,
    )
  }
  return result
}
