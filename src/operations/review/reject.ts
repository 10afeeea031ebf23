// `kbgit review reject`: the branch goes, and why is recorded with what it had.
import { openWriter } from '../../commit/open-writer.ts'
import { moveRefsOnly } from '../../commit/move-branch.ts'
import type { RefMove } from '../../commit/replacement.ts'
import type { ReviewRejectResult } from '../../core/results.ts'
import { shortBranch } from '../../core/review.ts'
import type { Base } from '../../io/base.ts'
import { clearStaleRefLocks } from '../../io/git/ref-locks.ts'
import { openReview } from './branches.ts'
import { recordOf } from './record.ts'

/** Throws `KbError` (`notFound`). */
export async function rejectReview(base: Base, number: number, reason: string): Promise<ReviewRejectResult> {
  await using tools = await openWriter({ base, command: 'review' })
  return await tools.writer.locked(async () => {
    const review = await openReview(base, number)
    await clearStaleRefLocks(base.repository, review.ref, [review.tip])
    const { record, move } = await recordOf(base, tools, review, { outcome: 'reject', reason })
    // The record is what keeps the commits: it comes first.
    const moves: RefMove[] = [move, { name: review.ref, old: review.tip, new: null }]
    const id = base.clock.random()
    const { name: branch, old, new: tip } = move
    await moveRefsOnly(base, {
      id,
      branch,
      before: old,
      tip: tip ?? '',
      refs: moves,
      message: `kbgit: reject review ${number}`,
    })
    return { number, branch: shortBranch(review.ref), head: review.tip, reason, record }
  })
}
