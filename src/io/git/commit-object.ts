// A commit's header and message, as bytes. https://git-scm.com/docs/git-commit-tree, "Commit information"
import { KbError } from '../../core/errors.ts'
import type { ObjectReader } from './objects.ts'

/** Signatures and unknown header lines are not kept: a signature would not hold for another tree or parent. */
export type CommitParts = {
  /** `Name <email> seconds zone`, in the commit's encoding. */
  author: Buffer
  committer: Buffer
  encoding?: string | undefined
  message: Buffer
}

/** Throws `KbError` (`gitFailed`) if it does not exist. */
export async function readCommitObject(objects: ObjectReader, oid: string): Promise<CommitParts> {
  const body = await objects.read(oid)
  if (body === undefined) throw new KbError('gitFailed', `The commit ${oid} is missing.`, { hint: 'Run "git fsck".' })
  const end = body.indexOf('\n\n')
  const head = body.subarray(0, end === -1 ? body.length : end).toString('latin1')
  const line = (key: string): string | undefined => new RegExp(`^${key} (.*)$`, 'm').exec(head)?.[1]
  return {
    author: Buffer.from(line('author') ?? '', 'latin1'),
    committer: Buffer.from(line('committer') ?? '', 'latin1'),
    encoding: line('encoding'),
    message: end === -1 ? Buffer.alloc(0) : body.subarray(end + 2),
  }
}
