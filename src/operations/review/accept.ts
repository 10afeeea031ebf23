// `kbgit review accept`: a review, or some of its documents, come into the current branch by a merge with kbgit's merge
// driver. The branch, the review's branch and the record of closed reviews move together.
import { isAncestor, type Head } from '../../commit/head.ts'
import { openWriter, type OpenWriter } from '../../commit/open-writer.ts'
import type { Session } from '../../commit/session.ts'
import { KbError } from '../../core/errors.ts'
import type { AcceptOptions } from '../../core/options.ts'
import type { ReviewAcceptResult } from '../../core/results.ts'
import { reviewBranch, shortBranch } from '../../core/review.ts'
import { readMessage, runOf } from '../../core/transaction/commit-message.ts'
import type { Base } from '../../io/base.ts'
import { clearStaleRefLocks } from '../../io/git/ref-locks.ts'
import { followDocuments } from '../ingest/overviews.ts'
import { bringIn } from '../merge/bring-in.ts'
import { isPlain, putInPlace } from '../merge/put-in-place.ts'
import { mergeCommit } from '../sync/merge-commit.ts'
import { openReview, wasAccepted, type OpenReview } from './branches.ts'
import { commitsOfReview } from './commits.ts'
import { readReview, type ReadReview } from './list.ts'
import { pickDocuments } from './pick.ts'
import { recordOf } from './record.ts'

/** Throws `KbError`: `notFound`, `rolledBack` for a conflict, `repositoryBusy` if files would be overwritten. */
export async function acceptReview(
  base: Base,
  number: number,
  { documents, signal }: AcceptOptions = {},
): Promise<ReviewAcceptResult> {
  await using tools = await openWriter({ base, command: 'review', signal })
  return await tools.writer.locked(async (session) => {
    const head = await session.head()
    if (await wasAccepted(base, number)) return await finishAccepted(base, tools, session, { number, head })
    const review = await openReview(base, number)
    await clearStaleRefLocks(base.repository, review.ref, [review.tip])
    return new Acceptance(base, tools, review, head).run(session, documents)
  })
}

/** Front page and overviews, which may be missing if kbgit died after it had moved the branch. */
async function finishAccepted(
  base: Base,
  tools: OpenWriter,
  session: Session,
  { number, head }: { number: number; head: Head },
): Promise<ReviewAcceptResult> {
  const before = head.commit ?? ''
  await tools.align(before)
  await bringIn(base, tools, session)
  const pages = await followDocuments(base, tools, session)
  return {
    number,
    branch: shortBranch(reviewBranch(number)),
    accepted: [],
    left: [],
    before,
    commit: (await tools.tip()) ?? before,
    closed: true,
    kept: [],
    overviews: { pages, due: tools.catalog.overviewsDue(DUE_MAX).length },
  }
}

/** More are not counted. */
const DUE_MAX = 1_000

/** `follows`: front page, themes and overviews follow from what both branches have; undone together with it. */
type Coming = { after: string; accepted: string[]; closes: boolean; follows: boolean }

class Acceptance {
  readonly #base: Base
  readonly #tools: OpenWriter
  readonly #review: OpenReview
  readonly #head: Head
  readonly #id: string

  constructor(base: Base, tools: OpenWriter, review: OpenReview, head: Head) {
    this.#base = base
    this.#tools = tools
    this.#review = review
    this.#head = head
    this.#id = base.clock.random()
  }

