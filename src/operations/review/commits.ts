// The commits of a review that the current branch lacks.
import { readMessage, type Operation } from '../../core/transaction/commit-message.ts'
import type { Base } from '../../io/base.ts'

export type ReviewCommit = {
  oid: string
  parent: string
  author: string
  /** ISO 8601. */
  date: string
  operation: Operation
  subject: string
  documents: string[]
  agent: string | undefined
  message: string
}

/** Oldest first; merges made by hand are left out. */
export async function commitsOfReview(
  { git }: Base,
  { from, tip }: { from: string; tip: string },
): Promise<ReviewCommit[]> {
  const format = '%H%x00%P%x00%an%x00%aI%x00%B%x01'
  const log = await git.text(['log', '--no-merges', '--reverse', `--format=${format}`, tip, `^${from}`, '--'])
  return log.split('\x01').flatMap((entry): ReviewCommit[] => {
    const [oid = '', parents = '', author = '', date = '', message = ''] = entry.replace(/^\n/, '').split('\0')
    const [parent = ''] = parents.split(' ')
    if (oid === '' || parent === '') return []
    const { operation, documents, text, agent } = readMessage(message)
    return [{ oid, parent, author, date, operation, subject: text.split('\n', 1)[0] ?? '', documents, agent, message }]
  })
}
