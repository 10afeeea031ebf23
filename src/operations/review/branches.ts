// The branches of open reviews, and the number of the next one.
import type { BranchChoice } from '../../commit/other-branch.ts'
import { KbError } from '../../core/errors.ts'
import type { ReviewRef } from '../../core/results.ts'
import { REVIEW_BRANCHES, REVIEW_RECORDS, reviewBranch, reviewNumber, shortBranch } from '../../core/review.ts'
import { headRevision, type Base } from '../../io/base.ts'

export type OpenReview = { number: number; ref: string; tip: string }

/** By number. */
export async function openReviews({ git }: Base): Promise<OpenReview[]> {
  const listed = await git.text(['for-each-ref', '--format=%(objectname) %(refname)', `${REVIEW_BRANCHES}/`])
  const reviews = listed.split('\n').flatMap((line): OpenReview[] => {
    const [tip = '', ref = ''] = line.split(' ')
    const number = reviewNumber(ref)
    return number === undefined ? [] : [{ number, ref, tip }]
  })
  return reviews.sort((a, b) => a.number - b.number)
}

/** Throws `KbError` (`notFound`). */
export async function openReview(base: Base, number: number): Promise<OpenReview> {
  const open = await openReviews(base)
  const found = open.find((review) => review.number === number)
  if (found === undefined)
    throw new KbError('notFound', `There is no open review ${number}.`, {
      hint: open.length === 0 ? 'No review is open.' : `Open: ${open.map((review) => review.number).join(', ')}.`,
    })
  return found
}

/** Whether a review that is no longer open came in whole. */
export async function wasAccepted(base: Base, number: number): Promise<boolean> {
  if ((await openReviews(base)).some((review) => review.number === number)) return false
  const pattern = `--grep=^review: accept ${number}$`
  const args = ['log', '-1', '--first-parent', '--format=%H', '--basic-regexp', pattern, REVIEW_RECORDS, '--']
  return (await base.git.text(args, { ok: [0, 128] })) !== ''
}

/** As results name it. */
export function reviewOf(ref: string): ReviewRef {
  return { number: reviewNumber(ref) ?? 0, branch: shortBranch(ref) }
}

/** A new review of what the current branch has. */
export function newReview(base: Base): BranchChoice {
  return { branch: null, choose: () => nextBranch(base), from: headRevision(base) }
}

/** A number that no review here, or known at a remote, has or had. */
async function nextBranch({ git }: Base): Promise<string> {
  const patterns = [`${REVIEW_BRANCHES}/`, 'refs/remotes/*/kbgit/review/*']
  const refs = await git.text(['for-each-ref', '--format=%(refname)', ...patterns])
  const closed = await git.text(['log', '-1', '--format=%B', REVIEW_RECORDS, '--'], { ok: [0, 128] })
  const last = Number(/^Kbgit-Review-Last: (\d{1,9})$/m.exec(closed)?.[1] ?? 0)
  return reviewBranch(Math.max(last, ...refs.split('\n').map((ref) => reviewNumber(ref) ?? 0)) + 1)
}
