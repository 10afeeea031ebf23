// `kbgit review list`: the open reviews.
import { isAncestor } from '../../commit/head.ts'
import { KbError } from '../../core/errors.ts'
import type { ReviewListResult, ReviewSummary } from '../../core/results.ts'
import { shortBranch } from '../../core/review.ts'
import { headRevision, type Base } from '../../io/base.ts'
import { requireGit } from '../../io/git/git.ts'
import { ObjectReader } from '../../io/git/objects.ts'
import { openReviews, type OpenReview } from './branches.ts'
import { commitsOfReview } from './commits.ts'
import { documentsOfReview, type DocumentOfReview } from './documents.ts'

/** Documents that a summary names. */
const NAMED_MAX = 1_000

export async function listReviews(base: Base): Promise<ReviewListResult> {
  requireGit(base)
  await using objects = new ObjectReader(base.git)
  const reviews: ReviewSummary[] = []
  for (const review of await openReviews(base)) reviews.push((await readReview(base, objects, review)).summary)
  return { reviews }
}

export type ReadReview = { summary: ReviewSummary; documents: DocumentOfReview[]; head: string }

/** Throws `KbError` (`gitFailed`) if it has no history in common with the current branch. */
export async function readReview(base: Base, objects: ObjectReader, review: OpenReview): Promise<ReadReview> {
  const head = (await objects.resolve(headRevision(base))) ?? ''
  const from = await base.git.text(['merge-base', head, review.tip], { ok: [0, 1] })
  if (from === '')
    throw new KbError('gitFailed', `${shortBranch(review.ref)} has no history in common with the current branch.`, {
      hint: `Delete it with git: git branch -D ${shortBranch(review.ref)}.`,
    })
  const [commits, merged, documents] = await Promise.all([
    commitsOfReview(base, { from, tip: review.tip }),
    isAncestor(base.git, review.tip, head),
    documentsOfReview(base, objects, { from, tip: review.tip, head }),
  ])
  const last = commits.at(-1)
  const waiting = documents.filter(({ accepted }) => !accepted).map(({ name }) => name)
  const summary: ReviewSummary = {
    number: review.number,
    branch: shortBranch(review.ref),
    head: review.tip,
    base: from,
    author: last?.author ?? '',
    date: last?.date ?? '',
    commits: commits.length,
    documents: waiting.slice(0, NAMED_MAX),
    agents: [...new Set(commits.flatMap(({ agent }) => agent ?? []))].sort(),
    reasons: commits.filter(({ operation }) => operation === 'propose').map(({ subject }) => reasonIn(subject)),
    merged,
  }
  return { summary, documents, head }
}

function reasonIn(subject: string): string {
  return subject.replace(/^propose: */, '')
}
