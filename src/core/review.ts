// Reviews: changes on ordinary branches of their own, which wait to be accepted or rejected.
import type { Config } from './config.ts'

export const REVIEW_BRANCHES = 'refs/heads/kbgit/review'
/** A chain of commits, one for each review that was closed, newest first. Its commits keep what was rejected. */
export const REVIEW_RECORDS = 'refs/kbgit/reviews'

export function reviewBranch(number: number): string {
  return `${REVIEW_BRANCHES}/${number}`
}

/** The number of a review's branch, here or at a remote; undefined for any other ref. */
export function reviewNumber(ref: string): number | undefined {
  const digits = /^refs\/(?:heads|remotes\/[^\0]+)\/kbgit\/review\/([1-9]\d{0,8})$/.exec(ref)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

export function shortBranch(ref: string): string {
  return ref.replace(/^refs\/heads\//, '')
}

/** Whether a change needs a review. `agent`: it comes from one; `model`: one wrote it. */
export function needsReview({ review }: Pick<Config, 'review'>, by: { agent: boolean; model: boolean }): boolean {
  switch (review) {
    case 'never':
      return false
    case 'agents':
      return by.agent
    case 'models':
      return by.agent || by.model
    case 'always':
      return true
  }
}
