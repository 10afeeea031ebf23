import type { SyncResult } from '../../index.ts'
import { command } from '../command.ts'
import { onlyHereLine, shortCommit } from '../outcome.ts'
import { counted, inline } from '../text.ts'

export const sync = command({
  name: 'sync',
  usage: '[remote]',
  arity: [0, 1],
  details:
    'Fetches from the remote that the branch follows, merges with the merge driver of kbgit, and pushes. Nothing is changed\n' +
    'here if the two sides conflict or a file of yours would be overwritten. If somebody else pushes first, it tries again.',
  options: {},
  examples: [
    ['kbgit sync', 'exchange documents with the others'],
    ['kbgit sync backup', 'with the remote "backup"'],
  ],
  async run({ args, kb, signal, attended }) {
    const base = await kb()
    const result = await attended((onProgress) => base.sync({ remote: args[0], signal, onProgress }))
    return { value: result, message: say(result) }
  },
})

function say({ remote, branch, before, head, received, sent, large }: SyncResult): string {
  const lines = received.documents.map(
    ({ name, operation, author }) => `${operation} ${inline(name)} (${inline(author)})`,
  )
  const came = received.commits === 0 ? 'nothing new' : amount(received)
  const went = sent.commits === 0 ? 'nothing to send' : `sent ${amount(sent)}`
  const moved = before === head ? '' : ` This branch is at ${shortCommit(head)} now.`
  return [...lines, ...onlyHereLine(large), `${inline(remote)}/${inline(branch)}: ${came}, ${went}.${moved}`].join('\n')
}

function amount({ commits, documents, authors }: SyncResult['received']): string {
  const what = documents.length === 0 ? counted(commits, 'commit') : counted(documents.length, 'document')
  return `${what} by ${counted(authors.length, 'author')}`
}