  async run(session: Session, documents: string[] | undefined): Promise<ReviewAcceptResult> {
    const { number, ref } = this.#review
    const read = await readReview(this.#base, this.#tools.objects, this.#review)
    const coming = documents === undefined ? await this.#whole(read) : await this.#some(read, documents)
    const kept = await this.#move(coming)
    const left = read.summary.documents.filter((name) => !coming.accepted.includes(name))
    await this.#tools.align((await this.#tools.tip()) ?? coming.after)
    await bringIn(this.#base, this.#tools, session)
    // A branch that moves forward brings its own.
    const pages = !coming.follows ? 0 : await followDocuments(this.#base, this.#tools, session)
    return {
      number,
      branch: shortBranch(ref),
      accepted: coming.accepted,
      left: coming.closes ? [] : left,
      before: this.#before,
      commit: (await this.#tools.tip()) ?? coming.after,
      closed: coming.closes,
      kept,
      overviews: { pages, due: this.#tools.catalog.overviewsDue(DUE_MAX).length },
    }
  }

  get #before(): string {
    return this.#head.commit ?? ''
  }

  /** Of the run whose next ones are numbered from 1. */
  get #transaction(): string {
    return `${this.#tools.run}-0`
  }

  async #whole({ summary }: ReadReview): Promise<Coming> {
    const { tip } = this.#review
    const accepted = summary.documents
    if (summary.merged) return { after: this.#before, accepted, closes: true, follows: false }
    if (await isAncestor(this.#base.git, this.#before, tip))
      return { after: tip, accepted, closes: true, follows: false }
    const commits = await commitsOfReview(this.#base, { from: summary.base, tip })
    const runs = commits.flatMap(({ message }) => readMessage(message).transaction ?? []).map((one) => runOf(one))
    const after = await mergeCommit(this.#base, this.#tools.identity, {
      id: this.#transaction,
      ours: this.#before,
      theirs: tip,
      name: summary.branch,
      scratch: this.#tools.staging.folder(),
      message: {
        subject: `merge: review ${summary.number}`,
        trailers: [
          ...[...new Set(runs)].map((run): [string, string] => ['Kbgit-Accepted', run]),
          ['Kbgit-Review', String(summary.number)],
        ],
      },
      hint: (name) =>
        `Merge by hand: git merge ${name}, solve the conflicts and commit; "kbgit review accept" then closes it.`,
    })
    return { after, accepted, closes: true, follows: true }
  }

  /** These documents on top of the current branch. What else the review changes stays on it. */
  async #some({ summary, documents }: ReadReview, names: string[]): Promise<Coming> {
    const waiting = new Set(summary.documents)
    for (const name of names) {
      if (waiting.has(name)) continue
      const isIn = documents.some((document) => document.name === name)
      throw new KbError('notFound', `Review ${summary.number} has no document "${name}" that is waiting.`, {
        hint: isIn ? 'The current branch has it already.' : `It has: ${summary.documents.slice(0, 10).join(', ')}.`,
      })
    }
    const { base: from, number } = summary
    const { tip } = this.#review
    const commits = await commitsOfReview(this.#base, { from, tip })
    const { tip: after, picked } = await pickDocuments(
      this.#base,
      this.#tools,
      { from, tip, commits, documents },
      {
        names,
        onto: this.#before,
        transaction: this.#transaction,
        number,
      },
    )
    const others = commits.some(({ documents: named, operation }) => named.length === 0 && operation !== 'overview')
    const accepted = picked.filter((name) => waiting.has(name))
    return {
      after,
      accepted,
      follows: true,
      closes: !others && summary.documents.every((name) => accepted.includes(name)),
    }
  }

  /** Returns the paths where a user's edit was kept. */
  async #move({ after, closes }: Coming): Promise<string[]> {
    const { ref, tip: reviewed, number } = this.#review
    const before = this.#before
    const what = `review ${number}`
    if (!(await isPlain(this.#base, this.#tools, { before, after, what, again: 'kbgit review accept' })))
      throw new KbError('rolledBack', `Review ${number} changes links or submodules, which kbgit does not place.`, {
        hint: `Merge it with git: git merge ${shortBranch(ref)}.`,
      })
    const closing = closes ? [{ name: ref, old: reviewed, new: null }] : []
    const { move } = await recordOf(this.#base, this.#tools, this.#review, { outcome: 'accept' })
    const { kept } = await putInPlace(this.#base, this.#tools, {
      id: this.#id,
      tip: after === before ? undefined : after, // No commit names this transaction.
      branch: this.#head.branch,
      before,
      after,
      refs: [
        ...(after === before ? [] : [{ name: this.#head.branch, old: before, new: after }]),
        ...(closes ? [move] : []),
        ...closing,
      ],
      together: true,
      message: `kbgit: accept review ${number}`,
    })
    return kept
  }
}
