// The record of a closed review: a commit on a ref of kbgit's own, which nothing checks out and no push takes along. It keeps
// what was rejected, and tells which numbers were given.
import { identityEnv, identLine, partsOf, type Identity } from '../../commit/identity.ts'
import { REVIEW_RECORDS } from '../../core/review.ts'
import type { RefMove } from '../../commit/replacement.ts'
import type { Base } from '../../io/base.ts'
import type { ObjectReader } from '../../io/git/objects.ts'
import type { OpenReview } from './branches.ts'

export type Closing = { outcome: 'accept' | 'reject'; reason?: string | undefined }

/** The commit that records it, and how the ref of the records moves to it. */
export async function recordOf(
  base: Base,
  { objects, identity }: { objects: ObjectReader; identity: Identity },
  { number, tip }: OpenReview,
  { outcome, reason }: Closing,
): Promise<{ record: string; move: RefMove }> {
  const before = await objects.resolve(REVIEW_RECORDS)
  const earlier = before === undefined ? '' : await base.git.text(['log', '-1', '--format=%B', before])
  const last = Math.max(number, Number(/^Kbgit-Review-Last: (\d{1,9})$/m.exec(earlier)?.[1] ?? 0))
  const text = reason === undefined ? '' : `\n${reason.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ').trim()}\n`
  const message = `review: ${outcome} ${number}\n${text}\nKbgit-Review: ${number}\nKbgit-Review-Last: ${last}\n`
  const [author, committer] = [identity.author, identity.committer].map((who) => partsOf(identLine(who, base.clock)))
  const parents = [...(before === undefined ? [] : [before]), tip].flatMap((parent) => ['-p', parent])
  const record = await base.git.text(['commit-tree', `${tip}^{tree}`, ...parents, '-F', '-'], {
    input: message,
    env: { ...identityEnv('AUTHOR', author), ...identityEnv('COMMITTER', committer) },
  })
  const none = '0'.repeat(base.repository.oidLength)
  return { record, move: { name: REVIEW_RECORDS, old: before ?? none, new: record } }
}
