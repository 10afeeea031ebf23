// What commits did, in the words of documents.
import { readMessage } from '../../core/transaction/commit-message.ts'
import type { SyncedCommits } from '../../core/results.ts'
import type { Base } from '../../io/base.ts'

/** The commits that `to` has and `from` lacks; `from` null: all of them. */
export async function whatCame(base: Base, from: string | null, to: string): Promise<SyncedCommits> {
  const range = from === null ? [to] : [to, `^${from}`]
  const log = await base.git.text(['log', '-z', '--no-merges', '--reverse', '--format=%an%n%B', ...range, '--'])
  const documents = new Map<string, SyncedCommits['documents'][number]>()
  const authors = new Set<string>()
  const commits = log.split('\0').filter((text) => text !== '')
  for (const text of commits) {
    const end = text.indexOf('\n')
    const author = text.slice(0, end)
    authors.add(author)
    const facts = readMessage(text.slice(end + 1))
    if (facts.transaction === undefined) continue
    for (const name of facts.documents) {
      // The last commit tells what became of it; an added document that was updated is still a new one.
      const before = documents.get(name)
      const operation = before?.operation === 'add' && facts.operation !== 'remove' ? 'add' : facts.operation
      documents.set(name, { name, operation, author })
    }
  }
  return { commits: commits.length, documents: [...documents.values()], authors: [...authors].sort() }
}
