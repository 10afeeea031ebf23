// `kbgit add --push`: many machines feed one remote. Documents are committed here first; then what others have pushed is
// merged and everything is pushed, again and again if somebody else is faster.
import { headBranch } from '../../commit/head.ts'
import { KbError } from '../../core/errors.ts'
import type { AddResult } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'
import { sync } from '../sync/sync.ts'
import { upstreamOf } from '../sync/upstream.ts'
import { add } from './add.ts'
import type { AddRequest } from './add-request.ts'
import { stoppedBy } from './stopped.ts'

/** Attempts to push, so that a fleet of machines gets its turns. */
const PUSHES_MAX = 24

/**
 * Like `add`. If the push fails, the documents are in here, and `stopped` says why. Throws `KbError` (`usage`) without a
 * remote, before anything is added.
 */
export async function addAndPush(base: Base, inputs: string[], options: AddRequest): Promise<AddResult> {
  const started = performance.now()
  if (options.review === true)
    throw new KbError('usage', 'A review is not pushed by kbgit: --review and --push do not go together.', {
      hint: 'Push its branch with git: git push <remote> kbgit/review/<n>.',
    })
  await upstreamOf(base, base.branch ?? (await headBranch(base)) ?? '', undefined)
  const result = await add(base, inputs, options)
  if (options.dryRun === true || result.review !== undefined || result.stopped !== undefined) return result
  const { signal, onProgress, command } = options
  try {
    const { remote, branch, head, attempts } = await sync(base, { signal, onProgress, command, pushesMax: PUSHES_MAX })
    result.push = { remote, branch, head, attempts }
    result.head = head
  } catch (error) {
    result.stopped = stoppedBy(error, signal)
  }
  result.elapsedMs = Math.round(performance.now() - started)
  return result
}
